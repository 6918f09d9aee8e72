import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Question } from "@tolldns/dns";
import {
  createVirtualEdgeClock,
  DEFAULT_LIMITS,
  type SpendLimits,
  type VirtualEdgeClock,
} from "@tolldns/edge";
import {
  decodeMessage,
  findTollError,
  fromBase64Url,
  type TollDiscovery,
  type TollMessage,
  toBase58,
} from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { type LaneAccount, newLaneAccount } from "../../../clients/edge/src/pay/account.ts";
import { type Book, createBook } from "../../../clients/edge/src/pay/book.ts";
import { type GatewayLink, TollRefused } from "../../../clients/edge/src/pay/link.ts";
import { createPayer, type LaneSupply, type Payer } from "../../../clients/edge/src/pay/payer.ts";
import { type Journal, openJournal } from "../../../clients/edge/src/state/journal.ts";
import type { Booth } from "../../../clients/gateway/src/toll/booth.ts";
import { TICK_AGAIN, TICK_PAID } from "../../../clients/gateway/src/toll/tick.ts";
import { LEDGER, openStand, PRICE, type Stand } from "../../gateway/support/booths.ts";

export { PRICE };
export const K = 8;
export const T = 60;
export const RESERVE = 1_000_000n;

/** A question by its wire key, as the resolver hands it on. */
export function questionOf(name: string): Question {
  const labels = name.split(".").flatMap((label) => [label.length, ...Buffer.from(label)]);
  const key = Uint8Array.from([...labels, 0, 0, 1, 0, 1, 0]);
  return {
    name: key.subarray(0, key.length - 5),
    type: 1,
    class: 1,
    dnssecOk: false,
    unchecked: false,
    key,
    hash: 0,
  };
}

/** The gateway's real booth, reached without a socket. `before` sees each message; what it throws or returns replaces the booth's. */
export interface BoothLink extends GatewayLink {
  booth: Booth;
  /** Everything that left the payer, in order. */
  readonly sent: TollMessage[];
  before: (message: TollMessage, bytes: Uint8Array) => Promise<Uint8Array | undefined> | undefined;
}

export function linkTo(booth: Booth): BoothLink {
  const link: BoothLink = {
    booth,
    sent: [],
    before: () => undefined,
    async ask(question, toll) {
      const bytes = toll as Uint8Array;
      const message = decodeMessage(bytes);
      link.sent.push(message);
      const replaced = await link.before(message, bytes);
      if (replaced !== undefined) return replaced;
      const wire = question.key.subarray(0, question.key.length - 1);
      const result = link.booth.spend(bytes, 0, bytes.length, wire, 0, wire.length, 1);
      if (result === TICK_PAID || result === TICK_AGAIN) return Uint8Array.of(0, 0, 0x80, 0);
      throw refused(result);
    },
    async tell(bytes) {
      const message = decodeMessage(bytes);
      link.sent.push(message);
      const replaced = await link.before(message, bytes);
      if (replaced !== undefined) return replaced;
      const answer = await link.booth.pay(bytes);
      if (answer.ok) return answer.acknowledgement;
      throw refused(answer.refusal, answer.known ?? null);
    },
    close: async () => {},
  };
  return link;
}

function refused(number: number, known: ConstructorParameters<typeof TollRefused>[1] = null): TollRefused {
  const entry = findTollError(number);
  if (entry === undefined) throw new Error(`no toll error ${number}`);
  return new TollRefused(entry.slug, known);
}

/** A payer with its books on a real disk, at a real booth, under a clock the test moves. */
export interface Rig {
  readonly stand: Stand;
  readonly link: BoothLink;
  readonly clock: VirtualEdgeClock;
  readonly path: string;
  journal: Journal;
  book: Book;
  payer: Payer;
  readonly doubts: string[];
  /** How often the terms were to be read again. */
  forgotten: number;
  lane(): LaneAccount;
  /** Draws, asks and settles one query. */
  query(name: string, signal?: AbortSignal): Promise<void>;
  /** Moves both ends' time on. */
  pass(seconds: number): void;
  /** Ends as a killed process does: what had not settled may be cut off at `length` bytes of the journal. */
  crash(length?: number): Promise<void>;
  /** Ends and starts again in order. */
  restart(): Promise<void>;
  /** A copy of what the disk has now. */
  disk(): Promise<{ book: Book; close(): Promise<void> }>;
  close(): Promise<void>;
}

export async function openRig(
  limits: Partial<SpendLimits> = {},
  reserve = RESERVE,
  published: Partial<TollDiscovery> = {},
): Promise<Rig> {
  const stand = await openStand();
  const folder = mkdtempSync(join(tmpdir(), "tolldns-edge-"));
  const path = join(folder, "journal");
  const clock = createVirtualEdgeClock(stand.clock.now);
  const link = linkTo(stand.booth);
  const seedBytes = new Uint8Array(randomBytes(32));
  const doubts: string[] = [];
  const all = { ...DEFAULT_LIMITS, ...limits };
  const terms: TollDiscovery = {
    charges: true,
    protocol: 1,
    operator: LEDGER,
    ledger: LEDGER,
    escrow: LEDGER,
    genesis: LEDGER,
    tickPrice: PRICE,
    classes: { standard: 1 },
    k: K,
    t: T,
    maxUnits: 65_536,
    expiryDays: { min: 2, max: 30 },
    minReserve: 0n,
    free: false,
    dohPath: "/dns-query",
    dotPort: 853,
    udpPort: 53,
    ...published,
  };
  const signer = createSignerNode(seedBytes);
  stand.lanes.set(3, {
    state: "open",
    generation: 1,
    sessionKey: signer.publicKey,
    reserve,
    settled: 0n,
    deadline: 0,
  });

  const supply: LaneSupply = {
    async ready() {
      rig.book.checkGate();
      return rig.lane();
    },
    wantMore: () => {},
    async doubt(_lane, said) {
      doubts.push(said);
      return false;
    },
  };
  let life = { alive: true };
  /** The link as the living process has it: what a killed one sends goes nowhere. */
  let alive: GatewayLink = link;
  async function start(): Promise<void> {
    rig.journal = await openJournal(path);
    rig.book = createBook(rig.journal, clock, all);
    if (rig.book.lanes().length === 0) {
      const lane = newLaneAccount(
        "lane:1",
        "https://gateway",
        toBase58(LEDGER),
        Buffer.from(seedBytes).toString("base64url"),
        reserve,
      );
      Object.assign(lane, { lane: 3, generation: 1, state: "open" });
      await rig.book.addLane(lane);
    }
    const process = { alive: true };
    life = process;
    const dead = () => Promise.reject(new Error("this process was killed"));
    alive = {
      ask: (question, toll, signal) => (process.alive ? link.ask(question, toll, signal) : dead()),
      tell: (message, signal) => (process.alive ? link.tell(message, signal) : dead()),
      close: async () => {},
    };
    rig.payer = createPayer({
      link: alive,
      book: rig.book,
      lanes: supply,
      clock,
      terms: async () => terms,
      forgetTerms: () => {
        rig.forgotten++;
      },
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      timeoutMs: 4_000,
    });
  }

  const rig = {
    stand,
    link,
    clock,
    path,
    doubts,
    forgotten: 0,
    lane: () => rig.book.lanes()[0] as LaneAccount,
    async query(name: string, signal = new AbortController().signal) {
      const budget = { spent: 0n };
      const { payer } = rig;
      const mine = alive;
      for (let tries = 0; ; tries++) {
        const toll = await payer.draw(1, budget, signal);
        try {
          await mine.ask(questionOf(name), payer.reveal(toll), signal);
          payer.settle(toll, "answered");
          return;
        } catch (error) {
          if (!(error instanceof TollRefused)) {
            payer.settle(toll, "lost");
            throw error;
          }
          if (tries > 3 || !(await payer.refused(toll, error, budget, signal))) throw error;
        }
      }
    },
    pass(seconds: number) {
      stand.clock.now += seconds;
      clock.advance(seconds * 1000);
    },
    async crash(length?: number) {
      life.alive = false;
      const bytes = await readFile(path);
      const old = rig.journal;
      await old.close().catch(() => {});
      await writeFile(path, length === undefined ? bytes : bytes.subarray(0, length));
      await start();
    },
    async restart() {
      await rig.payer.close();
      await rig.book.close();
      await rig.journal.close();
      await start();
    },
    async disk() {
      const copy = `${path}.copy-${randomBytes(4).toString("hex")}`;
      await writeFile(copy, await readFile(path));
      const journal = await openJournal(copy);
      return { book: createBook(journal, clock, all), close: () => journal.close() };
    },
    async close() {
      await rig.payer.close();
      await rig.journal.close();
      await stand.close();
      rmSync(folder, { recursive: true, force: true });
    },
  } as Rig;
  await start();
  return rig;
}

/** Lets promises that wait for the disk settle. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`never came: ${what}`);
}

export { fromBase64Url };
