import { bytesEqual } from "@tolldns/sdk";
import {
  type ChainTrust,
  type Challenge,
  encodeChainTrust,
  encodeTranscript,
  isAboutFreshness,
  latencyBucket,
  NO_LATENCY,
  type ProbeEnd,
  type Transcript,
} from "@tolldns/sdk/policy";
import { judge, trustFor, type Verdict } from "../judge.ts";
import type { GatewayReply } from "../options.ts";
import { queryOfTranscript, questionOfChallenge } from "../question.ts";
import type { AcceptableRoots } from "../roots.ts";
import type { PlannedProbe } from "../schedule.ts";
import type { JudgedProbe } from "../store/open.ts";
import { type Door, endOf } from "./door.ts";
import { timeLimit } from "./limit.ts";
import type { Reference } from "./reference.ts";

/** What probes are made with. */
export interface ProbeTools {
  readonly reference: Reference;
  /** Final roots of routes, newest first; undefined where `.dns` is left out. */
  readonly roots: AcceptableRoots | undefined;
  readonly timeoutMs: number;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed: () => number;
}

/** What came of a probe. */
export interface FinishedProbe {
  readonly kind: "done";
  readonly transcript: Transcript;
  readonly verdict: Verdict;
  /** Milliseconds to the answer; undefined where there was none. */
  readonly latency: number | undefined;
}

export type ProbeResult =
  | FinishedProbe
  /** The reference or the verifier itself failed: the target is not judged by it. */
  | { readonly kind: "unfit"; readonly why: string };

type Told = Exclude<GatewayReply, { kind: "unasked" }>;

const NONE = new Uint8Array(0);
const bytesOf = (reply: Told): Uint8Array =>
  reply.kind === "answer" ? reply.message : Buffer.from(reply.error, "latin1");

/**
 * Puts one challenge to a target: asks the reference, then the target, and judges. Where they differ the reference is asked once more, since what it said may have
 * changed in between; an answer that it gave before, and that caches may hold still, is right too. Rejects only when `signal` aborts.
 * @param begun called just before the target is asked
 */
export async function runProbe(
  planned: PlannedProbe,
  door: Door,
  tools: ProbeTools,
  signal: AbortSignal,
  begun: () => void = () => {},
): Promise<ProbeResult> {
  const { challenge, transport, label } = planned;
  const question = questionOfChallenge(challenge, label);
  const isReferenced = challenge.expect.kind === "reference";
  const first = isReferenced ? await tools.reference.ask(challenge, question, signal) : NONE;
  if (first === undefined) return { kind: "unfit", why: "the reference did not answer as it must" };
  let roots: readonly ChainTrust[] = [];
  if (challenge.expect.kind === "chain") {
    const known = await tools.roots?.(signal).catch(() => undefined);
    if (known === undefined || known.length === 0) return { kind: "unfit", why: "no final root is known" };
    roots = known;
  }

  begun();
  const limit = timeLimit(tools.timeoutMs, signal);
  const started = tools.elapsed();
  let reply: Told | undefined;
  let end: ProbeEnd;
  try {
    const given = await door.ask(challenge, question, transport, limit.signal);
    if (given.kind === "unasked") return { kind: "unfit", why: given.why };
    // Whoever is asked too often for nothing may say so before it looks at a toll.
    if (given.kind === "refused" && given.error === "rate-limited" && challenge.expect.kind === "refused")
      return { kind: "unfit", why: "the gateway has had enough unpaid questions from here" };
    reply = given;
    end = given.kind === "answer" ? "answered" : "refused";
  } catch (error) {
    if (signal.aborted) throw error;
    const known = endOf(error);
    if (known === undefined)
      return { kind: "unfit", why: error instanceof Error ? error.message : String(error) };
    end = known;
  } finally {
    limit.end();
  }
  const latency = reply === undefined ? undefined : Math.max(0, tools.elapsed() - started);
  const received = reply === undefined ? NONE : bytesOf(reply);
  const trust = trustFor(received, roots);
  const transcript: Transcript = {
    transport,
    end,
    query: queryOfTranscript(question, challenge),
    received: Uint8Array.from(received),
    expected: first,
    evidence: trust === undefined ? NONE : encodeChainTrust(trust),
  };
  return settle(
    challenge,
    transcript,
    latency,
    async () => tools.reference.ask(challenge, question, signal),
    tools,
  );
}

/** The verdict, after another word of the reference where the first says something else than the target. */
async function settle(
  challenge: Challenge,
  transcript: Transcript,
  latency: number | undefined,
  again: () => Promise<Uint8Array | undefined>,
  { reference }: ProbeTools,
): Promise<ProbeResult> {
  const verdict = judge(challenge, transcript);
  const done = { kind: "done", transcript, verdict, latency } as const;
  if (verdict.outcome !== "wrong" || challenge.expect.kind !== "reference") return done;
  const earlier = reference.earlier(challenge, verdict.answer);
  if (earlier !== undefined) return withExpected(challenge, transcript, latency, earlier);
  if (isAboutFreshness(challenge) && !reference.isWatched(challenge))
    return { kind: "unfit", why: "watched for less than what was there before may be kept" };
  const second = await again();
  if (second === undefined) return { kind: "unfit", why: "the reference did not answer as it must" };
  const other = withExpected(challenge, transcript, latency, second);
  if (other.verdict.outcome === "ok") return other;
  // Twice asked, twice another answer: nobody can tell what is right.
  if (!bytesEqual(other.verdict.expected, verdict.expected) && !isAboutFreshness(challenge))
    return { kind: "unfit", why: "the reference disagrees with itself" };
  return other;
}

function withExpected(
  challenge: Challenge,
  transcript: Transcript,
  latency: number | undefined,
  expected: Uint8Array,
) {
  const other = { ...transcript, expected };
  return { kind: "done", transcript: other, verdict: judge(challenge, other), latency } as const;
}

/** A finished probe as it is kept. */
export function keptProbe(
  where: Pick<JudgedProbe, "place" | "at" | "challenge">,
  { transcript, verdict, latency }: Omit<FinishedProbe, "kind">,
): JudgedProbe {
  return {
    ...where,
    ...verdict,
    transport: transcript.transport,
    latency: latency === undefined ? NO_LATENCY : latencyBucket(latency),
    transcript: encodeTranscript(transcript),
  };
}
