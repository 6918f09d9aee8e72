/** The lab's user, run as a process by `startScript`: asks steadily over UDP and holds every answer against the zones' truth. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { encode } from "dns-packet";
import { type Decoded, decode } from "../../dns/support/messages.ts";
import { optRecord } from "../../support/opt.ts";
import { type Asked, FATES, type Fate, PATIENCE_MS } from "../measure/asked.ts";
import { type Known, questionOf } from "../world/truth.ts";
import { firstArgument, serve } from "./serve.ts";

export interface ClientArguments {
  /** Address of its own to ask from. */
  readonly from: string;
  readonly server: { readonly host: string; readonly port: number };
}

const RIGHT = FATES.indexOf("right");
const SOCKETS = 4;
const WRONG_KEPT = 5;

interface Open {
  readonly index: number;
  readonly known: Known;
  readonly since: number;
}

interface Stretch {
  readonly at: number[];
  readonly took: number[];
  readonly fate: number[];
  readonly popular: number[];
  readonly signed: number[];
  readonly wrong: string[];
  readonly reasons: Record<string, number>;
}

const told = await firstArgument<ClientArguments>();
const sockets: Socket[] = [];
const open: Map<number, Open>[] = [];
let stretch = emptyStretch();
let timer: NodeJS.Timeout | null = null;
let asked = 0;

function emptyStretch(): Stretch {
  return { at: [], took: [], fate: [], popular: [], signed: [], wrong: [], reasons: {} };
}

for (let i = 0; i < SOCKETS; i++) {
  const socket = createSocket("udp4");
  const waiting = new Map<number, Open>();
  socket.on("message", (message: Buffer) => {
    const id = message.readUInt16BE(0);
    const one = waiting.get(id);
    if (one === undefined) return;
    waiting.delete(id);
    settle(one, performance.now() - one.since, judge(one.known, message));
  });
  socket.on("error", () => {});
  socket.bind(0, told.from);
  await once(socket, "listening");
  sockets.push(socket);
  open.push(waiting);
}
const sweep = setInterval(() => {
  const old = performance.now() - PATIENCE_MS;
  for (const waiting of open)
    for (const [id, one] of waiting)
      if (one.since < old) {
        waiting.delete(id);
        settle(one, PATIENCE_MS, "lost");
      }
}, 50);
sweep.unref();

function settle({ index }: Open, took: number, fate: Fate): void {
  stretch.took[index] = took;
  stretch.fate[index] = FATES.indexOf(fate);
}

function judge(known: Known, message: Buffer): Fate {
  const answer = tryDecode(message);
  if (answer === null) return wrong(known, "no DNS message");
  // Cut short over UDP: none of these answers is long, and a client would ask over TCP.
  if (answer.flag_tc) return failed("TC");
  if (answer.rcode !== "NOERROR" && answer.rcode !== "NXDOMAIN") return failed(reasonOf(answer));
  const records = (answer.answers ?? []).filter(({ type }) => type !== "RRSIG");
  const said = records.map((record) => `${record.type} ${wordsOf((record as { data?: unknown }).data)}`);
  const matches = answer.rcode === known.rcode && said.sort().join() === known.answer.join();
  return matches ? "right" : wrong(known, `${answer.rcode} ${said.join(", ")}`);
}

function wordsOf(data: unknown): string {
  return Array.isArray(data) ? Buffer.concat(data as Buffer[]).toString() : String(data);
}

function wrong(known: Known, said: string): Fate {
  if (stretch.wrong.length < WRONG_KEPT) stretch.wrong.push(`${known.name} ${known.type}: ${said}`);
  return "wrong";
}

function failed(reason: string): Fate {
  stretch.reasons[reason] = (stretch.reasons[reason] ?? 0) + 1;
  return "failed";
}

/** Response code and the text of the extended error, if there is one (RFC 8914). */
function reasonOf(answer: Decoded): string {
  const opt = answer.additionals?.find(({ type }) => type === "OPT") as
    | { options?: { code: number; data: Buffer }[] }
    | undefined;
  const data = opt?.options?.find(({ code }) => code === 15)?.data;
  return data === undefined ? answer.rcode : `${answer.rcode}: ${data.subarray(2).toString()}`;
}

function tryDecode(message: Buffer): Decoded | null {
  try {
    return decode(message);
  } catch {
    return null;
  }
}

function askOne(): void {
  const known = questionOf(asked);
  const socket = asked % SOCKETS;
  const waiting = open[socket] as Map<number, Open>;
  const id = Math.floor(asked / SOCKETS) & 0xffff;
  asked++;
  const index = stretch.at.length;
  stretch.at.push(Date.now());
  stretch.took.push(PATIENCE_MS);
  stretch.fate.push(FATES.indexOf("lost"));
  stretch.popular.push(known.kind === "popular" ? 1 : 0);
  stretch.signed.push(known.signed ? 1 : 0);
  const query = encode({
    type: "query",
    id,
    flags: 0x0100,
    questions: [{ name: known.name, type: known.type }],
    additionals: [optRecord()],
  });
  waiting.set(id, { index, known, since: performance.now() });
  (sockets[socket] as Socket).send(query, told.server.port, told.server.host, () => {});
}

serve(
  null,
  {
    /** Begins a steady load of `rate` questions a second. */
    start({ rate }: { rate: number }) {
      if (timer !== null) throw new Error("already asking");
      stretch = emptyStretch();
      const began = performance.now();
      let sent = 0;
      timer = setInterval(() => {
        // A timer of a busy machine comes late; a burst then keeps the rate, but never more than a tenth of a second of it.
        const due = Math.floor(((performance.now() - began) / 1000) * rate);
        if (due - sent > rate / 10) sent = due - Math.ceil(rate / 10);
        for (; sent < due; sent++) askOne();
      }, 5);
    },
    /** Were all questions asked from `from` to `to` (Unix ms) answered right, and was there one? */
    allRight({ from, to }: { from: number; to: number }): boolean {
      let some = false;
      for (const [i, at] of stretch.at.entries()) {
        if (at < from || at >= to) continue;
        if (stretch.fate[i] !== RIGHT) return false;
        some = true;
      }
      return some;
    },
    /** Ends it, waits for what is under way and returns all of it. */
    async stop(): Promise<Asked> {
      if (timer !== null) clearInterval(timer);
      timer = null;
      while (open.some((waiting) => waiting.size > 0))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const { at, took, fate, popular, signed, wrong, reasons } = stretch;
      return {
        at: Float64Array.from(at),
        took: Float32Array.from(took),
        fate: Uint8Array.from(fate),
        popular: Uint8Array.from(popular),
        signed: Uint8Array.from(signed),
        wrong,
        reasons,
      };
    },
  },
  async () => {
    for (const socket of sockets) socket.close();
  },
);
