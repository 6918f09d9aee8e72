import {
  createCache,
  createResolver,
  createVirtualClock,
  DnsError,
  parseQuery,
  Query,
  questionFor,
  TYPE,
  writeError,
} from "@tolldns/dns";
import { expect } from "chai";
import { a, answerTo } from "../../../dns/support/messages.ts";
import { answerCorpus, mutate, queryCorpus, randomFrom } from "./mutate.ts";

/** What a run came to, so that a test can tell that it tried what it meant to. */
export interface FuzzResult {
  readonly accepted: number;
  readonly refused: number;
  readonly longestMs: number;
}

/** Mutated queries through parser, cache and writer, as a listener would; answers are checked to be answers. */
export async function fuzzQueries(count: number, seed: number): Promise<FuzzResult> {
  const next = randomFrom(seed);
  const corpus = queryCorpus();
  const resolver = createResolver({
    cache: createCache({ bytes: 2_000_000, clock: createVirtualClock() }),
    clock: createVirtualClock(),
    ask: async (question) => answerTo(question, { answers: [a("www.example.org")] }),
  });
  const query = new Query();
  const out = new Uint8Array(70_000);
  let accepted = 0;
  let refused = 0;
  let longestMs = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutate(corpus[next() % corpus.length] as Uint8Array, corpus, next);
    const started = performance.now();
    const result = parseQuery(query, bytes, 0, bytes.length, 65_312);
    query.limit = 1232;
    if (result === "ok") {
      accepted++;
      const answer = resolver.answer(query, out, 0);
      const message = typeof answer === "number" ? out.subarray(0, answer) : await answer;
      if (message.length < 12 || message.length > 1232 || ((message[2] as number) & 0x80) === 0)
        throw new Error(`no answer to ${Buffer.from(bytes).toString("hex")}`);
      if (message[0] !== bytes[0] || message[1] !== bytes[1]) throw new Error("another id");
    } else {
      refused++;
      if (result !== "drop" && writeError(query, out, 0, 1) > 1232) throw new Error("an error too long");
    }
    longestMs = Math.max(longestMs, performance.now() - started);
  }
  resolver.close();
  return { accepted, refused, longestMs };
}

/** Mutated answers through everything that reads answers: they are taken, or refused with a DnsError, and never kept wrong. */
export function fuzzAnswers(count: number, seed: number): FuzzResult {
  const next = randomFrom(seed);
  const corpus = answerCorpus();
  const cache = createCache({ bytes: 2_000_000, clock: createVirtualClock() });
  const question = questionFor("www.example.org", TYPE.A);
  const query = new Query();
  const out = new Uint8Array(70_000);
  const asked = Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question.name, 0, 1, 0, 1]);
  expect(parseQuery(query, asked, 0, asked.length, 0)).to.equal("ok");
  query.limit = 65_535;
  let accepted = 0;
  let refused = 0;
  let longestMs = 0;
  for (let i = 0; i < count; i++) {
    const bytes = mutate(corpus[next() % corpus.length] as Uint8Array, corpus, next);
    const started = performance.now();
    try {
      const admitted = cache.admit(question, bytes);
      cache.remove(question);
      if (cache.store(admitted)) {
        const length = cache.answer(query, out, 0);
        // What we wrote ourselves must be readable by ourselves.
        cache.admit(question, out.subarray(0, length));
      }
      accepted++;
    } catch (error) {
      if (!(error instanceof DnsError)) throw error;
      refused++;
    }
    longestMs = Math.max(longestMs, performance.now() - started);
  }
  return { accepted, refused, longestMs };
}
