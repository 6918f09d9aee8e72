import type { Signer } from "@tolldns/sdk";
import {
  decodeReport,
  formatTarget,
  type Target,
  type TargetKind,
  targetId,
  writeChallengeSet,
} from "@tolldns/sdk/policy";
import type { Log } from "../runtime/log.ts";
import { type PolicyState, setAt } from "./chain/state.ts";
import type { TargetStatus } from "./options.ts";
import { findOwnFault, signWindow } from "./report.ts";
import type { SetBook } from "./set-book.ts";
import type { KeptReport, VerifierStore, WindowKey } from "./store/open.ts";

export interface FinisherParts {
  readonly store: VerifierStore;
  /** Hot key. */
  readonly key: Signer;
  readonly sets: SetBook;
  readonly log: Log;
  /** The chain as last seen. */
  readonly state: () => PolicyState;
  /** Told when there is a report to bring to the chain. */
  readonly onSigned: () => void;
}

/** Makes reports of windows that are over, and remembers what the last one of each target said. */
export interface Finisher {
  /** Signs what is on disk of a window, unless it could be held against this verifier. */
  finish(target: Target, window: Pick<WindowKey, "begin">): Promise<void>;
  /** Notes that a report is on chain. */
  noteLanded(report: Pick<KeptReport, "kind" | "name" | "begin">): void;
  statusOf(target: Target): TargetStatus;
  /** Reports signed since the start. */
  readonly reports: number;
}

const keyOf = (kind: TargetKind, name: string): string => `${kind} ${name}`;

export function createFinisher({ store, key, sets, log, state, onSigned }: FinisherParts): Finisher {
  const last = new Map<string, TargetStatus>();
  let reports = 0;
  return {
    async finish(target, { begin }) {
      const { config } = state();
      const end = begin + BigInt(config.terms.window);
      const published = setAt(config, begin);
      const set = published === undefined ? undefined : sets.find(published);
      if (set === undefined) return;
      const name = formatTarget(target);
      const wrong = await findOwnFault(store, { target: targetId(target), begin }, set, end);
      if (wrong !== null)
        return log("warn", "a window is not reported", { target: name, begin, reason: wrong });
      await store.keepSet(set.version, writeChallengeSet(set));
      const context = { state: state(), key, target, begin, end, setVersion: set.version };
      const kept = await signWindow(store, context);
      if (kept === null) return;
      reports++;
      const { kind } = target;
      const { total, ok } = decodeReport(kept.bytes);
      last.set(keyOf(kind, name), { kind, name, lastWindow: begin, total, ok, reported: kept.landed });
      onSigned();
    },
    noteLanded({ kind, name, begin }) {
      const told = last.get(keyOf(kind, name));
      if (told?.lastWindow === begin) last.set(keyOf(kind, name), { ...told, reported: true });
    },
    statusOf(target) {
      const { kind } = target;
      const name = formatTarget(target);
      const unseen = { kind, name, lastWindow: null, total: 0, ok: 0, reported: false };
      return last.get(keyOf(kind, name)) ?? unseen;
    },
    get reports() {
      return reports;
    },
  };
}
