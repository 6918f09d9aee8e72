import { randomBytes } from "node:crypto";
import { toAddress, toBase58, toHex } from "@tolldns/sdk";
import {
  type ChallengeSet,
  createPolicyDeployment,
  parseTarget,
  type Target,
  targetId,
} from "@tolldns/sdk/policy";
import type { HttpServer } from "../feed/http/server.ts";
import { systemClock } from "../runtime/clock.ts";
import { stderrLog } from "../runtime/log.ts";
import { type Loop, startLoop } from "../runtime/loop.ts";
import { createSender } from "../witness/send.ts";
import { attestTarget } from "./attest.ts";
import { createAccuser } from "./chain/accuse.ts";
import { createCrank } from "./chain/crank.ts";
import { createEnroller } from "./chain/enrol.ts";
import { createReader } from "./chain/read.ts";
import { type PolicyState, rosterAt, seatOf } from "./chain/state.ts";
import { createSubmitter } from "./chain/submit.ts";
import { createTurns } from "./chain/turns.ts";
import { fail } from "./errors.ts";
import { createFinisher } from "./finish.ts";
import {
  DEFAULT_VERIFIER_SETTINGS,
  type RunningVerifier,
  type VerifierOptions,
  type VerifierStatus,
} from "./options.ts";
import { isPrivateTarget } from "./private.ts";
import { openBackend } from "./probe/backend.ts";
import { type Door, openDoor } from "./probe/door.ts";
import { createReference } from "./probe/reference.ts";
import { createAcceptableRoots } from "./roots.ts";
import { serveReports } from "./serve.ts";
import { createSetBook } from "./set-book.ts";
import { createSlots } from "./slots.ts";
import { bindStore, openVerifierStore } from "./store/open.ts";
import { createWatch } from "./watch.ts";
import { timeoutOf, type WindowTools } from "./window.ts";

/** Part of a probe's time that the exchange with a backend may take. */
const EXCHANGE = 0.95;
/** Seconds between two prunings. */
const PRUNE_SECONDS = 600;

/**
 * Starts a verifier: it probes targets on a schedule nobody can foresee, signs what it saw, reports it to the chain, and serves the evidence. Resolves once it has seen the
 * chain and listens; what goes wrong later shows in `status()` and is tried again.
 * @throws policy-missing, store-foreign, and what RPC node, store and socket answer
 *
 * @example
 * const verifier = await startVerifier({ connection, program, key, store: { path: "verifier.sqlite" }, sets: await readBundledSets(), reference });
 * // ...
 * await verifier.close();
 */
export async function startVerifier(options: VerifierOptions): Promise<RunningVerifier> {
  const { connection, key, clock = systemClock, log = stderrLog, random = Math.random } = options;
  const settings = { ...DEFAULT_VERIFIER_SETTINGS, ...options.settings };
  const policy = toAddress(options.program);
  const reader = createReader(connection, policy, key.publicKey, clock);
  let state: PolicyState = await reader.read();
  const deployment = createPolicyDeployment({ policy, stake: state.config.stakeProgram });
  const store = await openVerifierStore(options.store);
  let server: HttpServer | null = null;
  let secret: Uint8Array;
  try {
    await bindStore(store, "domain", state.config.domain);
    await bindStore(store, "hot key", key.publicKey);
    secret = await store.keepFact("schedule", new Uint8Array(randomBytes(32)));
    if (options.listen !== null)
      server = await serveReports(options.listen ?? {}, { store, key: key.publicKey, settings, clock, log });
  } catch (error) {
    await store.close();
    throw error;
  }

  const sender = createSender(connection, options.feePayer ?? key);
  const common = { connection, deployment, store, key, sender, clock, log };
  const spread = () => Math.min(settings.spreadSeconds, state.config.terms.window / 4);
  const turns = () => createTurns(() => clock.now(), random, spread);
  const sets = createSetBook(options.sets);
  const finisher = createFinisher({ store, key, sets, log, state: () => state, onSigned: wake });
  const submitter = createSubmitter({ ...common, onLanded: finisher.noteLanded });
  const enroller = createEnroller(common);
  const crank = createCrank({
    ...common,
    turns: turns(),
    register: options.register === true ? (options.targets ?? []) : [],
  });
  const accuser = createAccuser({ ...common, turns: turns() });
  const counters = { probes: 0, unfit: 0 };
  let lastError: string | null = null;
  let loop: Loop | null = null;
  const ending = new AbortController();
  const reference = createReference(options.reference, () => clock.now(), settings.timeoutMs);
  const roots =
    options.roots === undefined ? undefined : createAcceptableRoots(options.roots, () => clock.now());

  const tools: WindowTools = {
    store,
    reference,
    roots,
    secret,
    settings,
    clock,
    log,
    slots: createSlots(settings.concurrency),
    counters,
    state: () => state,
    setOf: (version, root) => sets.find({ version, root }),
    over: finisher.finish,
  };
  const doorOf = (target: Target): Door =>
    openDoor(target, {
      openBackend:
        options.openBackend ??
        ((backend) => openBackend(backend, options.ca, timeoutOf(settings, state) * EXCHANGE)),
      openGateway: options.openGateway,
    });
  const watch = createWatch(doorOf, tools);

  /** Targets to probe: those named, or all on chain whose names can be read and that may be asked. */
  function targetsNow(): Target[] {
    if (options.targets !== undefined) return [...options.targets];
    const readable = state.targets.flatMap(({ kind, name }) => {
      try {
        return [parseTarget(kind, name)];
      } catch {
        return [];
      }
    });
    return options.privateTargets === true ? readable : readable.filter((target) => !isPrivateTarget(target));
  }

  /** Begins with targets that are new, as far as there is a way to ask them, and ends with those that are gone. */
  function follow(): void {
    watch.follow(targetsNow().filter(({ kind }) => kind === "backend" || options.openGateway !== undefined));
  }

  /** Windows that were under way when the last run ended, and are over. */
  async function finishOld(): Promise<void> {
    const length = BigInt(state.config.terms.window);
    const now = BigInt(Math.floor(clock.now()));
    const slack = BigInt(Math.ceil(timeoutOf(settings, state) / 1_000) + 1);
    for (const window of await store.openWindows()) {
      if (now < window.begin + length + slack) continue;
      const target = targetsNow().find((one) => toHex(targetId(one)) === toHex(window.target));
      if (target !== undefined) await finisher.finish(target, window);
    }
  }

  let prunedAt = clock.now();
  async function prune(): Promise<void> {
    if (clock.now() - prunedAt < PRUNE_SECONDS) return;
    prunedAt = clock.now();
    const kept = BigInt(settings.keepWindows * state.config.terms.window);
    const now = BigInt(Math.floor(clock.now()));
    if (now > kept) await store.prune(now - kept);
  }

  let accusing: Promise<void> | null = null;
  /** Beside all else: others may take their time to give their evidence. */
  function accuse(): void {
    accusing ??= accuser
      .look(state)
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log("warn", "evidence of others not checked", { error: String(error) });
      })
      .finally(() => {
        accusing = null;
      });
  }

  async function look(): Promise<void> {
    isQueued = false;
    const failures: string[] = [];
    const part = async (what: string, run: () => Promise<void>) => {
      try {
        await run();
      } catch (error) {
        failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    await part("chain", async () => {
      state = await reader.read();
    });
    follow();
    if (failures.length === 0) {
      await part("enrolment", () => enroller.look(state));
      await part("reports", () => submitter.look(state));
      if (settings.crank) await part("crank", () => crank.look(state));
      if (settings.challenge) accuse();
    }
    await part("store", prune);
    lastError = failures.length === 0 ? null : failures.join("; ");
    if (lastError !== null) log("warn", "look failed", { error: lastError });
  }

  let isQueued = false;
  /** Has reports brought to the chain soon: one look for all windows that end together. */
  function wake(): void {
    if (isQueued || loop === null) return;
    isQueued = true;
    void loop.run();
  }

  await finishOld().catch((error: unknown) => {
    log("warn", "windows of the last run not finished", { error: String(error) });
  });
  loop = startLoop(clock, settings.intervalSeconds, look);
  const running = loop;

  function status(): VerifierStatus {
    const roster = rosterAt(state, BigInt(Math.floor(clock.now())));
    return {
      operator: state.self === null ? null : toBase58(state.self.operator),
      seat: seatOf(roster, state.self?.operator)?.seat ?? null,
      roster: roster?.number ?? 0n,
      setVersion: state.config.set?.version ?? 0,
      targets: watch.targets().map(finisher.statusOf),
      ...counters,
      reports: finisher.reports,
      judged: crank.judged,
      challenges: accuser.proven,
      url: server === null ? null : urlOf(server.address),
      lastError,
    };
  }

  async function attest(target: Target) {
    const published = state.config.set;
    const set: ChallengeSet | undefined = published === undefined ? undefined : sets.find(published);
    if (set === undefined) throw fail("set-unknown", { version: published?.version ?? 0 });
    const door = doorOf(target);
    try {
      const timeoutMs = settings.timeoutMs;
      const elapsed = () => performance.now();
      return await attestTarget(
        {
          target,
          door,
          set,
          tools: { reference, roots, timeoutMs, elapsed },
          state,
          key,
          store,
          secret,
          clock,
        },
        ending.signal,
      );
    } finally {
      await door.close();
    }
  }

  return {
    status,
    tick: () => running.run(),
    attest,
    async close() {
      ending.abort();
      await watch.close();
      await running.close();
      await accusing;
      await server?.close();
      await store.close();
    },
  };
}

const urlOf = ({ host, port }: { host: string; port: number }): string =>
  `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
