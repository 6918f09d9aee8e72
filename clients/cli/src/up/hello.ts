import type { RouteRecord } from "@tolldns/sdk/routes";
import { parseRecords } from "../names/edit.ts";
import { type Publisher, publishRecords, readStanding, waitUntilFinal } from "../names/publish.ts";
import { registerName } from "../names/registration.ts";

/** The name that `tolldns up` registers for the demo wallet. */
export const HELLO = "hello";

const ZONE = `@ 60 IN A 192.0.2.53
@ 60 IN AAAA 2001:db8::53
@ 60 IN TXT "Nobody but its owner can change this."
www 60 IN CNAME @
`;

/** Seconds to wait for an epoch; many are over by then. */
const PATIENCE = 3_600;

/** What became of the demo name. */
export interface HelloTold {
  readonly name: string;
  /** The epoch it is final in; null where it could not be made final. */
  readonly epoch: bigint | null;
  /** Seconds it took. */
  readonly seconds: number;
  /** Why not, where it is not. */
  readonly why: string | null;
}

export interface RunningHello {
  /** Told once; null when everything ended before. Never rejects. */
  readonly settled: Promise<HelloTold | null>;
  close(): Promise<void>;
}

/** Begins with it and returns at once: the first screen does not wait for an epoch. */
export function startHello(publisher: Publisher): RunningHello {
  const ending = new AbortController();
  const started = performance.now();
  const tell = (epoch: bigint | null, why: string | null): HelloTold => ({
    name: `${HELLO}.dns`,
    epoch,
    seconds: (performance.now() - started) / 1_000,
    why,
  });
  const settled = publishHello(publisher, ending.signal).then(
    (epoch) => tell(epoch, null),
    (error: unknown) =>
      ending.signal.aborted ? null : tell(null, error instanceof Error ? error.message : String(error)),
  );
  return {
    settled,
    async close() {
      ending.abort();
      await settled;
    },
  };
}

/**
 * Registers and publishes the demo name unless that is done, and waits until it is final.
 * @returns the epoch it is final in. @throws CliError, TollError; what `signal` aborts with
 */
export async function publishHello(publisher: Publisher, signal: AbortSignal): Promise<bigint> {
  const { data } = publisher;
  await ensureRegistered(publisher, data, signal);
  const standing = await readStanding(publisher, HELLO);
  const { generation } = standing.look.name;
  const { final } = standing;
  if (final?.entry?.generation === generation && final.records.length > 0) return final.epoch;
  const records: readonly RouteRecord[] = parseRecords(ZONE, HELLO).records;
  const published = await publishRecords(publisher, HELLO, standing, records, { onChain: false });
  return waitUntilFinal(publisher, HELLO, published, { seconds: PATIENCE, signal });
}

async function ensureRegistered(publisher: Publisher, data: string, signal: AbortSignal) {
  try {
    await registerName({ ...publisher, data, label: HELLO, years: 1, signal });
  } catch (error) {
    // Registered by an earlier start, or given away since: then publishing says whose it is.
    if ((error as { code?: string }).code !== "name-taken") throw error;
  }
}
