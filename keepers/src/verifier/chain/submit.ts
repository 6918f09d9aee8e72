import { toHex } from "@tolldns/sdk";
import { decodeReport, report as reportInstruction } from "@tolldns/sdk/policy";
import { type Instruction, PACKET_SIZE_LIMIT, transactionSize } from "@tolldns/sdk/transaction";
import type { KeptReport, VerifierStore } from "../store/open.ts";
import type { ChainParts } from "./parts.ts";
import { readRounds } from "./rounds.ts";
import { type PolicyState, rosterAt, setAt } from "./state.ts";

export interface SubmitParts extends ChainParts {
  readonly store: VerifierStore;
  /** Told of each that is on chain. */
  readonly onLanded: (report: KeptReport) => void;
}

/** Brings reports to the chain while they are taken. */
export interface Submitter {
  look(state: PolicyState): Promise<void>;
  /** How many landed since the start. */
  readonly landed: number;
}

/** Seconds until a report that was sent and is not on chain is sent again: the same again does nothing. */
const RETRY_SECONDS = 2;
/** Compute units a report takes at most, the first with the Round's rent and addresses to be found. */
const REPORT_UNITS = 30_000;
/** Reports looked at in one go. */
const MOST = 256;

export function createSubmitter(parts: SubmitParts): Submitter {
  const { connection, deployment, store, key, sender, clock, log } = parts;
  const sentAt = new Map<string, number>();
  let landed = 0;
  const idOf = ({ target, begin }: KeptReport) => `${toHex(target)} ${begin}`;

  /** Which of these the chain has from this seat. */
  async function findLanded(reports: readonly KeptReport[]): Promise<Set<string>> {
    const windows = reports.map(({ target, begin }) => ({ id: target, begin }));
    const rounds = await readRounds(connection, deployment.policy, windows);
    const there = reports.filter(({ seat }, i) => rounds[i]?.reports.some((row) => row.seat === seat));
    return new Set(there.map(idOf));
  }

  function instructionOf(state: PolicyState, kept: KeptReport): Instruction | undefined {
    const { self } = state;
    const roster = rosterAt(state, kept.begin);
    if (self === null || kept.seat === null || roster?.number !== kept.roster) return undefined;
    const { total, ok, probesRoot, end } = decodeReport(kept.bytes);
    const { terms } = state.config;
    if (total < terms.leastProbes) return undefined;
    // The chain would hold the records against the set and the window it has of that time, and strike for the difference.
    if (setAt(state.config, kept.begin)?.version !== kept.setVersion) return undefined;
    if (end !== kept.begin + BigInt(terms.window)) return undefined;
    return reportInstruction({
      deployment,
      id: kept.target,
      begin: kept.begin,
      hotKey: key.publicKey,
      roster: kept.roster,
      seat: kept.seat,
      operator: self.operator,
      node: self.node,
      total,
      ok,
      probesRoot,
    });
  }

  async function send(
    batch: readonly { readonly instruction: Instruction; readonly id: string }[],
  ): Promise<void> {
    for (const { id } of batch) sentAt.set(id, clock.now());
    const instructions = batch.map(({ instruction }) => instruction);
    try {
      await sender.send(instructions, REPORT_UNITS * batch.length, [key]);
    } catch (error) {
      log("warn", "reports not sent", { reports: batch.length, error: String(error) });
    }
  }

  return {
    get landed() {
      return landed;
    },
    async look(state) {
      const { window, report } = state.config.terms;
      const oldest = state.now - BigInt(window + report);
      const open = (await store.reports(oldest < 0n ? 0n : oldest, MOST)).filter(
        ({ landed: isThere, seat }) => !isThere && seat !== null,
      );
      if (open.length === 0) return;
      const there = await findLanded(open);
      for (const one of open.filter((kept) => there.has(idOf(kept)))) {
        await store.markLanded(one);
        sentAt.delete(idOf(one));
        landed++;
        parts.onLanded(one);
      }
      const due = open.flatMap((kept) => {
        const id = idOf(kept);
        const end = kept.begin + BigInt(window);
        const isOpen = state.now >= end && state.now < end + BigInt(report);
        if (
          there.has(id) ||
          !isOpen ||
          clock.now() - (sentAt.get(id) ?? Number.NEGATIVE_INFINITY) < RETRY_SECONDS
        )
          return [];
        const instruction = instructionOf(state, kept);
        // One that was sent and did not land may have been refused for another in its transaction: it goes alone.
        return instruction === undefined ? [] : [{ id, instruction, alone: sentAt.has(id) }];
      });
      for (const batch of pack(sender.payer, due)) await send(batch);
    },
  };
}

/** As many to a transaction as fit a packet. */
function pack<T extends { readonly instruction: Instruction; readonly alone: boolean }>(
  payer: Uint8Array,
  items: readonly T[],
): T[][] {
  const batches: T[][] = [];
  const blockhash = new Uint8Array(32);
  for (const item of items) {
    const last = item.alone || batches.at(-1)?.[0]?.alone === true ? undefined : batches.at(-1);
    const instructions = [...(last ?? []), item].map(({ instruction }) => instruction);
    // The two instructions of the compute budget take some 60 bytes beside.
    const fits = transactionSize({ version: 0, payer, blockhash, instructions }) + 64 <= PACKET_SIZE_LIMIT;
    if (last !== undefined && fits) last.push(item);
    else batches.push([item]);
  }
  return batches;
}
