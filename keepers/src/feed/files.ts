import { mkdirSync, readdirSync, unlinkSync } from "node:fs";
import { open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { CarBufferReader } from "@ipld/car";
import { toHex } from "@tolldns/sdk";
import { decodeBody, type UpdateBody } from "@tolldns/sdk/routes";
import { encodeEpochCar } from "./car.ts";
import type { FeedStore } from "./store/open.ts";
import { readTrace } from "./votes.ts";

/** CAR files of final epochs, beside the store. */
export interface EpochFiles {
  /** Path and size of an epoch's file, made if it can be; null if this feed doesn't have the epoch. */
  find(epoch: bigint): Promise<{ readonly path: string; readonly size: number; readonly cid: string } | null>;
  write(epoch: bigint): Promise<void>;
  /** Removes files of epochs before this one. */
  prune(before: bigint): void;
}

export function createEpochFiles(folder: string, store: FeedStore, domain: Uint8Array): EpochFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const cids = new Map<bigint, string>();
  const pathOf = (epoch: bigint) => join(folder, `${epoch}.car`);

  async function make(epoch: bigint): Promise<boolean> {
    const record = await store.epochs.read(epoch);
    if (record?.trace == null || record.status !== "final") return false;
    const updates: UpdateBody[] = [];
    for (const { authHash } of readTrace(record.trace)) {
      const [row] = await store.updates.find([authHash]);
      if (row === undefined || toHex(row.authHash) !== toHex(authHash)) return false;
      updates.push(decodeBody(row.body, domain));
    }
    const { bytes, cid } = encodeEpochCar({ ...record, updates }, domain);
    // Whoever finds the file finds it whole.
    const file = await open(`${pathOf(epoch)}.new`, "w", 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(`${pathOf(epoch)}.new`, pathOf(epoch));
    remember(epoch, cid);
    return true;
  }

  function remember(epoch: bigint, cid: string): void {
    if (cids.size >= 1_000) cids.delete(cids.keys().next().value as bigint);
    cids.set(epoch, cid);
  }

  async function look(epoch: bigint) {
    const path = pathOf(epoch);
    const found = await stat(path).catch(() => null);
    if (found === null) return null;
    let cid = cids.get(epoch);
    if (cid === undefined) {
      cid =
        CarBufferReader.fromBytes(await readFile(path))
          .getRoots()[0]
          ?.toString() ?? "";
      remember(epoch, cid);
    }
    return { path, size: found.size, cid };
  }

  return {
    find: async (epoch) => (await look(epoch)) ?? ((await make(epoch)) ? look(epoch) : null),
    write: async (epoch) => {
      await make(epoch);
    },
    prune: (before) => {
      for (const name of readdirSync(folder)) {
        const number = /^(\d+)\.car$/.exec(name)?.[1];
        if (number !== undefined && BigInt(number) < before) unlinkSync(join(folder, name));
      }
    },
  };
}
