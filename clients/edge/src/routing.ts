import { join } from "node:path";
import type { Attention } from "@tolldns/policy/attention";
import { type Board, createBoard } from "@tolldns/policy/board";
import { DEFAULT_SETTINGS, scoreOf } from "@tolldns/policy/decide";
import { openDecisionLog } from "@tolldns/policy/log/log";
import type { DecisionLog } from "@tolldns/policy/log/types";
import type { PolicyView } from "@tolldns/policy/view/types";
import { toAddress } from "@tolldns/sdk";
import type { EdgeClock } from "./clock.ts";
import { EdgeError } from "./errors.ts";
import type { FreeUpstreams } from "./free.ts";
import type { Gateway } from "./gateways/gateway.ts";
import type { EdgeOptions } from "./options.ts";
import { loadPolicyParts } from "./parts.ts";
import { freeMember, gatewayMember, type Member } from "./resolve/member.ts";
import type { EdgeStatus, GatewayStatus } from "./status.ts";
import { createRpc } from "./wallet/rpc.ts";

/** Folder of the decision log, and file of the states last read, in the state folder. */
export const DECISIONS_FOLDER = "decisions";
const POLICY_FILE = "policy.json";
/** Seconds a gateway is left alone that must be paid while nothing is. */
const BLOCKED_SECONDS = 3_600;

export interface RoutingDeps {
  readonly options: EdgeOptions;
  readonly clock: EdgeClock;
  readonly attention: Attention;
  readonly gateways: readonly Gateway[];
  readonly free: FreeUpstreams | null;
  /** May nothing be paid now? */
  readonly isBlocked: () => boolean;
  /** A member was put out. */
  readonly onEject: (member: Member) => void;
}

/** Who is asked first and why: members, their board, what the chain says of them, and the log of decisions. */
export interface Routing {
  readonly members: readonly Member[];
  readonly board: Board<Member>;
  /** Gateways in the order in which they would be asked now. */
  gateways(): Gateway[];
  status(): Pick<EdgeStatus, "routing" | "policy" | "log">;
  /** What of a gateway's status is not the gateway's own to know. */
  gatewayStatus(gateway: Gateway): Pick<GatewayStatus, "policy" | "score">;
  close(): Promise<void>;
}

export async function startRouting(deps: RoutingDeps): Promise<Routing> {
  const { options, clock, gateways } = deps;
  const random = options.random ?? Math.random;
  const members: readonly Member[] = [
    ...gateways.map(gatewayMember),
    ...(deps.free?.upstreams ?? []).map((upstream) => freeMember(upstream, clock, deps.attention, random)),
  ];
  const byGateway = new Map(members.map((member) => [member.gateway, member]));
  const log = options.decisions ?? (await openLog(options, clock));
  const policy = await openView(options, clock, gateways);
  const board = createBoard<Member>({
    members,
    now: clock.now,
    random,
    policy,
    log: withTold(log, options),
    refresh(member) {
      const { gateway } = member;
      if (gateway === null) return;
      member.price = gateway.price();
      const isBlocked = deps.isBlocked() && gateway.mustPay() === true;
      member.quotaWait = isBlocked
        ? BLOCKED_SECONDS
        : gateway.reason() === null
          ? 0
          : Math.max(0.001, gateway.waitSeconds());
    },
    onEject: deps.onEject,
    tierNames: ["gateways", "upstream quorum", "free upstreams", "stale cache"],
  });
  for (const member of members) member.score.onChange((change) => board.changed(member, change));
  return {
    members,
    board,
    gateways: () => board.lineup().members.flatMap(({ gateway }) => gateway ?? []),
    status() {
      const { choice, tier, sinceMs, reason, switches, fallbacks, ejections, returns } = board.status();
      const { next, lost, trouble } = log.status();
      const view = policy?.status() ?? null;
      return {
        routing: {
          choice,
          tier: tier === 0 ? "gateways" : tier === 3 ? "stale cache" : "free upstreams",
          sinceSeconds: sinceMs / 1000,
          reason,
          switches,
          fallbacks,
          ejections,
          returns,
        },
        policy: view === null ? null : { source: view.source, age: finite(view.age), trouble: view.trouble },
        log: { next, lost, trouble },
      };
    },
    gatewayStatus(gateway) {
      const member = byGateway.get(gateway) as Member;
      const facts = policy?.of(gateway.target) ?? null;
      return {
        score: gateway.reason() === null ? scoreOf(member, DEFAULT_SETTINGS) : null,
        policy:
          facts === null
            ? null
            : {
                state: facts.state,
                shareBps: facts.shareBps,
                age: finite(facts.age),
                evidenceRoot: facts.evidenceRoot,
              },
      };
    },
    async close() {
      board.close();
      if (policy !== options.policy) await policy?.close();
      if (log !== options.decisions) await log.close();
    },
  };
}

function openLog(options: EdgeOptions, clock: EdgeClock): Promise<DecisionLog> {
  return openDecisionLog({
    folder: join(options.stateDir, DECISIONS_FOLDER),
    where: "edge",
    clock,
    maxBytes: 256 * 1024,
    onTrouble: (detail) => options.log?.({ level: "warn", event: "decisions", detail }),
  });
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The user's own log hears of each decision too. */
function withTold(log: DecisionLog, options: EdgeOptions): Pick<DecisionLog, "append"> {
  return {
    append(decision) {
      log.append(decision);
      const { kind, subject, why } = decision;
      options.log?.({ level: "info", event: kind, subject, why });
    },
  };
}

/** States of gateways on chain, if it is known which. */
async function openView(
  options: EdgeOptions,
  clock: EdgeClock,
  gateways: readonly Gateway[],
): Promise<PolicyView | null> {
  const { policy, wallet, routes } = options;
  if (policy === false || gateways.length === 0) return null;
  if (policy !== undefined && "of" in policy) return policy;
  const chain = routes !== undefined && "rpcUrl" in routes.chain ? routes.chain : null;
  const rpcUrl = policy?.rpcUrl ?? wallet?.rpcUrl ?? chain?.rpcUrl;
  const genesis = policy?.genesis ?? wallet?.deployment.genesisHash ?? chain?.genesis;
  if (rpcUrl === undefined || genesis === undefined) {
    if (policy !== undefined) throw new EdgeError("option-invalid", "policy: rpcUrl and genesis are needed");
    return null;
  }
  const { openPolicy, rpcChain, POLICY_PROGRAM_ID } = await loadPolicyParts();
  return openPolicy({
    chain: rpcChain(createRpc(rpcUrl)),
    program: toAddress(policy?.program ?? POLICY_PROGRAM_ID),
    genesis: toAddress(genesis),
    // Longer names than the program takes have no state there.
    targets: gateways.flatMap(({ target: name }) => (name.length > 128 ? [] : [{ kind: "gateway", name }])),
    cacheFile: join(options.stateDir, POLICY_FILE),
    clock,
    pollSeconds: policy?.pollSeconds ?? 15,
    log: ({ event, detail }) => options.log?.({ level: "warn", event, detail }),
  });
}
