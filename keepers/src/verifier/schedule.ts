import { createHmac } from "node:crypto";
import type { Challenge, ProbeTransport } from "@tolldns/sdk/policy";

/** A probe to be. */
export interface PlannedProbe {
  /** Milliseconds since the window's begin. */
  readonly at: number;
  readonly challenge: Challenge;
  readonly transport: ProbeTransport;
  /** Stands for `{random}` in the challenge's name. */
  readonly label: string;
}

export interface WindowPlan {
  /** 32 bytes that nobody else knows. */
  readonly secret: Uint8Array;
  /** Target's id. */
  readonly target: Uint8Array;
  /** Unix seconds. */
  readonly begin: bigint;
  /** Milliseconds of the window. */
  readonly length: number;
  /** Probes in it. */
  readonly count: number;
  /** Those that can be put to this target. */
  readonly challenges: readonly Challenge[];
  /** Those it is reached over. */
  readonly transports: readonly ProbeTransport[];
}

/**
 * When to ask what in a window: times drawn evenly over all of it, each apart from the others, so that having been asked just now tells a target nothing of when it is
 * asked next; challenges in an order drawn anew for each round through the set, so that each comes about as often. All of it follows from the secret, the target and
 * the window: a verifier that was killed goes on where it was. In order of time.
 */
export function planWindow(plan: WindowPlan): PlannedProbe[] {
  const draw = createDraw(plan);
  const pairs = plan.challenges.flatMap((challenge) => {
    const transports = challenge.transports.filter((transport) => plan.transports.includes(transport));
    return transports.length === 0 ? [] : [{ challenge, transports }];
  });
  if (pairs.length === 0) return [];
  const times = Array.from({ length: plan.count }, () => Math.floor(draw() * plan.length)).sort(
    (a, b) => a - b,
  );
  let order: (typeof pairs)[number][] = [];
  return times.map((at) => {
    if (order.length === 0) order = shuffle(pairs, draw);
    const { challenge, transports } = order.pop() as (typeof pairs)[number];
    const transport = transports[Math.floor(draw() * transports.length)] as ProbeTransport;
    return { at, challenge, transport, label: drawLabel(draw) };
  });
}

const LETTERS = 36;
/** A random label is four draws of five letters: some 100 bits, so that nobody has it cached. */
const PARTS = 4;
const PART = 5;

function drawLabel(draw: () => number): string {
  const part = () =>
    Math.floor(draw() * LETTERS ** PART)
      .toString(LETTERS)
      .padStart(PART, "0");
  return Array.from({ length: PARTS }, part).join("");
}

function shuffle<T>(list: readonly T[], draw: () => number): T[] {
  const out = [...list];
  for (let last = out.length - 1; last > 0; last--) {
    const other = Math.floor(draw() * (last + 1));
    [out[last], out[other]] = [out[other] as T, out[last] as T];
  }
  return out;
}

/** Numbers from 0 up to 1: HMAC-SHA-256 in counter mode under a key of this window (after NIST SP 800-108, section 4.1), 48 bits each. */
function createDraw({ secret, target, begin }: WindowPlan): () => number {
  const seed = Buffer.alloc(8);
  seed.writeBigUInt64LE(begin);
  const key = createHmac("sha256", secret)
    .update("tolldns schedule v1\0")
    .update(target)
    .update(seed)
    .digest();
  let block = Buffer.alloc(0);
  let at = 0;
  let counter = 0;
  return () => {
    if (at + 6 > block.length) {
      const number = Buffer.alloc(4);
      number.writeUInt32LE(counter++);
      block = createHmac("sha256", key).update(number).digest();
      at = 0;
    }
    at += 6;
    return block.readUIntBE(at - 6, 6) / 2 ** 48;
  };
}
