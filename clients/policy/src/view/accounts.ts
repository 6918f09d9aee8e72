import { bytesEqual, readU64, toHex } from "@tolldns/sdk";
import {
  decodePolicyConfig,
  decodeTarget,
  derivePolicyConfig,
  deriveTarget,
  hashPolicyDomain,
  hashTarget,
  type PolicyConfig,
  shareOf,
  type TargetAccount,
  type TargetState,
} from "@tolldns/sdk/policy";
import type { ChainAccount, PolicyFacts, PolicyStateName, TargetName } from "./types.ts";

/** `SysvarC1ock11111111111111111111111111111111`: what the cluster takes for the time. */
export const CLOCK_SYSVAR = Uint8Array.from([
  6, 167, 213, 23, 24, 199, 116, 201, 40, 86, 99, 152, 105, 29, 94, 182, 139, 94, 184, 163, 155, 75, 109, 92,
  115, 85, 91, 33, 0, 0, 0, 0,
]);

/** What a target's name leads to. */
export interface Followed {
  readonly target: TargetName;
  readonly id: Uint8Array;
  readonly address: Uint8Array;
}

/** @throws target-form, address-invalid */
export function followed(program: Uint8Array, target: TargetName): Followed {
  const id = hashTarget(target.kind, target.name);
  return { target, id, address: deriveTarget(program, id).address };
}

/** Address of PolicyConfig. */
export const configAddress = (program: Uint8Array): Uint8Array => derivePolicyConfig(program).address;

/** Unix seconds of the Clock sysvar; null if the account holds none. */
export function readChainTime(account: ChainAccount | null): number | null {
  if (account === null || account.data.length < 40) return null;
  return Number(BigInt.asIntN(64, readU64(account.data, 32)));
}

/** Reads PolicyConfig and holds it against program and cluster. Throws an Error that says what it is instead. */
export function readConfig(account: ChainAccount, program: Uint8Array, genesis: Uint8Array): PolicyConfig {
  if (!bytesEqual(account.owner, program)) throw new Error("PolicyConfig belongs to another program");
  const config = decodePolicyConfig(account.data);
  if (!bytesEqual(config.domain, hashPolicyDomain(genesis, configAddress(program))))
    throw new Error("PolicyConfig is of another cluster");
  return config;
}

/** Reads a Target and holds it against program, kind and name. Throws an Error that says what it is instead. */
export function readTarget(account: ChainAccount, program: Uint8Array, { target }: Followed): TargetAccount {
  if (!bytesEqual(account.owner, program))
    throw new Error(`the account of ${target.name} belongs to another program`);
  const found = decodeTarget(account.data);
  if (found.kind !== target.kind || found.name !== target.name)
    throw new Error(`the account of ${target.name} is of another target`);
  return found;
}

const STATES: Readonly<Record<TargetState, PolicyStateName>> = {
  healthy: "HEALTHY",
  degraded: "DEGRADED",
  disabled: "DISABLED",
  recovering: "RECOVERING",
};

/** Everything of PolicyFacts but the age, which follows from `judgedEnd`: Unix seconds, 0 for one never judged. */
export type LastingFacts = Omit<PolicyFacts, "age"> & { readonly judgedEnd: number };

/** @param config null where it was never read: a share can't be told then, so RECOVERING has none */
export function factsOf(account: TargetAccount, { id }: Followed, config: PolicyConfig | null): LastingFacts {
  const { state, since, runs, judged, transitions } = account.standing;
  const share = config === null ? 0 : shareOf(runs.clean, config.terms);
  return {
    state: STATES[state],
    shareBps: state === "recovering" ? share : 10_000,
    since: Number(since),
    id: toHex(id),
    begin: Number(judged),
    transitions: Number(transitions),
    evidenceRoot: toHex(account.evidenceRoot),
    judgedEnd: Number(account.judgedEnd),
  };
}

/** Would anybody decide otherwise by it? */
export function isSame(a: LastingFacts | null, b: LastingFacts | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.state === b.state &&
    a.shareBps === b.shareBps &&
    a.since === b.since &&
    a.transitions === b.transitions &&
    a.evidenceRoot === b.evidenceRoot
  );
}
