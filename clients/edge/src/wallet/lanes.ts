import {
  type Address,
  bytesEqual,
  type Deployment,
  formatAddress,
  fromBase64Url,
  type TollDiscovery,
  toBase64Url,
} from "@tolldns/sdk";
import { type Lane, openLane, rekeyLane, revokeLane, topUpLane } from "@tolldns/sdk/escrow";
import { createSignerNode } from "@tolldns/sdk/node";
import type { EdgeClock } from "../clock.ts";
import { EdgeError, isEdgeError } from "../errors.ts";
import { type LaneAccount, newLaneAccount } from "../pay/account.ts";
import type { Book } from "../pay/book.ts";
import type { LaneSupply } from "../pay/payer.ts";
import { larger } from "../pay/session.ts";
import type { WalletChain } from "./chain.ts";

export interface WalletDeps {
  readonly chain: WalletChain;
  readonly book: Book;
  readonly deployment: Deployment;
  readonly clock: EdgeClock;
  readonly random: () => number;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly onEvent: (event: string, detail: string) => void;
}

/** The user's wallet as the edge uses it: opens, fills and revokes lanes within the limits. */
export interface Wallet {
  /** Lanes for the gateway at `url`. */
  supply(url: string, discovery: () => TollDiscovery | null): LaneSupply;
  /** Throws unless the gateway's cluster and escrow are ours. */
  checkDeployment(discovery: TollDiscovery): Promise<void>;
  /** Revokes every lane's key on chain; tries until all are confirmed, or until `signal`. */
  revokeAll(signal: AbortSignal): Promise<void>;
  /** Free balance as last read, and when (Unix seconds). */
  balance(): { readonly free: bigint; readonly asOf: number } | null;
  refresh(): Promise<void>;
}

/** Milliseconds until something that failed on chain is tried again. */
const RETRY_MS = 5_000;

export function createWallet(deps: WalletDeps): Wallet {
  const { chain, book, clock, deployment } = deps;
  const owner = formatAddress(chain.owner);
  let known: { free: bigint; asOf: number } | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  /** One at a time: two openings must not count on the same balance. */
  function inTurn<T>(run: () => Promise<T>): Promise<T> {
    const mine = queue.then(run, run);
    queue = mine.catch(() => {});
    return mine;
  }

  async function refresh(): Promise<bigint> {
    const free = await chain.freeBalance();
    known = { free, asOf: clock.wall() };
    return free;
  }

  const keyOf = (lane: LaneAccount): Address => createSignerNode(fromBase64Url(lane.seed)).publicKey;
  const newSeed = () => toBase64Url(deps.randomBytes(32));

  /** What limits and balance leave for a lane that is to hold `wanted`. @throws EdgeError balance-empty, lane-spent */
  async function affordable(wanted: bigint, least: bigint): Promise<bigint> {
    const held = book.lanes().reduce((sum, lane) => sum + lane.reserve - lane.promised, 0n);
    const free = await refresh();
    const room = book.policy.limits.lanesTotal - held;
    const most = smaller(wanted, room);
    if (most < least || most <= 0n) throw new EdgeError("lane-spent", `lanes may hold ${room} micro-IU more`);
    const amount = smaller(most, free);
    if (amount < least || amount <= 0n)
      throw new EdgeError("balance-empty", `${free} micro-IU free, ${least} needed`);
    return amount;
  }

  /** Is this row the lane as we opened it? */
  function isOurs(lane: LaneAccount, row: Lane | null): row is Lane {
    if (row === null || row.state === "free" || !bytesEqual(row.owner, chain.owner)) return false;
    if (lane.state !== "opening" && row.generation !== lane.generation) return false;
    return bytesEqual(row.sessionKey, keyOf(lane));
  }

  /** Takes in what the chain says. */
  async function takeIn(lane: LaneAccount, row: Lane): Promise<void> {
    lane.generation = row.generation;
    lane.reserve = row.reserve;
    lane.deadline = Number(row.deadline);
    if (lane.topUp !== null && row.reserve >= lane.topUp.target) lane.topUp = null;
    if (row.state === "open" && lane.state !== "revoking") lane.state = "open";
    if (row.state === "revoked" || row.state === "closing") {
      lane.state = "revoked";
      lane.session = null;
    }
    // What was settled was promised, whatever the disk knows.
    if (row.settled > lane.authorised) lane.authorised = lane.durable = row.settled;
    if (row.settled > lane.promised) lane.promised = row.settled;
    await book.saveLane(lane);
  }

  /** An opening that was under way before a crash: takes it in if it landed, forgets it if it can't land any more. */
  async function finishOpening(lane: LaneAccount): Promise<boolean> {
    const row = await chain.readRow(lane.ledger, lane.lane);
    if (isOurs(lane, row)) {
      await takeIn(lane, row);
      return true;
    }
    if (lane.topUp !== null && (await chain.blockHeight()) <= lane.topUp.lastValid)
      throw new EdgeError("chain-failed", "the opening of a lane may still land");
    await book.dropLane(lane);
    return false;
  }

  async function open(url: string, terms: TollDiscovery): Promise<LaneAccount> {
    const ledger = formatAddress(terms.ledger);
    for (const begun of book.lanes())
      if (begun.gateway === url && begun.ledger === ledger && begun.state === "opening")
        if (await finishOpening(begun)) return begun;
    const header = await chain.readHeader(ledger);
    if (header === null) throw new EdgeError("lane-none", "the ledger does not exist");
    const { laneReserve } = book.policy.limits;
    if (header.minReserve > laneReserve)
      throw new EdgeError(
        "lane-spent",
        `a lane there holds at least ${header.minReserve}, the limit is ${laneReserve}`,
      );
    const reserve = await affordable(laneReserve, larger(header.minReserve, 1n));
    const id = `lane:${Buffer.from(deps.randomBytes(6)).toString("hex")}`;
    const lane = newLaneAccount(id, url, ledger, newSeed(), reserve);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const row = await chain.findFreeRow(ledger, header.rows, deps.random);
      if (row === null) break;
      lane.lane = row;
      const taken = await openRow(lane);
      if (taken === null) continue;
      await takeIn(lane, taken);
      deps.onEvent("lane-opened", `${lane.lane}`);
      refresh().catch(() => {});
      return lane;
    }
    if (lane.lane >= 0) await book.dropLane(lane);
    throw new EdgeError("lane-none", "every lane of the ledger is taken");
  }

  /** Takes one row; null if somebody else was faster. The account is on disk before anything is sent. */
  async function openRow(lane: LaneAccount): Promise<Lane | null> {
    const { ledger, lane: row, reserve } = lane;
    const instruction = openLane({ deployment, owner, ledger, lane: row, sessionKey: keyOf(lane), reserve });
    try {
      await chain.send(instruction, async (lastValid) => {
        lane.topUp = { target: reserve, lastValid };
        await book.addLane(lane);
        book.checkGate();
      });
    } catch (error) {
      if (!isEdgeError(error, "chain-refused")) throw error;
      const now = await chain.readRow(ledger, row);
      if (now === null || now.state === "free") throw error;
      return isOurs(lane, now) ? now : null;
    }
    const now = await chain.readRow(ledger, row);
    if (!isOurs(lane, now)) throw new EdgeError("chain-failed", "the lane was opened but can't be read yet");
    return now;
  }

  /** A revoked lane whose deadline has passed takes a new key without the operator. */
  async function rekey(lane: LaneAccount): Promise<LaneAccount> {
    const { ledger, lane: row, generation } = lane;
    const before = await chain.readRow(ledger, row);
    if (!(isOurs(lane, before) && before.state === "open")) {
      lane.seed = newSeed();
      lane.session = null;
      await book.saveLane(lane);
      book.checkGate();
      await chain.send(
        rekeyLane({ deployment, owner, ledger, lane: row, generation, sessionKey: keyOf(lane) }),
      );
    }
    const now = await chain.readRow(ledger, row);
    if (!isOurs(lane, now))
      throw new EdgeError("chain-failed", "the lane has its new key but can't be read yet");
    lane.state = "open";
    await takeIn(lane, now);
    deps.onEvent("lane-rekeyed", `${lane.lane}`);
    return lane;
  }

  async function ready(url: string, terms: TollDiscovery): Promise<LaneAccount> {
    book.checkGate();
    const mine = book
      .lanes()
      .filter((one) => one.gateway === url && one.ledger === formatAddress(terms.ledger));
    const usable = mine.find((one) => one.state === "open");
    if (usable !== undefined) return usable;
    const revoked = mine.find(
      (one) => one.state === "revoked" && one.reserve > one.promised && one.deadline < clock.wall() - 5,
    );
    if (revoked !== undefined) return rekey(revoked);
    return open(url, terms);
  }

  async function topUp(lane: LaneAccount): Promise<void> {
    book.checkGate();
    const { ledger, lane: row, generation } = lane;
    const before = await chain.readRow(ledger, row);
    if (!isOurs(lane, before) || before.state !== "open") return;
    // One that may still land is waited for: sent twice it would count twice.
    if (lane.topUp !== null && before.reserve < lane.topUp.target) {
      if ((await chain.blockHeight()) <= lane.topUp.lastValid) return;
      lane.topUp = null;
    }
    await takeIn(lane, before);
    const { laneReserve } = book.policy.limits;
    const wanted = lane.authorised + laneReserve - lane.reserve;
    // A transaction for less than half a lane isn't worth its fee yet.
    if (wanted * 2n < laneReserve) return;
    const amount = await affordable(wanted, 1n);
    const target = lane.reserve + amount;
    await chain.send(
      topUpLane({ deployment, owner, ledger, lane: row, generation, amount }),
      async (lastValid) => {
        lane.topUp = { target, lastValid };
        await book.saveLane(lane);
        book.checkGate();
      },
    );
    const after = await chain.readRow(ledger, row);
    if (isOurs(lane, after)) await takeIn(lane, after);
    deps.onEvent("lane-topped-up", `${amount}`);
  }

  /** Compares a lane the gateway finds fault with to the chain. True if there is something new to try. */
  async function judge(lane: LaneAccount): Promise<boolean> {
    const row = await chain.readRow(lane.ledger, lane.lane);
    if (row === null) return false;
    if (!isOurs(lane, row)) {
      lane.state = "lost";
      await book.dropLane(lane);
      deps.onEvent("lane-lost", `${lane.lane}`);
      return true;
    }
    const before = lane.reserve;
    await takeIn(lane, row);
    return lane.state !== "open" || lane.reserve > before;
  }

  async function revoke(lane: LaneAccount): Promise<boolean> {
    const row = await chain.readRow(lane.ledger, lane.lane);
    if (row === null) return false;
    if (lane.state === "opening" && !isOurs(lane, row)) {
      const mayLand = lane.topUp !== null && (await chain.blockHeight()) <= lane.topUp.lastValid;
      if (!mayLand) await book.dropLane(lane);
      return !mayLand;
    }
    if (!isOurs(lane, row)) {
      await book.dropLane(lane);
      return true;
    }
    if (row.state === "open") {
      lane.generation = row.generation;
      lane.state = "revoking";
      await book.saveLane(lane);
      const { ledger, lane: number, generation } = lane;
      await chain.send(revokeLane({ deployment, owner, ledger, lane: number, generation }));
      const after = await chain.readRow(ledger, number);
      if (after === null || after.state === "open") return false;
      await takeIn(lane, after);
    } else await takeIn(lane, row);
    deps.onEvent("lane-revoked", `${lane.lane}`);
    return true;
  }

  return {
    balance: () => known,
    refresh: async () => {
      await refresh();
    },
    async checkDeployment(discovery) {
      if (!bytesEqual(discovery.genesis, deployment.genesisHash))
        throw new EdgeError("gateway-foreign", `of cluster ${formatAddress(discovery.genesis)}`);
      if (!bytesEqual(discovery.escrow, deployment.escrow))
        throw new EdgeError("gateway-foreign", `of escrow ${formatAddress(discovery.escrow)}`);
    },
    supply(url, discovery) {
      let failed: { readonly error: unknown; readonly until: number } | null = null;
      let opening: Promise<LaneAccount> | null = null;
      let nextTopUp = 0;
      return {
        ready() {
          const terms = discovery();
          if (terms === null) return Promise.reject(new EdgeError("gateway-discovery", "not read yet"));
          if (failed !== null && clock.now() < failed.until) return Promise.reject(failed.error);
          opening ??= inTurn(() => ready(url, terms))
            .catch((error: unknown) => {
              if (!isEdgeError(error, "stopped")) failed = { error, until: clock.now() + RETRY_MS };
              throw error;
            })
            .finally(() => {
              opening = null;
            });
          return opening;
        },
        wantMore(lane) {
          if (clock.now() < nextTopUp) return;
          nextTopUp = clock.now() + RETRY_MS;
          inTurn(() => topUp(lane)).catch((error: Error) => deps.onEvent("top-up-failed", error.message));
        },
        doubt: (lane) => inTurn(() => judge(lane)).catch(() => false),
      };
    },
    async revokeAll(signal) {
      for (let delay = 500; !signal.aborted; delay = Math.min(30_000, delay * 2)) {
        const left = book.lanes().filter((lane) => lane.state !== "revoked" && lane.state !== "lost");
        if (left.length === 0) return;
        let done = true;
        for (const lane of left)
          done =
            (await inTurn(() => revoke(lane)).catch((error: Error) => {
              deps.onEvent("revoke-failed", error.message);
              return false;
            })) && done;
        if (done) return;
        await new Promise<void>((resolve) => {
          const cancel = clock.after(delay, resolve);
          const onAbort = () => {
            cancel();
            resolve();
          };
          signal.addEventListener("abort", onAbort, { once: true });
        });
      }
    },
  };
}

/** The smaller of two amounts; Math.min takes no bigint. */
function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
