import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { alter } from "../../lab/fixtures/alter.ts";
import type { FaultKind } from "../../lab/fixtures/faults.ts";
import { type Behaviour, type FixtureUpstream, startUpstream } from "./upstream.ts";

/** What happens to an answer on its way: nothing, one of the lab's faults, bytes that are no message, or TC over TCP too. */
export type Fault = "none" | FaultKind | "garbage" | "cut";

/** A fixture before a real resolver: passes questions and answers on, and does to them what it is told. */
export interface Faulty extends FixtureUpstream {
  /** `share` of questions are befallen. */
  fail(fault: Fault, share?: number): void;
}

/** Milliseconds a slow answer takes longer. */
export const SLOW_MS = 700;

export async function startFaulty(target: { readonly port: number }): Promise<Faulty> {
  let fault: Fault = "none";
  let share = 1;
  let turn = 0;
  const behave: Behaviour = async ({ bytes }, via) => {
    turn += share;
    const isBefallen = turn >= 1;
    if (isBefallen) turn--;
    const now: Fault = isBefallen ? fault : "none";
    if (now === "lose") return undefined;
    const answer = await (via === "udp" ? askUdp(bytes, target.port) : askTcp(bytes, target.port));
    if (answer === null) return undefined;
    if (now === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (now === "garbage") return { raw: Buffer.concat([answer.subarray(0, 12), Buffer.alloc(40, 0xff)]) };
    if (now === "cut") {
      answer[2] = (answer[2] as number) | 2;
      return { raw: answer };
    }
    return { raw: now === "none" ? answer : alter(answer, now, via === "tcp") };
  };
  const upstream = await startUpstream(behave);
  return {
    ...upstream,
    fail(next, of = 1) {
      fault = next;
      share = of;
      turn = 0;
    },
  };
}

const LONGEST_MS = 3_000;

function askUdp(query: Buffer, port: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const finish = (answer: Buffer | null) => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => {});
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), LONGEST_MS);
    socket.once("message", (answer: Buffer) => finish(Buffer.from(answer)));
    socket.once("error", () => finish(null));
    socket.connect(port, "127.0.0.1", () => socket.send(query));
  });
}

function askTcp(query: Buffer, port: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let held = Buffer.alloc(0);
    socket.setTimeout(LONGEST_MS, () => socket.destroy());
    socket.on("error", () => {});
    socket.on("close", () => resolve(null));
    socket.on("data", (data) => {
      held = Buffer.concat([held, data]);
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
      resolve(Buffer.from(held.subarray(2, 2 + held.readUInt16BE(0))));
      socket.destroy();
    });
    socket.write(Buffer.concat([Buffer.from([query.length >> 8, query.length & 255]), query]));
  });
}
