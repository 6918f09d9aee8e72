import { buildQuery, encodeName, encodeOption, OPTION, questionFor, TYPE } from "@tolldns/dns";
import packet from "dns-packet";
import { a, answerTo, cname, soa } from "../../../dns/support/messages.ts";
import { optRecord } from "../../../support/opt.ts";

/** Deterministic 32-bit numbers (mulberry32), so that a seed printed is a run that can be had again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

const longName = `${"x".repeat(63)}.${"y".repeat(63)}.${"z".repeat(63)}.${"w".repeat(61)}`;

/** Queries worth mutating: every option, odd names, the largest and the smallest. */
export function queryCorpus(): Uint8Array[] {
  const name = encodeName("www.example.org");
  const option = (code: number, ...data: number[]) => encodeOption(code, Uint8Array.from(data));
  return [
    buildQuery({ name, type: TYPE.A }),
    buildQuery({ name, type: TYPE.A, payloadSize: 0 }),
    buildQuery({ name, type: TYPE.ANY, dnssecOk: true, payloadSize: 4096 }),
    buildQuery({ name: encodeName("."), type: TYPE.NS }),
    buildQuery({ name: encodeName(longName), type: TYPE.TXT, unchecked: true }),
    buildQuery({ name: encodeName("\\000\\255.a\\.b"), type: 65_535, class: 3 }),
    buildQuery({ name, type: TYPE.A, padding: true }),
    buildQuery({ name, type: TYPE.A, options: option(OPTION.COOKIE, ...new Array<number>(24).fill(7)) }),
    buildQuery({ name, type: TYPE.A, options: option(OPTION.SUBNET, 0, 1, 24, 0, 192, 0, 2) }),
    buildQuery({ name, type: TYPE.A, options: option(65_312, ...new Array<number>(45).fill(1)) }),
    packet.encode({
      type: "query",
      id: 1,
      questions: [
        { name: "a.b", type: "A" },
        { name: "c.d", type: "A" },
      ],
    }),
  ];
}

/** Answers worth mutating, to `www.example.org` A: aliases, negatives, compression, every layout of data. */
export function answerCorpus(): Uint8Array[] {
  const question = questionFor("www.example.org", TYPE.A);
  const name = "www.example.org";
  return [
    answerTo(question, { answers: [a(name), a(name, "192.0.2.2")] }),
    answerTo(question, {
      answers: [cname(name, "x.example.net"), cname("x.example.net", "y.example.net"), a("y.example.net")],
    }),
    answerTo(question, { authorities: [soa("example.org")] }, 3),
    answerTo(question, { answers: [cname(name, name)] }),
    answerTo(question, {
      answers: [
        { type: "MX", name, ttl: 5, data: { preference: 1, exchange: "mail.example.org" } },
        { type: "SRV", name, ttl: 5, data: { port: 1, target: "srv.example.org", priority: 1, weight: 1 } },
        { type: "TXT", name, ttl: 5, data: ["one", "two"] },
      ],
      additionals: [optRecord([{ code: 15, data: Buffer.of(0, 6) }], 1)],
    }),
  ];
}

/** One to eight changes to a copy of a message: what a careless, broken or hostile sender might make of it. */
export function mutate(message: Uint8Array, corpus: readonly Uint8Array[], next: () => number): Uint8Array {
  let bytes = Uint8Array.from(message);
  for (let changes = 1 + (next() & 7); changes > 0; changes--) {
    const at = bytes.length === 0 ? 0 : next() % bytes.length;
    switch (next() % 9) {
      case 0:
        bytes[at] = (bytes[at] as number) ^ (1 << (next() & 7));
        break;
      case 1:
        bytes[at] = next() & 255;
        break;
      case 2:
        bytes = bytes.slice(0, at);
        break;
      case 3:
        // A pointer, forwards, backwards or to itself.
        bytes[at] = 0xc0 | (next() & 3);
        if (at + 1 < bytes.length) bytes[at + 1] = next() % 3 === 0 ? at : next() & 255;
        break;
      case 4:
        bytes[at] = [0, 0x3f, 0x40, 0x7f, 0x80, 0xbf, 0xff][next() % 7] as number;
        break;
      case 5:
        // A count in the header.
        if (bytes.length >= 12) bytes[4 + (next() & 7)] = [0, 1, 2, 0xff][next() & 3] as number;
        break;
      case 6:
        bytes = Uint8Array.from([
          ...bytes.subarray(0, at),
          ...bytes.subarray(at >> 1, at),
          ...bytes.subarray(at),
        ]);
        break;
      case 7: {
        const other = corpus[next() % corpus.length] as Uint8Array;
        bytes = Uint8Array.from([...bytes.subarray(0, at), ...other.subarray(next() % other.length)]);
        break;
      }
      case 8:
        bytes = Uint8Array.from([...bytes, ...Array.from({ length: next() & 31 }, () => next() & 255)]);
        break;
    }
    if (bytes.length > 4096) bytes = bytes.slice(0, 4096);
  }
  return bytes;
}
