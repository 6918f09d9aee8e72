import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { readTargetHistory, type TargetChange } from "@tolldns/policy";
import type { TargetAccount } from "@tolldns/sdk/policy";
import type { TransitionSnapshot } from "@tolldns/web";
import type { PolicyProgram } from "../policy/program.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** Changes kept; the chain has all of them. */
const MOST = 500;
/** Windows read again before the change that is to be read, so that its round is whole. */
const WINDOWS = 3;

/** Changes of state as they happen, kept in a file: reading months of windows at each start would take minutes. */
export interface Changes {
  /** Newest first. */
  list(): readonly TransitionSnapshot[];
  /** Reads what happened to targets that changed since the last look. */
  follow(
    rpc: Rpc,
    program: PolicyProgram,
    genesis: Uint8Array,
    targets: readonly TargetAccount[],
  ): Promise<void>;
}

export function openChanges(file: string): Changes {
  let known: TransitionSnapshot[] = read(file);
  /** Transitions of each target that are in `known`, or were given up. */
  const counted = new Map<string, bigint>();

  function take(id: string, changes: readonly TargetChange[]): void {
    const fresh = changes
      .map((change) => describeChange(id, change))
      .filter((one) => !known.some(({ target, at, to }) => target === id && at === one.at && to === one.to));
    if (fresh.length === 0) return;
    known = [...fresh, ...known].sort((a, b) => b.at - a.at).slice(0, MOST);
    writeFileSync(`${file}.new`, `${JSON.stringify(known)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  return {
    list: () => known,
    async follow(rpc, program, genesis, targets) {
      for (const { id: bytes, kind, name, standing } of targets) {
        const id = Buffer.from(bytes).toString("hex");
        const { transitions, since } = standing;
        if (transitions === (counted.get(id) ?? 0n)) continue;
        const isKnown = known.some(({ target, at }) => target === id && at === Number(since));
        if (!isKnown) {
          const { changes } = await readTargetHistory({
            call: (method, params) => rpc.call(method, params),
            program: program.deployment.policy,
            genesis,
            target: { kind, name },
            since: Number(since) - WINDOWS * program.config.terms.window,
          });
          take(id, changes);
        }
        counted.set(id, transitions);
      }
    },
  };
}

function describeChange(target: string, change: TargetChange): TransitionSnapshot {
  const { from, to, at, begin, verdict, roster, evidenceRoot, signature, seats } = change;
  return {
    target,
    from,
    to,
    at,
    begin,
    verdict,
    roster: String(roster),
    evidenceRoot,
    signature,
    reports:
      seats === null
        ? null
        : seats.flatMap(({ seat, operator, region, asn, weight, struck, said }) =>
            said === null
              ? []
              : [
                  {
                    seat,
                    operator,
                    region,
                    asn,
                    weight: String(weight),
                    total: said.total,
                    ok: said.ok,
                    says: said.verdict,
                    struck,
                  },
                ],
          ),
  };
}

function read(file: string): TransitionSnapshot[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as TransitionSnapshot[];
  } catch {
    return [];
  }
}
