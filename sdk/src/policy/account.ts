import { checkerOf, given, keyAt } from "../account.ts";
import type { Address } from "../address.ts";
import { readU16, readU32, readU64 } from "../bytes.ts";
import { ACCOUNT_DISCRIMINATORS } from "../generated/policy.ts";
import { TARGET_KINDS, type TargetKind } from "./target.ts";
import type { PolicyTerms } from "./terms.ts";
import { type Standing, TARGET_STATES, VERDICTS, type Verdict } from "./transition.ts";

/** Bytes of each account; a Roster has `SEAT_BYTES` a seat more that it has room for, a Round `ROUND_REPORT_BYTES` a seat of its roster. */
export const LENGTHS = { PolicyConfig: 360, Roster: 160, Verifier: 64, Target: 296, Round: 220 } as const;
export const SEAT_BYTES = 88;
export const ROUND_REPORT_BYTES = 38;

/** A challenge set that holds for windows that begin at `from`, Unix seconds, or later. */
export interface PublishedSet {
  readonly version: number;
  /** Challenges in it. */
  readonly count: number;
  /** Of the list of its entries. */
  readonly root: Uint8Array;
  readonly from: bigint;
}

/** The program's configuration. Times in Unix seconds. */
export interface PolicyConfig {
  readonly bump: number;
  /** While it is, nothing is judged: states stay as they are and grow stale. */
  readonly paused: boolean;
  readonly terms: PolicyTerms;
  /** When they were set: they hold for windows that begin then or later. */
  readonly termsFrom: bigint;
  readonly domain: Uint8Array;
  readonly stakeProgram: Address;
  readonly authority: Address;
  /** Undefined when nobody is proposed. */
  readonly pendingAuthority: Address | undefined;
  readonly guardian: Address;
  /** Undefined while none was published. */
  readonly set: PublishedSet | undefined;
  /** The one before, for windows that began before `set.from`. */
  readonly previousSet: PublishedSet | undefined;
  /** Number of the newest roster; 0 before the first. */
  readonly roster: bigint;
  /** When its enrolment ends, from when on it is in force; and when it ends, if another follows. */
  readonly enrolmentEnds: bigint;
  readonly rosterEnds: bigint;
  /** How many targets are registered. */
  readonly targets: bigint;
}

/** One verifier's place in a roster. */
export interface Seat {
  readonly seat: number;
  /** The stake program's accounts. */
  readonly operator: Address;
  readonly node: Address;
  /** As the snapshot has it. */
  readonly weight: bigint;
  /** The operator's place in the stake tree. */
  readonly index: number;
  /** As the Node had them at enrolment. */
  readonly region: number;
  readonly asn: number;
  /** Seats of one region have one ordinal, and so have seats of one network. */
  readonly regionOrdinal: number;
  readonly networkOrdinal: number;
  /** It counts for nothing any more. */
  readonly struck: boolean;
}

/** Who may report for windows that begin from `enrolmentEnds` to `supersededAt`. Times in Unix seconds. */
export interface Roster {
  readonly bump: number;
  readonly number: bigint;
  /** Who paid for the account and gets it back. */
  readonly payer: Address;
  readonly openedAt: bigint;
  readonly enrolmentEnds: bigint;
  readonly ends: bigint;
  /** When the next one's enrolment ends; undefined while there is none. */
  readonly supersededAt: bigint | undefined;
  /** From when on it may be closed; undefined while it is the newest. */
  readonly evidenceEnds: bigint | undefined;
  /** The stake tree when it was opened. */
  readonly snapshot: {
    readonly root: Uint8Array;
    readonly total: bigint;
    readonly count: number;
    readonly depth: number;
  };
  /** Seconds for which its struck operators may not enrol. */
  readonly strike: number;
  /** Of all seats that are not struck. */
  readonly weight: bigint;
  /** Most seats it has room for. */
  readonly room: number;
  /** In their order. */
  readonly seats: readonly Seat[];
}

/** An operator that was struck. Times in Unix seconds. */
export interface Verifier {
  readonly bump: number;
  readonly operator: Address;
  /** When it was struck last. */
  readonly struckAt: bigint;
  /** From when on it may enrol again. */
  readonly struckUntil: bigint;
}

/** A backend or gateway. Times in Unix seconds. */
export interface TargetAccount {
  readonly bump: number;
  readonly kind: TargetKind;
  readonly name: string;
  /** Of hashTarget. */
  readonly id: Uint8Array;
  /** Who paid for the account and gets it back. */
  readonly payer: Address;
  /** Its state, since when, its runs and the last window judged (`judged`: begin, 0n before the first). */
  readonly standing: Standing;
  /** End of the last window judged that was not UNKNOWN; 0n before the first. */
  readonly judgedEnd: bigint;
  /** Of the last transition; zeros before the first. */
  readonly evidenceRoot: Uint8Array;
  readonly registeredAt: bigint;
  /** When the last report came; the registration before the first. */
  readonly reportedAt: bigint;
}

/** One report of a round. */
export interface RoundReport {
  readonly seat: number;
  readonly total: number;
  readonly ok: number;
  /** Of the list of its records. */
  readonly probesRoot: Uint8Array;
  readonly says: Exclude<Verdict, "unknown">;
}

/** What verifiers said of a target's window. Times in Unix seconds. */
export interface Round {
  readonly bump: number;
  /** The target's. */
  readonly id: Uint8Array;
  readonly roster: bigint;
  /** Who paid for the account and gets it back. */
  readonly payer: Address;
  readonly begin: bigint;
  readonly end: bigint;
  readonly reportsUntil: bigint;
  readonly evidenceUntil: bigint;
  /** Undefined while it was not judged. */
  readonly verdict: Verdict | undefined;
  /** The challenge set of the window; undefined if none was published when it began. */
  readonly set: Omit<PublishedSet, "from"> | undefined;
  readonly evidenceRoot: Uint8Array;
  /** A bit a seat. */
  readonly masks: { readonly clean: bigint; readonly poor: bigint; readonly bad: bigint };
  /** In the order in which they came, which is that of the evidence root. */
  readonly reports: readonly RoundReport[];
}

const check = /* #__PURE__ */ checkerOf(ACCOUNT_DISCRIMINATORS, LENGTHS);

/** Reads PolicyConfig. @throws account-kind, account-length, account-version */
export function decodePolicyConfig(data: Uint8Array): PolicyConfig {
  check(data, "PolicyConfig");
  const setAt = (at: number): PublishedSet | undefined => {
    const version = readU32(data, at + 40);
    if (version === 0) return undefined;
    return { version, count: readU16(data, at + 44), root: keyAt(data, at), from: readU64(data, at + 32) };
  };
  return {
    bump: data[9] as number,
    paused: data[10] !== 0,
    terms: {
      window: readU32(data, 28),
      report: readU32(data, 32),
      dwell: readU32(data, 36),
      roster: readU32(data, 40),
      enrol: readU32(data, 44),
      evidence: readU32(data, 48),
      strike: readU32(data, 52),
      quorumBps: readU16(data, 20),
      poorBps: readU16(data, 22),
      badBps: readU16(data, 24),
      operators: data[11] as number,
      regions: data[12] as number,
      networks: data[13] as number,
      degradeAfter: data[14] as number,
      disableAfter: data[15] as number,
      recoverAfter: data[16] as number,
      restoreAfter: data[17] as number,
      leastProbes: readU16(data, 26),
      seats: data[18] as number,
    },
    termsFrom: readU64(data, 56),
    domain: keyAt(data, 72),
    stakeProgram: keyAt(data, 104),
    authority: keyAt(data, 136),
    pendingAuthority: given(keyAt(data, 168)),
    guardian: keyAt(data, 200),
    set: setAt(232),
    previousSet: setAt(280),
    roster: readU64(data, 328),
    enrolmentEnds: readU64(data, 336),
    rosterEnds: readU64(data, 344),
    targets: readU64(data, 352),
  };
}

/** Rows of an account that has them, and whether its data holds them all. */
function rowsOf(data: Uint8Array, kind: "Roster" | "Round", at: number, bytes: number): number {
  const rows = data.length >= LENGTHS[kind] ? readU32(data, at) : 0;
  check(data, kind, (length) => length >= LENGTHS[kind] + rows * bytes);
  return rows;
}

const time = (value: bigint): bigint | undefined => (value === 0n ? undefined : value);

/** Reads a Roster with its seats. @throws account-kind, account-length, account-version */
export function decodeRoster(data: Uint8Array): Roster {
  const rows = rowsOf(data, "Roster", 152, SEAT_BYTES);
  return {
    bump: data[9] as number,
    number: readU64(data, 16),
    payer: keyAt(data, 24),
    openedAt: readU64(data, 56),
    enrolmentEnds: readU64(data, 64),
    ends: readU64(data, 72),
    supersededAt: time(readU64(data, 80)),
    evidenceEnds: time(readU64(data, 88)),
    snapshot: {
      root: keyAt(data, 96),
      total: readU64(data, 128),
      count: readU32(data, 136),
      depth: data[10] as number,
    },
    strike: readU32(data, 140),
    weight: readU64(data, 144),
    room: data[11] as number,
    seats: Array.from({ length: rows }, (_, seat) => decodeSeat(data, seat)),
  };
}

const STRUCK = 1;

function decodeSeat(data: Uint8Array, seat: number): Seat {
  const at = LENGTHS.Roster + seat * SEAT_BYTES;
  return {
    seat,
    operator: keyAt(data, at),
    node: keyAt(data, at + 32),
    weight: readU64(data, at + 64),
    asn: readU32(data, at + 72),
    index: readU32(data, at + 76),
    region: readU16(data, at + 80),
    regionOrdinal: data[at + 82] as number,
    networkOrdinal: data[at + 83] as number,
    struck: ((data[at + 84] as number) & STRUCK) !== 0,
  };
}

/** Reads a Verifier. @throws account-kind, account-length, account-version */
export function decodeVerifier(data: Uint8Array): Verifier {
  check(data, "Verifier");
  return {
    bump: data[9] as number,
    struckAt: readU64(data, 16),
    struckUntil: readU64(data, 24),
    operator: keyAt(data, 32),
  };
}

const KINDS = Object.keys(TARGET_KINDS) as TargetKind[];
const verdictOf = (number: number): Verdict => VERDICTS[number] ?? "unknown";

/** Reads a Target. @throws account-kind, account-length, account-version */
export function decodeTarget(data: Uint8Array): TargetAccount {
  check(data, "Target");
  return {
    bump: data[9] as number,
    kind: KINDS.find((kind) => TARGET_KINDS[kind] === data[10]) ?? "backend",
    name: new TextDecoder().decode(data.subarray(168, 168 + (data[11] as number))),
    id: keyAt(data, 72),
    payer: keyAt(data, 104),
    standing: {
      state: TARGET_STATES[data[12] as number] ?? "healthy",
      since: readU64(data, 24),
      runs: { poor: data[14] as number, bad: data[15] as number, clean: data[16] as number },
      judged: readU64(data, 32),
      verdict: verdictOf(data[13] as number),
      transitions: readU64(data, 48),
    },
    judgedEnd: readU64(data, 40),
    registeredAt: readU64(data, 56),
    reportedAt: readU64(data, 64),
    evidenceRoot: keyAt(data, 136),
  };
}

/** Reads a Round with its reports. @throws account-kind, account-length, account-version */
export function decodeRound(data: Uint8Array): Round {
  const rows = rowsOf(data, "Round", 216, ROUND_REPORT_BYTES);
  const masks = { clean: readU64(data, 192), poor: readU64(data, 200), bad: readU64(data, 208) };
  const version = readU32(data, 120);
  return {
    bump: data[9] as number,
    roster: readU64(data, 16),
    payer: keyAt(data, 24),
    id: keyAt(data, 56),
    begin: readU64(data, 88),
    end: readU64(data, 96),
    reportsUntil: readU64(data, 104),
    evidenceUntil: readU64(data, 112),
    verdict: data[11] === 0 ? undefined : verdictOf(data[10] as number),
    set: version === 0 ? undefined : { version, count: readU16(data, 124), root: keyAt(data, 128) },
    evidenceRoot: keyAt(data, 160),
    masks,
    reports: Array.from({ length: rows }, (_, row) => decodeReport(data, row, masks)),
  };
}

function decodeReport(data: Uint8Array, row: number, masks: Round["masks"]): RoundReport {
  const at = LENGTHS.Round + row * ROUND_REPORT_BYTES;
  const seat = data[at + 36] as number;
  const isIn = (mask: bigint) => ((mask >> BigInt(seat)) & 1n) === 1n;
  return {
    seat,
    total: readU16(data, at + 32),
    ok: readU16(data, at + 34),
    probesRoot: keyAt(data, at),
    says: isIn(masks.bad) ? "bad" : isIn(masks.poor) ? "poor" : "clean",
  };
}
