import { connect, type TLSSocket } from "node:tls";

/** A raw HTTP/2 client that can send what no honest one would. */
export interface RawHttp2 {
  readonly socket: TLSSocket;
  /** Frames received: type, flags, stream, payload. */
  readonly frames: { type: number; flags: number; id: number; payload: Buffer }[];
  readonly isClosed: () => boolean;
  send(type: number, flags: number, id: number, payload?: Uint8Array): void;
  /** Resolves when a frame of this kind has come, or the connection has ended. */
  until(check: () => boolean): Promise<void>;
  /** Error code of the GOAWAY received; -1 if none. */
  goAway(): number;
  end(): void;
}

export function frameOf(
  type: number,
  flags: number,
  id: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

/** `:method: GET`, `:scheme: https`, `:path`, without a table. */
export function getHead(path: string): Buffer {
  return Buffer.concat([Buffer.of(0x82, 0x87, 0x04, path.length), Buffer.from(path, "latin1")]);
}

export async function openRawHttp2(port: number, ca: string): Promise<RawHttp2> {
  const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca, ALPNProtocols: ["h2"] });
  await new Promise<void>((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  socket.setNoDelay(true);
  const frames: { type: number; flags: number; id: number; payload: Buffer }[] = [];
  let bytes = Buffer.alloc(0);
  let closed = false;
  socket.on("data", (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const end = 9 + bytes.readUIntBE(0, 3);
      frames.push({
        type: bytes[3] as number,
        flags: bytes[4] as number,
        id: bytes.readUInt32BE(5),
        payload: bytes.subarray(9, end),
      });
      bytes = bytes.subarray(end);
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    closed = true;
  });
  const raw: RawHttp2 = {
    socket,
    frames,
    isClosed: () => closed,
    send: (type, flags, id, payload) => void socket.write(frameOf(type, flags, id, payload)),
    async until(check) {
      for (let i = 0; i < 1000 && !check() && !closed; i++)
        await new Promise((resolve) => setTimeout(resolve, 5));
    },
    goAway: () => frames.find((frame) => frame.type === 7)?.payload.readUInt32BE(4) ?? -1,
    end: () => void socket.destroy(),
  };
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  raw.send(4, 0, 0);
  await raw.until(() => frames.some((frame) => frame.type === 4 && frame.flags === 0));
  raw.send(4, 1, 0);
  return raw;
}
