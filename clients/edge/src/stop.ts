import type { Wallet } from "./wallet/lanes.ts";

/** Revokes lanes in the background, one run at a time. */
export interface Revoker {
  /** Settles when no lane's key is good any more, or when `end` is called. */
  start(): Promise<void>;
  /** Gives the run under way up. */
  end(): Promise<void>;
}

export function createRevoker(wallet: Pick<Wallet, "revokeAll"> | null): Revoker {
  let running: { readonly controller: AbortController; readonly done: Promise<void> } | null = null;
  return {
    start() {
      if (wallet === null) return Promise.resolve();
      if (running !== null) return running.done;
      const controller = new AbortController();
      const done = wallet.revokeAll(controller.signal).finally(() => {
        running = null;
      });
      running = { controller, done };
      return done;
    },
    async end() {
      running?.controller.abort();
      await running?.done.catch(() => {});
    },
  };
}
