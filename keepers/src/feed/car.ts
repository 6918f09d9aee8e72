import { CarBufferReader, CarBufferWriter } from "@ipld/car";
import * as dagCbor from "@ipld/dag-cbor";
import { bytesEqual, toHex } from "@tolldns/sdk";
import { decodeBody, encodeBody, sha256, type UpdateBody } from "@tolldns/sdk/routes";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createDigest } from "multiformats/hashes/digest";
import { fail } from "./errors.ts";

/** An epoch as its CAR file tells it. */
export interface EpochFile {
  readonly epoch: bigint;
  readonly previousRoot: Uint8Array;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  /** In the order of the trace, that of name hashes. */
  readonly updates: readonly UpdateBody[];
}

/** Multihash code of SHA-256. */
const SHA2_256 = 0x12;

/**
 * CARv1 of an epoch: a dag-cbor root block `{ epoch, previousRoot, root, updatesRoot, updates: [link] }` and a raw block of each signed
 * update in its order. The same epoch makes the same bytes, whoever writes it.
 */
export function encodeEpochCar(file: EpochFile, domain: Uint8Array): { bytes: Uint8Array; cid: string } {
  const blocks = file.updates.map((body) => {
    const bytes = encodeBody(body, domain);
    return { cid: cidOf(raw.code, bytes), bytes };
  });
  const { epoch, previousRoot, root, updatesRoot } = file;
  const head = dagCbor.encode({
    epoch,
    previousRoot,
    root,
    updatesRoot,
    updates: blocks.map(({ cid }) => cid),
  });
  const top = { cid: cidOf(dagCbor.code, head), bytes: head };
  const all = [top, ...blocks];
  const size =
    CarBufferWriter.headerLength({ roots: [top.cid] }) +
    all.reduce((sum, block) => sum + CarBufferWriter.blockLength(block), 0);
  const writer = CarBufferWriter.createWriter(new ArrayBuffer(size), { roots: [top.cid] });
  for (const block of all) writer.write(block);
  return { bytes: writer.close(), cid: top.cid.toString() };
}

/** Reads a CAR file; every block is held against its CID, and every update must be one. @throws car-invalid */
export function decodeEpochCar(bytes: Uint8Array, domain: Uint8Array): EpochFile {
  let epoch = "?";
  const refuse = (reason: string, cause?: unknown) => fail("car-invalid", { epoch, reason }, cause);
  try {
    const reader = CarBufferReader.fromBytes(bytes);
    const [top, ...more] = reader.getRoots();
    if (top === undefined || more.length > 0) throw refuse("not one root");
    const blocks = new Map<string, Uint8Array>();
    for (const block of reader.blocks()) {
      if (
        !bytesEqual(block.cid.multihash.digest, sha256(block.bytes)) ||
        block.cid.multihash.code !== SHA2_256
      )
        throw refuse("a block does not have its hash");
      blocks.set(toHex(block.cid.bytes), block.bytes);
    }
    const read = (cid: CID, codec: number) => {
      const block = blocks.get(toHex(cid.bytes));
      if (block === undefined || cid.code !== codec) throw refuse("a block is missing");
      return block;
    };
    const head = dagCbor.decode<Record<string, unknown>>(read(top, dagCbor.code));
    epoch = String(head.epoch);
    const hash = (field: string) => {
      const value = head[field];
      if (!(value instanceof Uint8Array) || value.length !== 32) throw refuse(field);
      return value;
    };
    if (!Array.isArray(head.updates)) throw refuse("updates");
    const updates = head.updates.map((link) => {
      const cid = CID.asCID(link);
      if (cid === null) throw refuse("a link is none");
      return decodeBody(read(cid, raw.code), domain);
    });
    return {
      epoch: BigInt(head.epoch as number | bigint),
      previousRoot: hash("previousRoot"),
      root: hash("root"),
      updatesRoot: hash("updatesRoot"),
      updates,
    };
  } catch (error) {
    if ((error as { code?: unknown }).code === "car-invalid") throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}

function cidOf(codec: number, bytes: Uint8Array): CID {
  return CID.createV1(codec, createDigest(SHA2_256, sha256(bytes)));
}
