import { checkerOf, given, keyAt } from "../account.ts";
import type { Address } from "../address.ts";
import { readU32, readU64 } from "../bytes.ts";
import { ACCOUNT_DISCRIMINATORS } from "../generated/quorum.ts";
import {
  CHALLENGES,
  type ChallengeKind,
  EPOCH_STATUSES,
  type EpochStatus,
  type QuorumTerms,
} from "./data.ts";
import type { Stretch } from "./draw.ts";

/** Bytes of each account; an Epoch has `MEMBER_BYTES` a seat more. */
export const LENGTHS = { QuorumConfig: 1000, Epoch: 512 } as const;
export const MEMBER_BYTES = 88;
/** How many final roots QuorumConfig remembers. */
export const RECENT_ROOTS = 16;

/** A root that became final. */
export interface FinalRoot {
  readonly epoch: bigint;
  readonly root: Uint8Array;
}

/** The program's configuration: what every client checks a root against. Times in Unix seconds. */
export interface QuorumConfig {
  readonly bump: number;
  readonly slasherBump: number;
  readonly paused: boolean;
  readonly terms: QuorumTerms;
  /** Number of the epoch frozen last; 0 before the first. */
  readonly epoch: bigint;
  /** Has that epoch not ended yet? */
  readonly running: boolean;
  /** From when on the next may be frozen. */
  readonly nextAt: bigint;
  readonly domain: Uint8Array;
  readonly stakeProgram: Address;
  readonly namesProgram: Address;
  readonly authority: Address;
  /** Undefined when nobody is proposed. */
  readonly pendingAuthority: Address | undefined;
  readonly guardian: Address;
  /** The last final epoch; undefined before the first. */
  readonly final:
    | (FinalRoot & { readonly at: bigint; readonly updatesRoot: Uint8Array; readonly digest: Uint8Array })
    | undefined;
  /** How many epochs became final. */
  readonly finals: bigint;
  /** The last final roots, newest first, at most 16. */
  readonly recent: readonly FinalRoot[];
}

/** A seat of a committee. */
export interface Member extends Stretch {
  readonly seat: number;
  /** Ed25519 key that its votes are checked with. */
  readonly witness: Address;
  /** The operator's place in the stake tree, its own for good. */
  readonly operator: number;
  /** What it voted for on chain; undefined while it has not. */
  readonly vote: Uint8Array | undefined;
  /** Shown to have voted for two digests: slashed, and its vote counts no more. */
  readonly struck: boolean;
  /** Slashed for having voted for what was proven wrong. */
  readonly slashed: boolean;
}

/** One epoch. Times in Unix seconds; hashes have 32 bytes. */
export interface Epoch {
  readonly bump: number;
  readonly status: EpochStatus;
  readonly number: bigint;
  /** Who paid for the account and gets it back. */
  readonly payer: Address;
  readonly frozenSlot: bigint;
  readonly frozenAt: bigint;
  readonly seedSlot: bigint;
  /** As they were at the freeze. */
  readonly terms: QuorumTerms;
  /** Undefined before the seed. */
  readonly seed: Uint8Array | undefined;
  /** The stake tree at the freeze. */
  readonly snapshot: {
    readonly root: Uint8Array;
    readonly total: bigint;
    readonly count: number;
    readonly depth: number;
  };
  readonly domain: Uint8Array;
  readonly previousRoot: Uint8Array;
  /** What two thirds voted for; undefined before the tally. */
  readonly attested:
    | {
        readonly root: Uint8Array;
        readonly updatesRoot: Uint8Array;
        readonly count: number;
        readonly digest: Uint8Array;
        readonly at: bigint;
        /** Of the votes that were tallied. */
        readonly weight: bigint;
      }
    | undefined;
  /** Undefined while it runs. */
  readonly endedAt: bigint | undefined;
  /** The challenge that was proven, if one was. */
  readonly challenge: { readonly kind: ChallengeKind; readonly challenger: Address } | undefined;
  /** Weight of all members. */
  readonly weight: bigint;
  /** In order of seats. */
  readonly members: readonly Member[];
  /** Seats in order of where their stretches start. */
  readonly order: readonly number[];
}

const check = /* #__PURE__ */ checkerOf(ACCOUNT_DISCRIMINATORS, LENGTHS);

/** Reads QuorumConfig. @throws account-kind, account-length, account-version */
export function decodeQuorumConfig(data: Uint8Array): QuorumConfig {
  check(data, "QuorumConfig");
  const key = (at: number) => keyAt(data, at);
  const finals = readU64(data, 352);
  const recent = Array.from({ length: Math.min(RECENT_ROOTS, Number(finals)) }, (_, back) => {
    const place = Number((finals - 1n - BigInt(back)) % BigInt(RECENT_ROOTS));
    return { epoch: readU64(data, 360 + 8 * place), root: key(488 + 32 * place) };
  });
  return {
    bump: data[9] as number,
    slasherBump: data[10] as number,
    paused: data[11] !== 0,
    terms: {
      length: readU32(data, 16),
      window: readU32(data, 20),
      evidence: readU32(data, 24),
      seedDelay: readU32(data, 28),
      committee: data[12] as number,
    },
    epoch: readU64(data, 32),
    running: data[13] !== 0,
    nextAt: readU64(data, 40),
    domain: key(48),
    stakeProgram: key(80),
    namesProgram: key(112),
    authority: key(144),
    pendingAuthority: given(key(176)),
    guardian: key(208),
    final:
      finals === 0n
        ? undefined
        : {
            epoch: readU64(data, 240),
            at: readU64(data, 248),
            root: key(256),
            updatesRoot: key(288),
            digest: key(320),
          },
    finals,
    recent,
  };
}

const VOTED = 1;
const STRUCK = 2;
const SLASHED = 4;

/** Reads an Epoch with its committee. @throws account-kind, account-length, account-version */
export function decodeEpoch(data: Uint8Array): Epoch {
  const rows = data.length >= LENGTHS.Epoch ? readU32(data, 504) : 0;
  check(data, "Epoch", (length) => length >= LENGTHS.Epoch + rows * MEMBER_BYTES);
  const key = (at: number) => keyAt(data, at);
  const attestedAt = readU64(data, 336);
  const endedAt = readU64(data, 344);
  const challenge = CHALLENGES[data[11] as number] ?? "none";
  return {
    bump: data[9] as number,
    status: EPOCH_STATUSES[data[10] as number] ?? "none",
    number: readU64(data, 16),
    payer: key(24),
    frozenSlot: readU64(data, 56),
    frozenAt: readU64(data, 64),
    seedSlot: readU64(data, 72),
    terms: {
      length: readU32(data, 80),
      window: readU32(data, 84),
      evidence: readU32(data, 88),
      seedDelay: readU32(data, 92),
      committee: data[12] as number,
    },
    seed: given(key(96)),
    snapshot: {
      root: key(128),
      total: readU64(data, 160),
      count: readU32(data, 168),
      depth: data[13] as number,
    },
    domain: key(176),
    previousRoot: key(208),
    attested:
      attestedAt === 0n
        ? undefined
        : {
            root: key(240),
            updatesRoot: key(272),
            count: readU32(data, 172),
            digest: key(304),
            at: attestedAt,
            weight: readU64(data, 392),
          },
    endedAt: endedAt === 0n ? undefined : endedAt,
    challenge: challenge === "none" ? undefined : { kind: challenge, challenger: key(352) },
    weight: readU64(data, 384),
    members: Array.from({ length: rows }, (_, seat) => decodeMember(data, seat)),
    order: [...data.subarray(400, 400 + rows)],
  };
}

function decodeMember(data: Uint8Array, seat: number): Member {
  const at = LENGTHS.Epoch + seat * MEMBER_BYTES;
  const flags = readU32(data, at + 84);
  return {
    seat,
    witness: keyAt(data, at),
    vote: (flags & VOTED) === 0 ? undefined : keyAt(data, at + 32),
    start: readU64(data, at + 64),
    weight: readU64(data, at + 72),
    operator: readU32(data, at + 80),
    struck: (flags & STRUCK) !== 0,
    slashed: (flags & SLASHED) !== 0,
  };
}
