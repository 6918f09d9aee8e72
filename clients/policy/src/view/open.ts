import { systemTimerClock } from "@tolldns/dns/clock";
import { bytesEqual } from "@tolldns/sdk";
import type { PolicyConfig } from "@tolldns/sdk/policy";
import {
  CLOCK_SYSVAR,
  configAddress,
  type Followed,
  factsOf,
  followed,
  isSame,
  type LastingFacts,
  readChainTime,
  readConfig,
  readTarget,
} from "./accounts.ts";
import { CACHE_MEDIUM, loadSaved, storeSaved } from "./cache-file.ts";
import { createChainTime, createSeen, type Seen } from "./seen.ts";
import type { ChainAccount, OpenPolicyOptions, PolicyChange, PolicyFacts, PolicyView } from "./types.ts";

/** Milliseconds after which a read is given up. */
const READ_MS = 30_000;
/** Accounts of one request. */
const PAGE = 100;
/** Milliseconds from a change of state to the file that has it, and between files that only say that more windows were judged. */
const SAVE_MS = 500;
const REFRESH_MS = 300_000;

interface Row extends Followed {
  readonly seen: Seen;
  lasting: LastingFacts | null;
  /** How to end its subscription. */
  unwatch: (() => Promise<void>) | null;
}

/**
 * Follows targets of the policy program: by subscription where the chain has them, and by full reads, which also find out that a subscription died.
 * Begins with what the disk kept, and never waits for the chain: what it says of a moment before the first read is null or old, and `age` tells.
 * @throws TollError target-form, address-invalid for targets that can't be
 */
export async function openPolicy(options: OpenPolicyOptions): Promise<PolicyView> {
  const { chain, program, genesis, cacheFile } = options;
  const clock = options.clock ?? systemTimerClock;
  const pollMs = (options.pollSeconds ?? 10) * 1000;
  const rows = new Map<string, Row>();
  for (const target of options.targets)
    rows.set(target.name, { ...followed(program, target), seen: createSeen(), lasting: null, unwatch: null });
  const configSeen = createSeen();
  let config: PolicyConfig | null = null;
  const time = createChainTime();
  const listeners = new Set<(change: PolicyChange) => void>();
  let source: "chain" | "cache" | "none" = "none";
  let slot = -1;
  let trouble: string | null = null;
  let cacheTrouble: string | null = null;
  let reading: Promise<boolean> | null = null;
  let savedAt = Number.NEGATIVE_INFINITY;
  let saving: Promise<void> | null = null;
  let saveTimer: (() => void) | null = null;
  let pollTimer: (() => void) | null = null;
  let closed = false;
  const controller = new AbortController();

  const tell = (reason: string): void => {
    if (reason !== trouble) options.log?.({ event: "policy-trouble", detail: reason });
    trouble = reason;
  };

  function factsAt(row: Row, now: number): PolicyFacts | null {
    if (row.lasting === null) return null;
    const { judgedEnd, ...facts } = row.lasting;
    return {
      ...facts,
      age: judgedEnd > 0 ? Math.max(0, time.at(now) - judgedEnd) : Number.POSITIVE_INFINITY,
    };
  }

  /** Works out a target's facts again after its account or the terms changed. Throws what is wrong with the account. */
  function update(row: Row): void {
    const account = row.seen.account();
    if (account === undefined) return;
    const before = row.lasting;
    const lasting = account === null ? null : factsOf(readTarget(account, program, row), row, config);
    if (isSame(before, lasting)) {
      // More windows were judged, which nobody decides otherwise by; the file follows in its own time.
      if (before?.begin !== lasting?.begin) save(REFRESH_MS);
      row.lasting = lasting;
      return;
    }
    const now = clock.now();
    const past = factsAt(row, now);
    row.lasting = lasting;
    save(SAVE_MS);
    const change: PolicyChange = { target: row.target, before: past, after: factsAt(row, now) };
    for (const listener of listeners) listener(change);
  }

  function takeTarget(row: Row, account: ChainAccount | null, at: number): boolean {
    if (account !== null) readTarget(account, program, row);
    const isNews = row.seen.take(account, at, clock.now());
    if (isNews) update(row);
    return isNews;
  }

  function takeConfig(account: ChainAccount | null, at: number): void {
    // Without it nothing of this cluster's policy is to be believed.
    if (account === null)
      throw new Error("the chain has no PolicyConfig: the policy program is not set up there");
    const next = readConfig(account, program, genesis);
    if (!configSeen.take(account, at, clock.now())) return;
    config = next;
    for (const row of rows.values()) update(row);
    save(SAVE_MS);
  }

  async function read(): Promise<boolean> {
    if (chain === null) return false;
    const late = clock.after(READ_MS, () => giveUp.abort(new Error(`no answer within ${READ_MS / 1000} s`)));
    const giveUp = new AbortController();
    const onClose = () => giveUp.abort(controller.signal.reason);
    controller.signal.addEventListener("abort", onClose, { once: true });
    try {
      const all = [...rows.values()];
      for (let from = 0; from === 0 || from < all.length; from += PAGE - 2) {
        const page = all.slice(from, from + PAGE - 2);
        const { slot: at, accounts } = await chain.read(
          [CLOCK_SYSVAR, configAddress(program), ...page.map(({ address }) => address)],
          giveUp.signal,
        );
        if (closed) return false;
        take(at, accounts, page);
      }
      trouble = null;
      return true;
    } catch (error) {
      if (!closed) tell(error instanceof Error ? error.message : String(error));
      return false;
    } finally {
      late();
      controller.signal.removeEventListener("abort", onClose);
      reading = null;
    }
  }

  /** What one request brought. Throws for what is wrong about it, after all that is right was taken. */
  function take(at: number, accounts: readonly (ChainAccount | null)[], page: readonly Row[]): void {
    const [clockAccount = null, configAccount = null, ...targets] = accounts;
    takeConfig(configAccount, at);
    const told = readChainTime(clockAccount);
    time.tell(told ?? clock.wall(), clock.now());
    slot = Math.max(slot, at);
    source = "chain";
    let wrong: unknown;
    for (const [i, row] of page.entries())
      try {
        // The subscription should have told it. Perhaps it just comes later; a new one costs little.
        if (takeTarget(row, targets[i] ?? null, at)) watch(row);
      } catch (error) {
        wrong ??= error;
      }
    if (wrong !== undefined) throw wrong;
  }

  function watch(row: Row): void {
    if (chain?.watch === undefined || closed) return;
    void row.unwatch?.();
    row.unwatch = chain.watch(row.address, (account, at) => {
      if (closed) return;
      try {
        takeTarget(row, account, at);
      } catch (error) {
        tell(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** Writes the file within `ms`, unless it is about to be written anyway. */
  function save(ms: number): void {
    if (cacheFile === null || closed) return;
    const due = ms === SAVE_MS ? ms : Math.max(SAVE_MS, savedAt + ms - clock.now());
    saveTimer?.();
    saveTimer = clock.after(due, () => {
      saveTimer = null;
      void write();
    });
  }

  function write(): Promise<void> {
    if (cacheFile === null || source !== "chain") return Promise.resolve();
    const now = clock.now();
    savedAt = now;
    const saved = {
      program,
      genesis,
      savedAt: clock.wall(),
      chainTime: time.at(now) - time.age(now),
      slot,
      config: configSeen.account() ?? null,
      targets: [...rows.values()].flatMap(({ target, seen }) => {
        const account = seen.account();
        return account === undefined || account === null ? [] : [{ target, account }];
      }),
    };
    // What the chain said a while ago is kept as of then.
    const kept = { ...saved, savedAt: saved.savedAt - time.age(now) };
    const before = saving ?? Promise.resolve();
    const mine = before
      .then(() => storeSaved(cacheFile, kept, options.cacheMedium ?? CACHE_MEDIUM))
      .then(
        () => {
          cacheTrouble = null;
        },
        (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          if (reason !== cacheTrouble) options.log?.({ event: "policy-cache", detail: reason });
          cacheTrouble = reason;
        },
      );
    saving = mine;
    return mine;
  }

  async function load(path: string): Promise<void> {
    const saved = await loadSaved(path);
    if (saved === null || !bytesEqual(saved.program, program) || !bytesEqual(saved.genesis, genesis)) return;
    try {
      if (saved.config === null) return;
      config = readConfig(saved.config, program, genesis);
      // What comes from the chain is newer than the file, whatever slots a node begins with: the slot is not taken over.
      configSeen.take(saved.config, -1, clock.now());
      for (const { target, account } of saved.targets) {
        const row = rows.get(target.name);
        if (row === undefined || row.target.kind !== target.kind) continue;
        row.lasting = factsOf(readTarget(account, program, row), row, config);
        row.seen.take(account, -1, clock.now());
      }
      time.restore(saved.chainTime, clock.wall() - saved.savedAt, clock.now());
      source = "cache";
    } catch {
      // Damaged, or of another version: the chain tells again.
      config = null;
      for (const row of rows.values()) row.lasting = null;
    }
  }

  const refresh = (): Promise<boolean> => {
    reading ??= read();
    return reading;
  };

  if (cacheFile !== null) await load(cacheFile);
  if (chain !== null) {
    for (const row of rows.values()) watch(row);
    const poll = () => {
      pollTimer = clock.after(pollMs, poll);
      void refresh();
    };
    poll();
  }

  return {
    of(name) {
      const row = rows.get(name);
      return row === undefined ? null : factsAt(row, clock.now());
    },
    age: () => time.age(clock.now()),
    onChange(run) {
      listeners.add(run);
      return () => listeners.delete(run);
    },
    status() {
      const now = clock.now();
      return {
        source,
        age: time.age(now),
        slot,
        trouble,
        cacheTrouble,
        paused: config?.paused ?? false,
        targets: [...rows.values()].map((row) => ({ target: row.target, facts: factsAt(row, now) })),
      };
    },
    refresh,
    async close() {
      if (closed) return;
      const isDue = saveTimer !== null;
      saveTimer?.();
      saveTimer = null;
      pollTimer?.();
      if (isDue) await write();
      closed = true;
      controller.abort(new Error("the view was closed"));
      await saving;
      await Promise.all([...rows.values()].map((row) => row.unwatch?.()));
    },
  };
}
