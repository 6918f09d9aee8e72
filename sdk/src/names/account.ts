import { checkerOf, given, keyAt } from "../account.ts";
import type { Address } from "../address.ts";
import { copyBytes, readU16, readU32, readU64 } from "../bytes.ts";
import { ACCOUNT_DISCRIMINATORS } from "../generated/names.ts";
import { HINT_KINDS, type HintKind, type NamesTerms } from "./data.ts";

/** Bytes of each account. */
export const LENGTHS = {
  NamesConfig: 304,
  Commitment: 88,
  Name: 488,
  Delegate: 176,
  Auction: 128,
  Bid: 88,
  Passport: 240,
} as const;

/** The program's configuration. */
export interface NamesConfig {
  readonly bump: number;
  readonly vaultBump: number;
  readonly paused: boolean;
  readonly terms: NamesTerms;
  readonly authority: Address;
  /** Undefined when nobody is proposed. */
  readonly pendingAuthority: Address | undefined;
  readonly guardian: Address;
  readonly mint: Address;
  readonly tokenProgram: Address;
  readonly vault: Address;
  readonly treasury: Address;
}

/** A name. Times in Unix seconds. */
export interface Name {
  readonly bump: number;
  readonly normalisation: number;
  readonly label: string;
  /** 0 while it was only ever up for auction. */
  readonly generation: number;
  readonly registeredAt: bigint;
  readonly expiresAt: bigint;
  readonly hash: Uint8Array;
  readonly mint: Address;
  /** Who control is offered to and by whom, if it is. */
  readonly offer: { readonly to: Address; readonly by: Address } | undefined;
  /** Who signs routes: the holder as recorded last, since which slot; undefined while nobody was. */
  readonly authority: Address | undefined;
  readonly authoritySlot: bigint;
  /** Who was recorded before. */
  readonly previousAuthority: Address | undefined;
  readonly previousSlot: bigint;
  /** The update posted last in this generation, if there is one. */
  readonly posted: PostedUpdate | undefined;
}

/** A signed route update as it stands on the chain: whole but for its records. The program did not check its signature. */
export interface PostedUpdate {
  readonly version: bigint;
  readonly slot: bigint;
  /** Hash of the update. */
  readonly hash: Uint8Array;
  /** Unix seconds. */
  readonly expiresAt: bigint;
  readonly recordsHash: Uint8Array;
  readonly signer: Address;
  readonly signature: Uint8Array;
}

export interface Commitment {
  readonly madeAt: bigint;
  readonly owner: Address;
  readonly hash: Uint8Array;
}

export interface Delegate {
  readonly role: number;
  readonly generation: number;
  readonly expiresAt: bigint;
  readonly name: Address;
  readonly delegate: Address;
  readonly appointedBy: Address;
  readonly appointedSlot: bigint;
  /** When it was ended, if it was; the record then stays for DELEGATE_TOMBSTONE. */
  readonly ended: { readonly slot: bigint; readonly at: bigint } | undefined;
  /** Who gets the rent when the record closes. */
  readonly payer: Address;
}

/** Seconds for which the record of an ended or expired appointment stays. */
export const DELEGATE_TOMBSTONE = 8 * 86_400;
/** Where a Delegate has the address of its name, for who looks for all of a name's. */
export const DELEGATE_NAME_OFFSET = 48;

/** An auction; amounts in micro-IU. */
export interface Auction {
  readonly settled: boolean;
  readonly generation: number;
  readonly endsAt: bigint;
  readonly highest: bigint;
  readonly nameHash: Uint8Array;
  readonly highestBidder: Address;
  readonly openedBy: Address;
}

export interface Bid {
  /** micro-IU */
  readonly held: bigint;
  readonly auction: Address;
  readonly bidder: Address;
}

export interface Passport {
  readonly wallet: Address;
  readonly mint: Address;
  readonly hint: { readonly kind: HintKind; readonly bytes: Uint8Array };
}

const check = /* #__PURE__ */ checkerOf(ACCOUNT_DISCRIMINATORS, LENGTHS);

/** Reads NamesConfig. @throws account-kind, account-length, account-version */
export function decodeNamesConfig(data: Uint8Array): NamesConfig {
  check(data, "NamesConfig");
  const key = (i: number) => keyAt(data, 80 + 32 * i);
  const price = (i: number) => readU64(data, 40 + 8 * i);
  return {
    bump: data[9] as number,
    vaultBump: data[10] as number,
    paused: data[11] !== 0,
    terms: {
      prices: [price(0), price(1), price(2), price(3), price(4)],
      term: readU32(data, 16),
      grace: readU32(data, 20),
      commitMin: readU32(data, 24),
      commitMax: readU32(data, 28),
      auction: readU32(data, 32),
      extension: readU32(data, 36),
      incrementBps: readU16(data, 12),
    },
    authority: key(0),
    pendingAuthority: given(key(1)),
    guardian: key(2),
    mint: key(3),
    tokenProgram: key(4),
    vault: key(5),
    treasury: key(6),
  };
}

/** Reads a Name. @throws account-kind, account-length, account-version */
export function decodeName(data: Uint8Array): Name {
  check(data, "Name");
  const to = given(keyAt(data, 200));
  const version = readU64(data, 32);
  return {
    bump: data[9] as number,
    normalisation: data[10] as number,
    label: new TextDecoder().decode(data.subarray(424, 424 + (data[11] as number))),
    generation: readU32(data, 12),
    registeredAt: readU64(data, 16),
    expiresAt: readU64(data, 24),
    hash: keyAt(data, 72),
    mint: keyAt(data, 104),
    offer: to && { to, by: keyAt(data, 232) },
    authority: given(keyAt(data, 136)),
    authoritySlot: readU64(data, 56),
    previousAuthority: given(keyAt(data, 168)),
    previousSlot: readU64(data, 64),
    posted:
      version === 0n
        ? undefined
        : {
            version,
            slot: readU64(data, 40),
            hash: keyAt(data, 296),
            expiresAt: readU64(data, 48),
            recordsHash: keyAt(data, 328),
            signer: keyAt(data, 264),
            signature: copyBytes(data, 360, 424),
          },
  };
}

/** Reads a Commitment. @throws account-kind, account-length, account-version */
export function decodeCommitment(data: Uint8Array): Commitment {
  check(data, "Commitment");
  return { madeAt: readU64(data, 16), owner: keyAt(data, 24), hash: keyAt(data, 56) };
}

/** Reads a Delegate. @throws account-kind, account-length, account-version */
export function decodeDelegate(data: Uint8Array): Delegate {
  check(data, "Delegate");
  const endedSlot = readU64(data, 32);
  return {
    role: data[10] as number,
    generation: readU32(data, 12),
    expiresAt: readU64(data, 16),
    appointedSlot: readU64(data, 24),
    ended: endedSlot === 0n ? undefined : { slot: endedSlot, at: readU64(data, 40) },
    name: keyAt(data, DELEGATE_NAME_OFFSET),
    delegate: keyAt(data, 80),
    appointedBy: keyAt(data, 112),
    payer: keyAt(data, 144),
  };
}

/** Reads an Auction. @throws account-kind, account-length, account-version */
export function decodeAuction(data: Uint8Array): Auction {
  check(data, "Auction");
  return {
    settled: data[10] === 2,
    generation: readU32(data, 12),
    endsAt: readU64(data, 16),
    highest: readU64(data, 24),
    nameHash: keyAt(data, 32),
    highestBidder: keyAt(data, 64),
    openedBy: keyAt(data, 96),
  };
}

/** Reads a Bid. @throws account-kind, account-length, account-version */
export function decodeBid(data: Uint8Array): Bid {
  check(data, "Bid");
  return { held: readU64(data, 16), auction: keyAt(data, 24), bidder: keyAt(data, 56) };
}

/** Reads a Passport. @throws account-kind, account-length, account-version */
export function decodePassport(data: Uint8Array): Passport {
  check(data, "Passport");
  return {
    wallet: keyAt(data, 16),
    mint: keyAt(data, 48),
    hint: {
      kind: HINT_KINDS[data[10] as number] ?? "none",
      bytes: copyBytes(data, 80, 80 + (data[11] as number)),
    },
  };
}

/** Who signs in what was frozen in this slot; undefined where nobody was recorded yet, or it can't be told any more. */
export function authorityAt(
  name: Pick<Name, "authority" | "authoritySlot" | "previousAuthority" | "previousSlot">,
  slot: bigint,
): Address | undefined {
  if (name.authoritySlot <= slot) return name.authority;
  return name.previousSlot <= slot ? name.previousAuthority : undefined;
}

/** Where a name stands: "free" can be taken by anyone, in "grace" it can only be renewed. `now` in Unix seconds. */
export function tenureOf(name: Name | undefined, grace: number, now: bigint): "free" | "held" | "grace" {
  if (name === undefined || name.generation === 0 || now >= name.expiresAt + BigInt(grace)) return "free";
  return now < name.expiresAt ? "held" : "grace";
}
