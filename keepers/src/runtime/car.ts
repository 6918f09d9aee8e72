import { CarBufferReader, CarBufferWriter } from "@ipld/car";
import * as dagCbor from "@ipld/dag-cbor";
import { bytesEqual, toHex } from "@tolldns/sdk";
import { sha256Node } from "@tolldns/sdk/node";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createDigest } from "multiformats/hashes/digest";

/** Multihash code of SHA-256. */
const SHA2_256 = 0x12;

/** A block and its name. */
export interface Block {
  readonly cid: CID;
  readonly bytes: Uint8Array;
}

/** A block of bytes as they are. */
export const rawBlock = (bytes: Uint8Array): Block => ({ cid: cidOf(raw.code, bytes), bytes });

/**
 * CARv1 of a dag-cbor root block and the blocks it links to, in their order, one that stands there twice once. The same contents make the same bytes, whoever writes them.
 */
export function writeCar(head: unknown, blocks: readonly Block[]): { bytes: Uint8Array; cid: string } {
  const encoded = dagCbor.encode(head);
  const top = { cid: cidOf(dagCbor.code, encoded), bytes: encoded };
  const seen = new Set<string>();
  const all = [top, ...blocks].filter(({ cid }) => !seen.has(toHex(cid.bytes)) && seen.add(toHex(cid.bytes)));
  const size =
    CarBufferWriter.headerLength({ roots: [top.cid] }) +
    all.reduce((sum, block) => sum + CarBufferWriter.blockLength(block), 0);
  const writer = CarBufferWriter.createWriter(new ArrayBuffer(size), { roots: [top.cid] });
  for (const block of all) writer.write(block);
  return { bytes: writer.close(), cid: top.cid.toString() };
}

/** What a CAR file holds. */
export interface ReadCar {
  readonly head: Record<string, unknown>;
  /** The bytes of a raw block that is linked to. Throws an Error if the link is none or its block is missing. */
  read(link: unknown): Uint8Array;
}

/** Reads a CAR file; every block is held against its CID. Throws an Error that says what is wrong. */
export function readCar(bytes: Uint8Array): ReadCar {
  const reader = CarBufferReader.fromBytes(bytes);
  const [top, ...more] = reader.getRoots();
  if (top === undefined || more.length > 0) throw new Error("not one root");
  const blocks = new Map<string, Uint8Array>();
  for (const block of reader.blocks()) {
    if (
      block.cid.multihash.code !== SHA2_256 ||
      !bytesEqual(block.cid.multihash.digest, sha256Node(block.bytes))
    )
      throw new Error("a block does not have its hash");
    blocks.set(toHex(block.cid.bytes), block.bytes);
  }
  const read = (cid: CID, codec: number) => {
    const block = blocks.get(toHex(cid.bytes));
    if (block === undefined || cid.code !== codec) throw new Error("a block is missing");
    return block;
  };
  return {
    head: dagCbor.decode<Record<string, unknown>>(read(top, dagCbor.code)),
    read(link) {
      const cid = CID.asCID(link);
      if (cid === null) throw new Error("a link is none");
      return read(cid, raw.code);
    },
  };
}

function cidOf(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, createDigest(SHA2_256, sha256Node(bytes)));
}
