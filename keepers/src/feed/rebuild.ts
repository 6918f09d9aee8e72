import { bytesEqual, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { emptyHash, RouteMap, traceUpdates, verifyUpdate } from "@tolldns/sdk/routes";
import { decodeEpochCar } from "./car.ts";
import { fail } from "./errors.ts";

/** A root that was made anew from nothing but published updates. */
export interface RebuiltRoot {
  readonly epoch: bigint;
  readonly root: Uint8Array;
  readonly updatesRoot: Uint8Array;
  /** Updates in the epoch, and names in the map after it. */
  readonly count: number;
  readonly names: number;
}

export interface RebuildOptions {
  /** Of hashDomain, 32 bytes. */
  readonly domain: Uint8Array;
  readonly verify: VerifyEd25519;
}

/**
 * Makes every root from the CAR files of final epochs, first to last, and tells each; compare them with the chain. Stalled and rejected
 * epochs have no file. Signatures are checked, owners are not: who owned a name then, only the chain of then knew.
 * @throws car-invalid, rebuild-broken at the first file that is out of order, forged, or leads elsewhere than it says
 * @example for await (const { epoch, root } of rebuildRoots(files, { domain, verify })) console.log(epoch, toHex(root));
 */
export async function* rebuildRoots(
  files: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { domain, verify }: RebuildOptions,
): AsyncGenerator<RebuiltRoot> {
  const map = RouteMap.create();
  let last = 0n;
  let root = emptyHash();
  for await (const bytes of files) {
    const file = decodeEpochCar(bytes, domain);
    const epoch = String(file.epoch);
    const refuse = (reason: string, cause?: unknown) => fail("rebuild-broken", { epoch, reason }, cause);
    if (file.epoch <= last) throw refuse(`it does not come after ${last}`);
    if (!bytesEqual(file.previousRoot, root)) throw refuse(`the root before is not ${toHex(root)}`);
    for (const signed of file.updates)
      if (!verifyUpdate(signed, domain, verify))
        throw refuse(`an update of ${toHex(signed.update.nameHash)} is forged`);
    let trace: ReturnType<typeof traceUpdates>;
    try {
      trace = traceUpdates(map, file.updates, domain);
    } catch (error) {
      throw refuse(error instanceof Error ? error.message : String(error), error);
    }
    if (!bytesEqual(trace.root, file.root)) throw refuse(`its updates lead to ${toHex(trace.root)}`);
    if (!bytesEqual(trace.list.root, file.updatesRoot)) throw refuse("its updates root is another");
    last = file.epoch;
    root = trace.root;
    const count = file.updates.length;
    yield { epoch: last, root, updatesRoot: trace.list.root, count, names: map.size };
  }
}
