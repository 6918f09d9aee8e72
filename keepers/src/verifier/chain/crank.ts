import { PublicKey } from "@solana/web3.js";
import { bytesEqual, toBase58, toHex } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  closeRoster,
  closeRound,
  decodeRoster,
  decodeRound,
  decodeVerifier,
  deriveVerifier,
  formatTarget,
  judge,
  openRoster,
  type Roster,
  type Round,
  registerTarget,
  strikeSeat,
  type Target,
  targetId,
} from "@tolldns/sdk/policy";
import type { Instruction } from "@tolldns/sdk/transaction";
import type { ChainParts } from "./parts.ts";
import { readRounds } from "./rounds.ts";
import type { PolicyState } from "./state.ts";
import type { Turns } from "./turns.ts";

export interface CrankParts extends ChainParts {
  readonly turns: Turns;
  /** Targets to register where the chain has none of them. */
  readonly register: readonly Target[];
}

/** Does what anybody may: opens rosters, judges windows, closes what is over. */
export interface Crank {
  look(state: PolicyState): Promise<void>;
  readonly judged: number;
}

/** Windows looked at whose time of reports is over; older ones than the last judged don't count any more. */
const WINDOWS = 8;
/** Seconds between two looks for accounts of this payer to close and seats to strike, and how many accounts are closed in a look. */
const TIDY_SECONDS = 30;
const CLOSES_AT_ONCE = 8;

export function createCrank(parts: CrankParts): Crank {
  const { connection, deployment, key, sender, clock, log, turns } = parts;
  let judged = 0;
  let tidiedAt = clock.now();

  /** Sends what would succeed. What would not, another verifier has done. */
  async function attempt(what: string, instruction: Instruction): Promise<boolean> {
    const result = await sender.sendIfGood(instruction);
    if ("error" in result) log("info", "step refused", { step: what, error: result.error });
    return !("error" in result);
  }

  async function register({ targets }: PolicyState): Promise<void> {
    for (const target of parts.register) {
      const id = targetId(target);
      const what = `register ${toHex(id)}`;
      if (targets.some((one) => bytesEqual(one.id, id)) || !turns.isDue(what)) continue;
      await attempt(
        what,
        registerTarget({ deployment, payer: sender.payer, kind: target.kind, name: formatTarget(target) }),
      );
    }
  }

  async function judgeRounds(state: PolicyState): Promise<void> {
    if (state.config.paused) return;
    for (const round of await findDue(state)) {
      const what = `judge ${toHex(round.id)} ${round.begin}`;
      if (!turns.isDue(what)) continue;
      const { id, begin, end, roster } = round;
      const window = Number(end - begin);
      if (await attempt(what, judge({ deployment, id, begin, roster, window }))) judged++;
    }
  }

  /** Rounds that may be judged, the oldest of each target: windows are judged in order. */
  async function findDue({ now, targets, config }: PolicyState): Promise<Round[]> {
    const length = BigInt(config.terms.window);
    const last = now - length - BigInt(config.terms.report);
    const newest = last - (last % length);
    const wanted = targets.flatMap(({ id, standing }) =>
      Array.from({ length: WINDOWS }, (_, back) => newest - BigInt(back) * length)
        .filter((begin) => begin > standing.judged && begin >= 0n)
        .map((begin) => ({ id, begin })),
    );
    const found = await readRounds(connection, deployment.policy, wanted);
    const due = found
      .filter((round) => round !== null)
      .filter(({ verdict, reportsUntil }) => verdict === undefined && reportsUntil <= now)
      .sort((a, b) => Number(a.begin - b.begin));
    return due.filter((round, i) => due.findIndex(({ id }) => bytesEqual(id, round.id)) === i);
  }

  async function closeOld(state: PolicyState): Promise<void> {
    const instructions: Instruction[] = [];
    // Rounds are paid for by the hot key, as it signs the report that makes them.
    for (const round of await readOwn("Round", key.publicKey, decodeRound)) {
      const { id, begin, payer, evidenceUntil } = round;
      if (evidenceUntil <= state.now) instructions.push(closeRound({ deployment, id, begin, payer }));
    }
    for (const { number, payer, evidenceEnds } of await readOwn("Roster", sender.payer, decodeRoster))
      if (evidenceEnds !== undefined && evidenceEnds <= state.now)
        instructions.push(closeRoster({ deployment, number, payer }));
    for (const instruction of instructions.slice(0, CLOSES_AT_ONCE)) await attempt("close", instruction);
  }

  /** Who was struck in one roster counts in no other either: its seats there are struck too. */
  async function strikeOthers({ rosters, now }: PolicyState): Promise<void> {
    for (const { number, seats } of rosters) {
      const live = seats.filter(({ struck }) => !struck);
      const keys = live.map(
        ({ operator }) => new PublicKey(deriveVerifier(deployment.policy, operator).address),
      );
      const accounts = await connection.getMultipleAccountsInfo(keys, "confirmed");
      for (const [i, account] of accounts.entries()) {
        const one = live[i];
        if (!account || one === undefined || decodeVerifier(account.data).struckUntil <= now) continue;
        const { seat, operator } = one;
        await attempt(`strike ${number}/${seat}`, strikeSeat({ deployment, roster: number, seat, operator }));
      }
    }
  }

  async function readOwn<T>(
    kind: "Round" | "Roster",
    payer: Uint8Array,
    decode: (data: Uint8Array) => T,
  ): Promise<T[]> {
    const rows = await connection.getProgramAccounts(new PublicKey(deployment.policy), {
      commitment: "confirmed",
      filters: [
        { memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS[kind])) } },
        { memcmp: { offset: 24, bytes: toBase58(payer) } },
      ],
    });
    return rows.map(({ account }) => decode(account.data));
  }

  async function open(state: PolicyState): Promise<void> {
    const { config } = state;
    const number = config.roster + 1n;
    const what = `roster ${number}`;
    if (!isRosterDue(state) || !turns.isDue(what)) return;
    await attempt(what, openRoster({ deployment, payer: sender.payer, number }));
  }

  return {
    get judged() {
      return judged;
    },
    async look(state) {
      await register(state);
      await open(state);
      await judgeRounds(state);
      if (clock.now() - tidiedAt < TIDY_SECONDS) return;
      tidiedAt = clock.now();
      await closeOld(state);
      await strikeOthers(state);
    },
  };
}

/** May the next roster be opened? As `Times::check_next` of programs/core has it. */
export function isRosterDue({
  config,
  rosters,
  now,
}: Pick<PolicyState, "config" | "rosters" | "now">): boolean {
  if (config.roster === 0n) return true;
  const newest: Roster | undefined = rosters.find(({ number }) => number === config.roster);
  if (newest === undefined || now < newest.enrolmentEnds) return false;
  const isLate = now >= newest.ends - BigInt(config.terms.enrol);
  return isLate || newest.seats.length < config.terms.operators;
}
