import { type AddressLike, toAddress } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  DEFAULT_POLICY_TERMS,
  derivePolicyConfig,
  hashPolicyDomain,
  hashTarget,
  LENGTHS,
  type PolicyTerms,
  type Runs,
  TARGET_KINDS,
  TARGET_STATES,
  type TargetKind,
  type TargetState,
} from "@tolldns/sdk/policy";

/** Bytes of accounts as the program writes them; the decoders of the SDK are held to the program's own in tests/programs/policy. */

const VERSION = 1;

function begin(kind: keyof typeof LENGTHS): { readonly data: Uint8Array; readonly view: DataView } {
  const data = new Uint8Array(LENGTHS[kind]);
  data.set(ACCOUNT_DISCRIMINATORS[kind]);
  data[8] = VERSION;
  return { data, view: new DataView(data.buffer) };
}

export function configBytes(given: {
  readonly program: AddressLike;
  readonly genesis: Uint8Array;
  readonly terms?: Partial<PolicyTerms>;
  readonly paused?: boolean;
}): Uint8Array {
  const { data, view } = begin("PolicyConfig");
  const terms = { ...DEFAULT_POLICY_TERMS, ...given.terms };
  data[10] = given.paused === true ? 1 : 0;
  const { operators, regions, networks, degradeAfter, disableAfter, recoverAfter, restoreAfter, seats } =
    terms;
  data.set([operators, regions, networks, degradeAfter, disableAfter, recoverAfter, restoreAfter, seats], 11);
  const { quorumBps, poorBps, badBps, leastProbes } = terms;
  for (const [i, value] of [quorumBps, poorBps, badBps, leastProbes].entries())
    view.setUint16(20 + 2 * i, value, true);
  const { window, report, dwell, roster, enrol, evidence, strike } = terms;
  for (const [i, value] of [window, report, dwell, roster, enrol, evidence, strike].entries())
    view.setUint32(28 + 4 * i, value, true);
  data.set(hashPolicyDomain(given.genesis, derivePolicyConfig(toAddress(given.program)).address), 72);
  return data;
}

export interface TargetParts {
  readonly kind?: TargetKind;
  readonly name: string;
  readonly state?: TargetState;
  readonly since?: number;
  readonly runs?: Partial<Runs>;
  /** Begin and end of the last window judged. */
  readonly judged?: readonly [number, number];
  readonly transitions?: number;
  readonly evidenceRoot?: Uint8Array;
}

export function targetBytes(parts: TargetParts): Uint8Array {
  const { data, view } = begin("Target");
  const { kind = "backend", name, state = "healthy", since = 0, runs = {}, judged = [0, 0] } = parts;
  data[10] = TARGET_KINDS[kind];
  data[11] = name.length;
  data[12] = TARGET_STATES.indexOf(state);
  data.set([runs.poor ?? 0, runs.bad ?? 0, runs.clean ?? 0], 14);
  const times = [since, ...judged, parts.transitions ?? 0];
  for (const [i, value] of times.entries()) view.setBigUint64(24 + 8 * i, BigInt(value), true);
  data.set(hashTarget(kind, name), 72);
  if (parts.evidenceRoot !== undefined) data.set(parts.evidenceRoot, 136);
  data.set(Buffer.from(name), 168);
  return data;
}

/** The Clock sysvar. */
export function clockBytes(slot: number, seconds: number): Uint8Array {
  const data = new Uint8Array(40);
  const view = new DataView(data.buffer);
  view.setBigUint64(0, BigInt(slot), true);
  view.setBigInt64(32, BigInt(seconds), true);
  return data;
}
