import { buildQuery, encodeName, TYPE } from "@tolldns/dns";
import { createSigner, type Signer } from "@tolldns/sdk";
import {
  type ChallengeSet,
  DEFAULT_POLICY_TERMS,
  type PolicyConfig,
  readChallengeSet,
  type Target,
  type Transcript,
  targetId,
  writeChallengeSet,
} from "@tolldns/sdk/policy";
import type { PolicyState } from "../../../keepers/src/verifier/chain/state.ts";
import { judge } from "../../../keepers/src/verifier/judge.ts";
import { keptProbe } from "../../../keepers/src/verifier/probe/probe.ts";
import { queryOfTranscript, questionOfChallenge } from "../../../keepers/src/verifier/question.ts";
import type { JudgedProbe, VerifierStore } from "../../../keepers/src/verifier/store/open.ts";
import { bytesOf } from "../../vectors/cases/random.ts";

export const KEY: Signer = createSigner(bytesOf("verifier of a window"));
export const TARGET: Target = { kind: "backend", protocol: "udp", address: "192.0.2.1", port: 53 };
export const BEGIN = 1_800_000_000n;
export const WINDOW = { target: targetId(TARGET), begin: BEGIN };

/** A small set: what it asks and expects doesn't matter to those who keep windows. */
export const SET: ChallengeSet = readChallengeSet(
  JSON.stringify({
    version: 5,
    about: "Two names.",
    challenges: [
      {
        number: 0,
        surface: "positive",
        name: "a.example",
        type: "A",
        transports: ["udp", "tcp"],
        expect: { kind: "reference" },
      },
      {
        number: 1,
        surface: "nxdomain",
        name: "{random}.example",
        type: "A",
        transports: ["udp"],
        expect: { kind: "reference", rcode: "NXDOMAIN" },
      },
    ],
  }),
);
export const SET_TEXT = writeChallengeSet(SET);

/** An answer as a resolver gives it. */
export function answerTo(query: Uint8Array, rcode: number, address?: readonly number[]): Uint8Array {
  const question = query.slice(12, query.length - 11);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8180 | rcode, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(address === undefined ? 0 : 1, 6);
  const record = address === undefined ? [] : [0xc0, 12, 0, TYPE.A, 0, 1, 0, 0, 0, 60, 0, 4, ...address];
  return Uint8Array.from([...head, ...question, ...record]);
}

/** A judged probe of one of the set's challenges. */
export function probeOf(
  place: number,
  changes: Partial<Transcript> & { challenge?: number; at?: number } = {},
): JudgedProbe {
  const { challenge: number = 0, at = 1_000 * place, ...rest } = changes;
  const challenge = SET.challenges[number];
  if (challenge === undefined) throw new Error(`no challenge ${number}`);
  const query = queryOfTranscript(questionOfChallenge(challenge, `label${place}`), challenge);
  const right = number === 0 ? answerTo(query, 0, [192, 0, 2, 1]) : answerTo(query, 3);
  const transcript: Transcript = {
    transport: "udp",
    end: "answered",
    query,
    received: right,
    expected: right,
    evidence: new Uint8Array(0),
    ...rest,
  };
  const latency = transcript.end === "answered" ? 12 : undefined;
  return keptProbe(
    { place, at, challenge: number },
    { transcript, verdict: judge(challenge, transcript), latency },
  );
}

/** A window of right, wrong and missing answers. */
export function probesOf(): JudgedProbe[] {
  const { query } = { query: buildQuery({ name: encodeName("a.example"), type: TYPE.A }) };
  return [
    probeOf(0),
    probeOf(1, { challenge: 1 }),
    probeOf(2, { received: answerTo(query, 0, [192, 0, 2, 66]) }),
    probeOf(3, { received: answerTo(query, 2) }),
    probeOf(4, { end: "silent", received: new Uint8Array(0) }),
    probeOf(5, { transport: "tcp" }),
  ];
}

/** The chain as a registered verifier sees it, without a roster. */
export const STATE: PolicyState = {
  now: BEGIN + 300n,
  config: {
    bump: 255,
    paused: false,
    terms: DEFAULT_POLICY_TERMS,
    termsFrom: 0n,
    domain: bytesOf("policy domain"),
    stakeProgram: bytesOf("stake"),
    authority: bytesOf("authority"),
    pendingAuthority: undefined,
    guardian: bytesOf("guardian"),
    set: undefined,
    previousSet: undefined,
    roster: 0n,
    enrolmentEnds: 0n,
    rosterEnds: 0n,
    targets: 0n,
  } satisfies PolicyConfig,
  rosters: [],
  targets: [],
  self: { operator: bytesOf("operator"), node: bytesOf("node"), region: 1, asn: 64_500 },
};

/** What a report of the window is signed with. */
export const CONTEXT = {
  state: STATE,
  key: KEY,
  target: TARGET,
  begin: BEGIN,
  end: BEGIN + 300n,
  setVersion: SET.version,
};

export async function fill(store: VerifierStore, probes: readonly JudgedProbe[] = probesOf()): Promise<void> {
  await store.keepSet(SET.version, SET_TEXT);
  for (const probe of probes) await store.addProbe(WINDOW, probe);
}
