import { bytesEqual, formatAddress } from "@tolldns/sdk";
import { decodeVerifier, deriveVerifier, type Roster, type Seat } from "@tolldns/sdk/policy";
import { deriveNode, type OperatorNode, weightOf } from "@tolldns/sdk/stake";
import { type PolicyProgram, readRoster } from "../policy/program.ts";
import { duration, fullTime } from "../policy/when.ts";
import { formatNative } from "../stake/amounts.ts";
import { type FoundOperator, readNodes, readOperators, type StakeProgram } from "../stake/program.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** What stands between a verifier key and a seat. Times in Unix seconds. */
export interface VerifierStanding {
  readonly now: bigint;
  /** The VERIFIER node with this key; null while there is none. */
  readonly node: (OperatorNode & { readonly address: Uint8Array }) | null;
  readonly operator: FoundOperator | null;
  /** All operators, for proofs of the tree. */
  readonly operators: readonly FoundOperator[];
  readonly weight: bigint;
  /** From when on it may enrol again; 0n if it was never struck. */
  readonly struckUntil: bigint;
  readonly newest: Roster | null;
  readonly inForce: Roster | null;
  /** Its seats in the two. */
  readonly newestSeat: Seat | null;
  readonly seat: Seat | null;
}

/** Reads where a verifier key stands. @throws CliError rpc-unreachable */
export async function readStanding(
  rpc: Rpc,
  program: PolicyProgram,
  stake: StakeProgram,
  key: Uint8Array,
  now: bigint,
): Promise<VerifierStanding> {
  const { roster, enrolmentEnds } = program.config;
  const [nodes, operators, newest] = await Promise.all([
    readNodes(rpc, stake),
    readOperators(rpc, stake),
    readRoster(rpc, program, roster),
  ]);
  const inForce = now >= enrolmentEnds ? newest : await readRoster(rpc, program, roster - 1n);
  const own = nodes.find(({ role, hotKey }) => role === "verifier" && bytesEqual(hotKey, key)) ?? null;
  const operator =
    own === null ? null : (operators.find(({ address }) => bytesEqual(address, own.operator)) ?? null);
  const struck =
    own === null
      ? null
      : await rpc.readAccount(deriveVerifier(program.deployment.policy, own.operator).address);
  const seatIn = (given: Roster | null): Seat | null =>
    given?.seats.find((seat) => own !== null && bytesEqual(seat.operator, own.operator)) ?? null;
  return {
    now,
    node:
      own === null
        ? null
        : { ...own, address: deriveNode(stake.deployment.stake, own.operator, own.number).address },
    operator,
    operators,
    weight: operator === null ? 0n : weightOf(operator.operator, stake.config.terms.leastSelfStake),
    struckUntil: struck === null ? 0n : decodeVerifier(struck.data).struckUntil,
    newest,
    inForce,
    newestSeat: seatIn(newest),
    seat: seatIn(inForce),
  };
}

/** When the next roster may be opened. */
export function nextOpening({ config }: PolicyProgram): bigint {
  return config.roster === 0n ? 0n : config.rosterEnds - BigInt(config.terms.enrol);
}

/** What is missing, and what to do about it, the first thing first; empty when nothing is. */
export function whatIsMissing(standing: VerifierStanding, program: PolicyProgram, key: Uint8Array): string[] {
  const { node, operator, weight, struckUntil, now, newest, newestSeat } = standing;
  if (node === null)
    return [
      `No node of role VERIFIER has this key. The operator's owner registers it: \`tolldns stake node add --role verifier --hot-key ${formatAddress(key)} --region <number> --asn <number> --endpoint https://…\``,
    ];
  if (operator === null) return ["Its operator is gone. Register anew: `tolldns stake operator register`"];
  if (operator.operator.retired) return ["Its operator is retired and can't report any more."];
  if (operator.operator.jailed)
    return ["Its operator is jailed: `tolldns stake operator unjail` when its time has come."];
  if (weight === 0n)
    return [
      "Its operator weighs nothing: it needs a witness key and the least self-stake. `tolldns stake status` says which.",
    ];
  const { listed } = operator.operator;
  if (listed === undefined || listed.weight === 0n)
    return ["The tree of weights doesn't have it yet: `tolldns stake sync`, or wait for a quorum keeper."];
  if (struckUntil > now)
    return [
      `It was struck for a false report, and may enrol again from ${fullTime(Number(struckUntil))} on.`,
    ];
  if (newestSeat?.struck === true) return ["Its seat was struck: it counts again in a later roster."];
  if (newestSeat !== null) return [];
  const opens = nextOpening(program);
  if (newest !== null && now < newest.enrolmentEnds)
    return [
      `It has no seat yet: \`tolldns verifier enrol\` takes one (${duration(Number(newest.enrolmentEnds - now))} left).`,
    ];
  return [
    now >= opens
      ? "It has no seat yet: `tolldns verifier enrol` opens a roster and takes one."
      : `Enrolment is over; the next one begins ${fullTime(Number(opens))}, in ${duration(Number(opens - now))}. A running verifier enrols by itself.`,
  ];
}

/** A seat for people. */
export const seatText = (seat: Seat | null, roster: Roster | null): string =>
  seat === null || roster === null
    ? "no seat"
    : `seat ${seat.seat} of roster ${roster.number}, ${seat.struck ? "struck" : `weight ${formatNative(seat.weight)}, region ${seat.region}, AS${seat.asn}`}`;
