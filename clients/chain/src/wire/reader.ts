import { WireError } from "./transaction.ts";

/** Reads little-endian fields and Solana's compact-u16 from bytes, never past their end. */
export class Reader {
  offset = 0;
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  peek(): number | undefined {
    return this.bytes[this.offset];
  }

  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (end > this.bytes.length) throw new WireError("io error: unexpected end of file");
    const part = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  u16(): number {
    const b = this.take(2);
    return (b[0] as number) | ((b[1] as number) << 8);
  }

  u32(): number {
    return this.u16() + this.u16() * 0x10000;
  }

  u64(): bigint {
    return BigInt(this.u32()) | (BigInt(this.u32()) << 32n);
  }

  /** A compact-u16: seven bits a byte, at most three bytes, shortest form only. */
  compact(): number {
    let value = 0;
    for (let i = 0; i < 3; i++) {
      const byte = this.u8();
      value |= (byte & 0x7f) << (7 * i);
      if ((byte & 0x80) === 0) {
        if (i > 0 && byte === 0) throw new WireError("compact-u16 is not in its shortest form");
        if (value > 0xffff) throw new WireError("compact-u16 is too large");
        return value;
      }
    }
    throw new WireError("compact-u16 is too long");
  }

  since(start: number): Uint8Array {
    return this.bytes.subarray(start, this.offset);
  }

  end(): void {
    if (this.offset !== this.bytes.length) throw new WireError("trailing bytes after the transaction");
  }
}
