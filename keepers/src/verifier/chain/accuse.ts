import { PublicKey } from "@solana/web3.js";
import { bytesEqual, toHex } from "@tolldns/sdk";
import {
  challengeExpected,
  challengeOrder,
  challengeRecord,
  encodeEntry,
  encodeProbeRecord,
  faultOfRecord,
  isNextRecord,
  listEntries,
  listProbes,
  type PolicyDeployment,
  type Roster,
  type Round,
  type RoundReport,
  recordWay,
} from "@tolldns/sdk/policy";
import { decodeNode } from "@tolldns/sdk/stake";
import type { Instruction } from "@tolldns/sdk/transaction";
import type { EvidenceFile } from "../car.ts";
import { type Replayed, replay } from "../replay.ts";
import type { VerifierStore } from "../store/open.ts";
import { fetchEvidence } from "./fetch.ts";
import type { ChainParts } from "./parts.ts";
import { readRounds } from "./rounds.ts";
import type { PolicyState } from "./state.ts";
import type { Turns } from "./turns.ts";

export interface AccuserParts extends Omit<ChainParts, "key" | "clock"> {
  readonly store: VerifierStore;
  readonly turns: Turns;
}

/** Looks at what others reported, and challenges what no honest verifier writes. */
export interface Accuser {
  /** One look at a time: while one waits for a file, another does nothing. Takes as long as others take to answer. */
  look(state: PolicyState): Promise<void>;
  readonly proven: number;
}

interface Unchecked {
  /** Names it, for turns and tries. */
  readonly what: string;
  readonly round: Round;
  readonly row: RoundReport;
}

/** Files of others fetched in a look, and windows gone back for them. */
const FETCHES = 4;
const WINDOWS = 3;

export function createAccuser(parts: AccuserParts): Accuser {
  const { connection, deployment, store, sender, log, turns } = parts;
  let proven = 0;
  /** How often each report that is still to be checked was asked for. */
  let tries = new Map<string, number>();

  async function check(state: PolicyState, round: Round, row: RoundReport): Promise<void> {
    const roster = state.rosters.find(({ number }) => number === round.roster);
    const seat = roster?.seats[row.seat];
    if (roster === undefined || seat === undefined || seat.struck) return;
    const node = await connection.getAccountInfo(new PublicKey(seat.node), "confirmed");
    if (node === null) return;
    const { endpoint, hotKey } = decodeNode(node.data);
    const bytes = await fetchEvidence(endpoint, round.id, round.begin).catch((error: unknown) => {
      log("info", "evidence not given", { seat: row.seat, error: String(error) });
      return null;
    });
    if (bytes === null) return;
    await store.noteChecked({ target: round.id, begin: round.begin }, row.seat);
    const replayed = await replay(bytes);
    if (replayed.ok && isSame(replayed, round, row, hotKey)) return;
    log("warn", "a report does not replay", {
      target: toHex(round.id),
      begin: round.begin,
      seat: row.seat,
      difference: replayed.difference ?? "it is not what the chain has",
    });
    if (replayed.file === null) return;
    const instruction = proofAgainst(deployment, sender.payer, round, row, roster, replayed.file);
    if (instruction === undefined) return;
    const result = await sender.sendIfGood(instruction);
    if ("error" in result) return log("info", "challenge not taken", { seat: row.seat, error: result.error });
    proven++;
    log("info", "challenge proven", { seat: row.seat, signature: result.signature });
  }

  /** Reports of other operators in the last windows that were not looked at here. */
  async function findUnchecked(state: PolicyState): Promise<Unchecked[]> {
    const { targets, rosters, self } = state;
    const length = BigInt(state.config.terms.window);
    const newest = state.now - (state.now % length) - length;
    const found: Unchecked[] = [];
    for (const { id } of targets) {
      const windows = Array.from({ length: WINDOWS }, (_, back) => ({
        id,
        begin: newest - BigInt(back) * length,
      }));
      for (const round of await readRounds(connection, deployment.policy, windows)) {
        if (round === null) continue;
        for (const row of round.reports) {
          const seat = rosters.find(({ number }) => number === round.roster)?.seats[row.seat];
          if (seat !== undefined && self !== null && bytesEqual(seat.operator, self.operator)) continue;
          if (await store.wasChecked({ target: id, begin: round.begin }, row.seat)) continue;
          found.push({ what: `check ${toHex(id)} ${round.begin} ${row.seat}`, round, row });
        }
      }
    }
    return found;
  }

  return {
    get proven() {
      return proven;
    },
    async look(state) {
      const open = await findUnchecked(state);
      // Those least often asked come first: who never answers must not keep anybody from looking at the others.
      const before = tries;
      tries = new Map(open.map(({ what }) => [what, before.get(what) ?? 0]));
      open.sort((a, b) => (tries.get(a.what) ?? 0) - (tries.get(b.what) ?? 0));
      let left = FETCHES;
      for (const { what, round, row } of open) {
        if (left === 0) break;
        if (!turns.isDue(what)) continue;
        left--;
        tries.set(what, (tries.get(what) ?? 0) + 1);
        await check(state, round, row);
      }
    },
  };
}

/** Is the file that of this row on chain? */
export function isSame(
  { report, file }: Replayed,
  round: Round,
  row: Pick<RoundReport, "total" | "ok" | "probesRoot">,
  hotKey: Uint8Array,
): boolean {
  return (
    report !== null &&
    file !== null &&
    bytesEqual(report.target, round.id) &&
    report.begin === round.begin &&
    report.end === round.end &&
    report.roster === round.roster &&
    report.total === row.total &&
    report.ok === row.ok &&
    bytesEqual(report.probesRoot, row.probesRoot) &&
    bytesEqual(file.hotKey, hotKey) &&
    (round.set === undefined || bytesEqual(listEntries(file.set).root, round.set.root))
  );
}

/**
 * The transaction that proves the seat's records false to the program, if one of them is of a kind that can be proven; undefined else. The records must be those that
 * the chain has the root of: others prove nothing against the seat.
 */
export function proofAgainst(
  deployment: PolicyDeployment,
  challenger: Uint8Array,
  round: Round,
  row: RoundReport,
  roster: Roster,
  file: EvidenceFile,
): Instruction | undefined {
  const { records, set } = file;
  const list = listProbes(records);
  if (!bytesEqual(list.root, row.probesRoot)) return undefined;
  const operator = roster.seats[row.seat]?.operator;
  if (operator === undefined) return undefined;
  const at = {
    deployment,
    challenger,
    roster: roster.number,
    seat: row.seat,
    operator,
    id: round.id,
    begin: round.begin,
  };
  const milliseconds = Number(round.end - round.begin) * 1_000;
  const entries = listEntries(set);
  const isOfSet = round.set !== undefined && bytesEqual(entries.root, round.set.root);
  for (const [place, record] of records.entries()) {
    const isLast = record.index + 1 === row.total;
    const isFalse =
      record.index !== place ||
      records.length !== row.total ||
      faultOfRecord(record, { milliseconds }) !== undefined ||
      (place === 0 && record.runningOk !== (record.outcome === "ok" ? 1 : 0)) ||
      (isLast && record.runningOk !== row.ok) ||
      (round.set !== undefined && record.challenge >= round.set.count);
    if (isFalse)
      return challengeRecord({
        ...at,
        record: encodeProbeRecord(record),
        way: recordWay(list.prove(place), place, records.length),
      });
    const next = records[place + 1];
    if (next !== undefined && next.index === place + 1 && !isNextRecord(record, next))
      return challengeOrder({
        ...at,
        record: encodeProbeRecord(record),
        proof: list.prove(place),
        next: encodeProbeRecord(next),
        nextProof: list.prove(place + 1),
      });
    const challenge = set.challenges[record.challenge];
    if (
      isOfSet &&
      challenge?.expect.kind === "digest" &&
      !bytesEqual(challenge.expect.digest, record.expected)
    )
      return challengeExpected({
        ...at,
        record: encodeProbeRecord(record),
        proof: list.prove(place),
        entry: encodeEntry(challenge),
        entryProof: entries.prove(challenge.number),
      });
  }
  return undefined;
}
