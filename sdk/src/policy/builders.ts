import { type AddressLike, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { hash, tail, u8, u16, u32, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveStakeConfig, deriveStakeTree } from "../stake/address.ts";
import { encode } from "./data.ts";
import {
  config,
  type Deployed,
  make,
  type OfRound,
  rosterOf,
  roundOf,
  targetOf,
  verifierOf,
} from "./parts.ts";
import { hashTarget, TARGET_KINDS, type TargetKind } from "./target.ts";

/** Opens roster `number`, which is PolicyConfig's roster plus one, for enrolment. @throws address-invalid, integer-range */
export function openRoster(
  input: Deployed & { readonly payer: AddressLike; readonly number: bigint },
): Instruction {
  const { deployment, payer, number } = input;
  return make(
    deployment,
    [
      paying(payer),
      writable(config(deployment)),
      writable(rosterOf(deployment, number)),
      // The one before; none is told by the program's own id.
      number === 1n ? readonly(deployment.policy) : writable(rosterOf(deployment, number - 1n)),
      readonly(deriveStakeTree(deployment.stake).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("openRoster"),
  );
}

/**
 * Takes a seat of a roster for an operator's VERIFIER node, which signs by its hot key. `leaf`, `proof`: of the roster's snapshot, from the leaf upwards. The same
 * again does nothing. @throws address-invalid, integer-range
 */
export function enroll(
  input: Deployed & {
    /** Number of the roster. */
    readonly roster: bigint;
    readonly hotKey: AddressLike;
    /** The stake program's accounts. */
    readonly operator: AddressLike;
    readonly node: AddressLike;
    readonly leaf: { readonly index: number; readonly witness: AddressLike; readonly weight: bigint };
    readonly proof: Uint8Array;
  },
): Instruction {
  const { deployment, roster, hotKey, operator, node, leaf, proof } = input;
  return make(
    deployment,
    [
      signing(hotKey),
      writable(rosterOf(deployment, roster)),
      readonly(operator),
      readonly(node),
      readonly(verifierOf(deployment, operator)),
    ],
    encode(
      "enroll",
      u32(leaf.index, "index"),
      toAddress(leaf.witness),
      u64(leaf.weight, "weight"),
      tail(proof),
    ),
  );
}

/** Registers a backend or gateway by the name that formatTarget gives. @throws target-form, address-invalid */
export function registerTarget(
  input: Deployed & { readonly payer: AddressLike; readonly kind: TargetKind; readonly name: string },
): Instruction {
  const { deployment, payer, kind, name } = input;
  return make(
    deployment,
    [
      paying(payer),
      writable(config(deployment)),
      writable(targetOf(deployment, hashTarget(kind, name))),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("registerTarget", u8(TARGET_KINDS[kind], "kind"), tail(new TextEncoder().encode(name))),
  );
}

/** What a verifier says of a target's window, as the chain takes it. */
export interface ReportArguments extends OfRound {
  /** Signs, and pays for the Round if it is the first to report. */
  readonly hotKey: AddressLike;
  /** Number of the roster in force when the window begins. */
  readonly roster: bigint;
  readonly seat: number;
  /** The stake program's accounts, as the seat has them. */
  readonly operator: AddressLike;
  readonly node: AddressLike;
  readonly total: number;
  readonly ok: number;
  /** Of the list of records, 32 bytes. */
  readonly probesRoot: Uint8Array;
}

/** Reports a window, once it is over. The same again does nothing. @throws bytes-length, integer-range, address-invalid */
export function report(input: ReportArguments): Instruction {
  const { deployment, id, begin, hotKey, roster, seat, operator, node, total, ok, probesRoot } = input;
  return make(
    deployment,
    [
      paying(hotKey),
      readonly(config(deployment)),
      writable(targetOf(deployment, id)),
      readonly(rosterOf(deployment, roster)),
      writable(roundOf(input)),
      readonly(operator),
      readonly(node),
      readonly(deriveStakeConfig(deployment.stake).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode(
      "report",
      u64(begin, "begin"),
      u8(seat, "seat"),
      u16(total, "total"),
      u16(ok, "ok"),
      hash(probesRoot, "probesRoot"),
    ),
  );
}

/** Judges a window, once the time of reports is over and the one before was judged. `roster`: the Round's; `window`: the terms', seconds. @throws bytes-length, integer-range */
export function judge(input: OfRound & { readonly roster: bigint; readonly window: number }): Instruction {
  const { deployment, id, begin, roster, window } = input;
  return make(
    deployment,
    [
      readonly(config(deployment)),
      writable(targetOf(deployment, id)),
      writable(roundOf(input)),
      readonly(rosterOf(deployment, roster)),
      // The Round of the window before; often there is none.
      readonly(roundOf({ deployment, id, begin: begin - BigInt(window) })),
    ],
    encode("judge", u64(begin, "begin")),
  );
}

/** Closes a Round whose evidence is over; `payer`: the Round's. @throws bytes-length, integer-range, address-invalid */
export function closeRound(input: OfRound & { readonly payer: AddressLike }): Instruction {
  return make(input.deployment, [writable(input.payer), writable(roundOf(input))], encode("closeRound"));
}

/** Closes a Roster whose evidence is over; `payer`: the Roster's. @throws integer-range, address-invalid */
export function closeRoster(
  input: Deployed & { readonly number: bigint; readonly payer: AddressLike },
): Instruction {
  const { deployment, number, payer } = input;
  return make(deployment, [writable(payer), writable(rosterOf(deployment, number))], encode("closeRoster"));
}

/** Closes a HEALTHY target that nobody reported for `TARGET_IDLE` seconds; `payer`: the Target's. @throws bytes-length, address-invalid */
export function closeTarget(
  input: Deployed & { readonly id: Uint8Array; readonly payer: AddressLike },
): Instruction {
  const { deployment, id, payer } = input;
  return make(
    deployment,
    [writable(payer), writable(config(deployment)), writable(targetOf(deployment, id))],
    encode("closeTarget"),
  );
}
