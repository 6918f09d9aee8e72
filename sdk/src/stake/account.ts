import { checkerOf, given, keyAt } from "../account.ts";
import type { Address } from "../address.ts";
import { readU16, readU32, readU64 } from "../bytes.ts";
import { ACCOUNT_DISCRIMINATORS } from "../generated/stake.ts";
import { type NodeRole, ROLES, type StakeTerms } from "./data.ts";

/** Bytes of each account. */
export const LENGTHS = {
  StakeConfig: 320,
  StakeTree: 56,
  Operator: 176,
  Node: 216,
  Position: 104,
  Exit: 64,
} as const;

/** The program's configuration. */
export interface StakeConfig {
  readonly bump: number;
  readonly vaultBump: number;
  readonly paused: boolean;
  readonly terms: StakeTerms;
  readonly authority: Address;
  /** Undefined when nobody is proposed. */
  readonly pendingAuthority: Address | undefined;
  readonly guardian: Address;
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly vault: Address;
  readonly treasury: Address;
  /** Who may slash; undefined for nobody. */
  readonly slasher: Address | undefined;
}

/** What the chain keeps of the tree of weights. */
export interface StakeTree {
  readonly root: Uint8Array;
  readonly total: bigint;
  readonly count: number;
  readonly depth: number;
}

/** An operator. Amounts in base units of the native token, times in Unix seconds. */
export interface Operator {
  readonly owner: Address;
  readonly commissionBps: number;
  readonly jailed: boolean;
  readonly retired: boolean;
  readonly nodes: number;
  /** Tokens that all shares stand for, exiting ones too. */
  readonly pool: bigint;
  /** All shares, exiting ones too. */
  readonly shares: bigint;
  /** What shares weigh in their tiers, without what is exiting. */
  readonly weighted: bigint;
  /** The owner's shares, without what is exiting. */
  readonly selfShares: bigint;
  /** 0 if it never was. */
  readonly slashedAt: bigint;
  readonly commissionRoseAt: bigint;
  /** Hot key of its witness node, if it has one. */
  readonly witness: Address | undefined;
  /** What the tree holds of it, if it has a place there. */
  readonly listed: { readonly index: number; readonly witness: Address; readonly weight: bigint } | undefined;
}

/** A machine of an operator. */
export interface OperatorNode {
  readonly operator: Address;
  readonly number: number;
  readonly role: NodeRole;
  readonly region: number;
  readonly asn: number;
  readonly hotKey: Address;
  /** As its owner wrote it, visible ASCII; empty if not told. Nobody has checked it. */
  readonly endpoint: string;
}

/** What one staker has with one operator. */
export interface Position {
  readonly operator: Address;
  readonly staker: Address;
  readonly tier: number;
  readonly weightBps: number;
  /** Without what is exiting. */
  readonly shares: bigint;
  /** Unix seconds. */
  readonly lockedUntil: bigint;
  /** Number that the next Exit gets, and how many there are. */
  readonly nextExit: number;
  readonly exits: number;
}

/** Shares on their way out. */
export interface Exit {
  readonly position: Address;
  readonly number: number;
  readonly shares: bigint;
  /** Unix seconds. */
  readonly readyAt: bigint;
}

const check = /* #__PURE__ */ checkerOf(ACCOUNT_DISCRIMINATORS, LENGTHS);
const JAILED = 1;
const RETIRED = 2;
const UNLISTED = 0xffff_ffff;

/** Reads StakeConfig. @throws account-kind, account-length, account-version */
export function decodeStakeConfig(data: Uint8Array): StakeConfig {
  check(data, "StakeConfig");
  const key = (i: number) => keyAt(data, 64 + 32 * i);
  const tier = (i: number) => ({ lock: readU32(data, 32 + 4 * i), weightBps: readU16(data, 24 + 2 * i) });
  return {
    bump: data[9] as number,
    vaultBump: data[10] as number,
    paused: data[11] !== 0,
    terms: {
      exitDelay: readU32(data, 48),
      leastSelfStake: readU64(data, 56),
      tiers: [tier(0), tier(1), tier(2), tier(3)],
      slashBps: {
        equivocation: readU16(data, 16),
        falseRoot: readU16(data, 18),
        omission: readU16(data, 20),
      },
      reporterBps: readU16(data, 12),
      burnBps: readU16(data, 14),
    },
    authority: key(0),
    pendingAuthority: given(key(1)),
    guardian: key(2),
    mint: key(3),
    tokenProgram: key(4),
    vault: key(5),
    treasury: key(6),
    slasher: given(key(7)),
  };
}

/** Reads StakeTree. @throws account-kind, account-length, account-version */
export function decodeStakeTree(data: Uint8Array): StakeTree {
  check(data, "StakeTree");
  return {
    depth: data[10] as number,
    count: readU32(data, 12),
    total: readU64(data, 16),
    root: keyAt(data, 24),
  };
}

/** Reads an Operator. @throws account-kind, account-length, account-version */
export function decodeOperator(data: Uint8Array): Operator {
  check(data, "Operator");
  const flags = data[10] as number;
  const index = readU32(data, 16);
  return {
    owner: keyAt(data, 112),
    commissionBps: readU16(data, 12),
    jailed: (flags & JAILED) !== 0,
    retired: (flags & RETIRED) !== 0,
    nodes: readU16(data, 14),
    pool: readU64(data, 24),
    shares: readU64(data, 32),
    weighted: readU64(data, 40),
    selfShares: readU64(data, 48),
    slashedAt: readU64(data, 56),
    commissionRoseAt: readU64(data, 64),
    witness: given(keyAt(data, 144)),
    listed: index === UNLISTED ? undefined : { index, witness: keyAt(data, 80), weight: readU64(data, 72) },
  };
}

/** Reads a Node. @throws account-kind, account-length, account-version */
export function decodeNode(data: Uint8Array): OperatorNode {
  check(data, "Node");
  return {
    role: ROLES[data[10] as number] as NodeRole,
    number: readU16(data, 12),
    region: readU16(data, 14),
    asn: readU32(data, 16),
    operator: keyAt(data, 24),
    hotKey: keyAt(data, 56),
    endpoint: new TextDecoder().decode(data.subarray(88, 88 + (data[11] as number))),
  };
}

/** Reads a Position. @throws account-kind, account-length, account-version */
export function decodePosition(data: Uint8Array): Position {
  check(data, "Position");
  return {
    tier: data[10] as number,
    weightBps: readU16(data, 12),
    nextExit: readU32(data, 16),
    exits: readU32(data, 20),
    shares: readU64(data, 24),
    lockedUntil: readU64(data, 32),
    operator: keyAt(data, 40),
    staker: keyAt(data, 72),
  };
}

/** Reads an Exit. @throws account-kind, account-length, account-version */
export function decodeExit(data: Uint8Array): Exit {
  check(data, "Exit");
  return {
    number: readU32(data, 12),
    shares: readU64(data, 16),
    readyAt: readU64(data, 24),
    position: keyAt(data, 32),
  };
}
