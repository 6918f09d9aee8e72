import { summaryOf } from "../../ledger/report.ts";
import type { FaultSettings } from "../../types.ts";
import { keyOf } from "../../wire/base58.ts";
import type { Context, Method, Methods } from "../context.ts";
import { METHOD_NOT_FOUND, RpcError } from "../errors.ts";
import { config, signature, whole } from "../params.ts";

/** Lets a method answer only on a chain started with `control`. */
function controlled(method: Method): Method {
  return (context, params) => {
    if (!context.control) throw new RpcError(METHOD_NOT_FOUND, "Method not found");
    return method(context, params);
  };
}

/** Clock and faults for tests that run the chain in a process of its own. */
export const controlMethods: Methods = Object.fromEntries(
  Object.entries({
    tolldns_advance: async (context: Context, [slots]: readonly unknown[]) => {
      await context.clock.advance(whole(slots));
      return context.clock.slot();
    },
    /** Seconds. */
    tolldns_advanceTime: async (context: Context, [seconds]: readonly unknown[]) => {
      await context.clock.advanceTime(whole(seconds));
      return context.clock.unixTime();
    },
    tolldns_setFaults: (context: Context, [settings]: readonly unknown[]) => {
      context.faults.set(config(settings) as Partial<FaultSettings>);
      return context.faults.settings();
    },
    tolldns_getFaults: (context: Context) => context.faults.settings(),
    tolldns_rollback: (context: Context, [slots]: readonly unknown[]) =>
      context.faults.rollback(whole(slots)),
    tolldns_forget: (context: Context, [given]: readonly unknown[]) => {
      signature(given);
      return context.faults.forget(given as string);
    },
    tolldns_expireBlockhashes: async (context: Context) => {
      await context.faults.expireBlockhashes();
      return true;
    },
    tolldns_status: ({ ledger }: Context) => summaryOf(ledger),
    /** Whether a signature has landed at all, at any commitment. */
    tolldns_landed: ({ ledger }: Context, [given]: readonly unknown[]) =>
      ledger.find(keyOf(signature(given))) !== null,
  }).map(([name, method]) => [name, controlled(method)]),
);
