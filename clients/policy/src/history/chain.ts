import { formatAddress, toHex } from "@tolldns/sdk";
import {
  decodeRoster,
  decodeRound,
  deriveRoster,
  deriveRound,
  deriveTarget,
  gradeReport,
  hashEvidence,
  hashTarget,
  type PolicyConfig,
  type Roster,
  TARGET_STATES,
  type TargetState,
  VERDICTS,
  type Verdict,
} from "@tolldns/sdk/policy";
import { decodeNode, type OperatorNode } from "@tolldns/sdk/stake";
import { configAddress, readConfig } from "../view/accounts.ts";
import { type RpcCall, rpcChain } from "../view/chains.ts";
import type { ChainAccount, TargetName } from "../view/types.ts";
import { type LandedEvent, readEvents } from "./transactions.ts";
import type { JudgedWindow, SeatReport, TargetChange, TargetHistory, ToldRound } from "./types.ts";

export interface ReadHistoryOptions {
  /** Calls Solana's JSON-RPC. */
  readonly call: RpcCall;
  /** The policy program and the cluster's genesis hash, 32 bytes each. */
  readonly program: Uint8Array;
  readonly genesis: Uint8Array;
  readonly target: TargetName;
  /** Unix seconds: what landed earlier is not read. Default: everything. */
  readonly since?: number;
  /** Most transactions read. Default 5 000. */
  readonly most?: number;
}

const ACCOUNTS = 100;
type EventNamed<Name> = LandedEvent & { readonly event: Extract<LandedEvent["event"], { name: Name }> };

/**
 * What happened to a target by the chain: every report, judgement and change of state, from events in the transactions that touch its account, with the
 * seats and Nodes behind them. One question a transaction, so a day of 300 s windows takes some 1 200.
 * @throws Error if the RPC refuses, or the chain is another
 */
export async function readTargetHistory(options: ReadHistoryOptions): Promise<TargetHistory> {
  const { call, program, genesis, target, since = 0, most = 5_000 } = options;
  const id = hashTarget(target.kind, target.name);
  const address = formatAddress(deriveTarget(program, id).address);
  const { events: all, isComplete } = await readEvents({ call, program, address, since, most });
  const events = all.filter(({ event }) => "id" in event && toHex(event.id) === toHex(id));
  const [account] = await readAccounts(call, [configAddress(program)]);
  if (account === null || account === undefined) throw new Error("the chain has no PolicyConfig");
  const config = readConfig(account, program, genesis);
  const windows = of(events, "judged").map(tellWindow);
  const rounds = await tellRounds({ call, program, id, config, events, isComplete });
  const own = { ...target, id: toHex(id) };
  return {
    target: own,
    windows,
    rounds,
    changes: of(events, "transition").map((one): TargetChange => {
      const { from, to, at, begin, verdict, roster, evidenceRoot } = one.event;
      return {
        ...landed(one),
        target: own,
        from: stateOf(from),
        to: stateOf(to),
        at: Number(at),
        begin: Number(begin),
        verdict: verdictOf(verdict),
        roster,
        evidenceRoot: toHex(evidenceRoot),
        seats: rounds.get(Number(begin))?.seats ?? null,
      };
    }),
    terms: config.terms,
    domain: toHex(config.domain),
    isComplete,
  };
}

function of<Name extends LandedEvent["event"]["name"]>(
  events: readonly LandedEvent[],
  name: Name,
): EventNamed<Name>[] {
  return events.filter((one): one is EventNamed<Name> => one.event.name === name);
}

const landed = ({ signature, slot, landedAt }: LandedEvent) => ({ signature, slot, landedAt });
const stateOf = (number: number): TargetState => TARGET_STATES[number] ?? "healthy";
const verdictOf = (number: number): Verdict => VERDICTS[number] ?? "unknown";

function tellWindow(one: EventNamed<"judged">): JudgedWindow {
  const { begin, verdict, clean, poor, bad, total, state } = one.event;
  return {
    ...landed(one),
    begin: Number(begin),
    verdict: verdictOf(verdict),
    weight: { clean, poor, bad, total },
    state: stateOf(state),
  };
}

interface RoundsOptions {
  readonly call: RpcCall;
  readonly program: Uint8Array;
  readonly id: Uint8Array;
  readonly config: PolicyConfig;
  readonly events: readonly LandedEvent[];
  readonly isComplete: boolean;
}

/** The rounds that all reports are known of. */
async function tellRounds(options: RoundsOptions): Promise<Map<number, ToldRound>> {
  const { call, program, id, config, events, isComplete } = options;
  const reported = [...Map.groupBy(of(events, "reported"), ({ event }) => event.begin)];
  // Where older transactions were not read, the oldest window may lack its first reports.
  const known = isComplete ? reported : reported.slice(1);
  const begins = known.map(([begin]) => begin);
  const accounts = await readAccounts(
    call,
    begins.map((begin) => deriveRound(program, id, begin).address),
  );
  const numbers = [...new Set(known.map(([, [first]]) => first?.event.roster ?? 0n))];
  const rosters = await readRosters(call, program, numbers);
  const changes = new Map(of(events, "transition").map(({ event }) => [event.begin, event.evidenceRoot]));
  const rounds = new Map<number, ToldRound>();
  for (const [i, [begin, reports]] of known.entries()) {
    const roster = reports[0]?.event.roster ?? 0n;
    const rows = reports.map(({ event }) => event);
    const evidenceRoot = hashEvidence({ domain: config.domain, id, begin, roster }, rows);
    const account = accounts[i] ?? null;
    const onChain = changes.get(begin) ?? (account === null ? null : decodeRound(account.data).evidenceRoot);
    rounds.set(Number(begin), {
      begin: Number(begin),
      roster,
      evidenceRoot: toHex(evidenceRoot),
      isProven: onChain === null ? null : toHex(onChain) === toHex(evidenceRoot),
      seats: tellSeats(rosters.get(roster), rows, config),
    });
  }
  return rounds;
}

type Reported = Extract<LandedEvent["event"], { name: "reported" }>;

function tellSeats(
  found: { readonly roster: Roster; readonly nodes: ReadonlyMap<number, OperatorNode> } | undefined,
  reports: readonly Reported[],
  { terms }: PolicyConfig,
): SeatReport[] | null {
  if (found === undefined) return null;
  return found.roster.seats.map(({ seat, operator, node, region, asn, weight, struck }) => {
    const report = reports.find((one) => one.seat === seat);
    const verdict = report === undefined ? "unknown" : gradeReport(report.total, report.ok, terms);
    const machine = found.nodes.get(seat);
    return {
      seat,
      operator: formatAddress(operator),
      node: formatAddress(node),
      region,
      asn,
      weight,
      struck,
      said:
        report === undefined || verdict === "unknown"
          ? null
          : { total: report.total, ok: report.ok, verdict, probesRoot: toHex(report.probesRoot) },
      endpoint: machine === undefined || machine.endpoint === "" ? null : machine.endpoint,
      hotKey: machine === undefined ? null : formatAddress(machine.hotKey),
    };
  });
}

async function readRosters(call: RpcCall, program: Uint8Array, numbers: readonly bigint[]) {
  const accounts = await readAccounts(
    call,
    numbers.map((number) => deriveRoster(program, number).address),
  );
  const found = new Map<bigint, { readonly roster: Roster; readonly nodes: Map<number, OperatorNode> }>();
  for (const [i, number] of numbers.entries()) {
    const account = accounts[i] ?? null;
    if (account === null) continue;
    const roster = decodeRoster(account.data);
    const nodes = new Map<number, OperatorNode>();
    const machines = await readAccounts(
      call,
      roster.seats.map(({ node }) => node),
    );
    for (const [seat, machine] of machines.entries()) {
      // A Node that was removed, or whose account is something else by now, has no say in where its files are.
      if (machine !== null)
        try {
          nodes.set(seat, decodeNode(machine.data));
        } catch {}
    }
    found.set(number, { roster, nodes });
  }
  return found;
}

async function readAccounts(
  call: RpcCall,
  addresses: readonly Uint8Array[],
): Promise<(ChainAccount | null)[]> {
  const chain = rpcChain(call);
  const found: (ChainAccount | null)[] = [];
  for (let from = 0; from < addresses.length; from += ACCOUNTS) {
    const page = addresses.slice(from, from + ACCOUNTS);
    found.push(...(await chain.read(page, new AbortController().signal)).accounts);
  }
  return found;
}
