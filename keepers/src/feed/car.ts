import { decodeBody, encodeBody, type UpdateBody } from "@tolldns/sdk/routes";
import { rawBlock, readCar, writeCar } from "../runtime/car.ts";
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

/**
 * CARv1 of an epoch: a dag-cbor root block `{ epoch, previousRoot, root, updatesRoot, updates: [link] }` and a raw block of each signed
 * update in its order. The same epoch makes the same bytes, whoever writes it.
 */
export function encodeEpochCar(file: EpochFile, domain: Uint8Array): { bytes: Uint8Array; cid: string } {
  const blocks = file.updates.map((body) => rawBlock(encodeBody(body, domain)));
  const { epoch, previousRoot, root, updatesRoot } = file;
  return writeCar({ epoch, previousRoot, root, updatesRoot, updates: blocks.map(({ cid }) => cid) }, blocks);
}

/** Reads a CAR file; every block is held against its CID, and every update must be one. @throws car-invalid */
export function decodeEpochCar(bytes: Uint8Array, domain: Uint8Array): EpochFile {
  let epoch = "?";
  const refuse = (reason: string, cause?: unknown) => fail("car-invalid", { epoch, reason }, cause);
  try {
    const { head, read } = readCar(bytes);
    epoch = String(head.epoch);
    const hash = (field: string) => {
      const value = head[field];
      if (!(value instanceof Uint8Array) || value.length !== 32) throw refuse(field);
      return value;
    };
    if (!Array.isArray(head.updates)) throw refuse("updates");
    return {
      epoch: BigInt(head.epoch as number | bigint),
      previousRoot: hash("previousRoot"),
      root: hash("root"),
      updatesRoot: hash("updatesRoot"),
      updates: head.updates.map((link) => decodeBody(read(link), domain)),
    };
  } catch (error) {
    if ((error as { code?: unknown }).code === "car-invalid") throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}
