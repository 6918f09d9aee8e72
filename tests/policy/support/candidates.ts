/** Candidates for the routing decision, well unless said otherwise. */
import {
  type Candidate,
  type Choice,
  DEFAULT_SETTINGS,
  type Decision,
  decide,
  type Measured,
  type PolicyFacts,
  type PolicyStateName,
  TIER,
} from "@tolldns/policy";

export const WELL: Measured = {
  standing: "in",
  cause: null,
  because: "",
  shareBps: 10_000,
  latencyMs: 10,
  p50Ms: 10,
  p95Ms: 20,
  success: 1,
  disagreement: 0,
  failuresInRow: 0,
  goodPerMinute: 0,
  answers: 100,
  failures: 0,
  timeouts: 0,
  disagreements: 0,
};
export const OUT: Partial<Measured> = {
  standing: "out",
  cause: "dead",
  because: "was silent, 3 times",
  shareBps: 0,
};

export function policy(state: PolicyStateName, more: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    state,
    shareBps: 10_000,
    since: 0,
    age: 60,
    id: "",
    begin: 0,
    transitions: 1,
    evidenceRoot: "",
    ...more,
  };
}

export function candidate(
  name: string,
  measured: Partial<Measured> = {},
  more: Partial<Omit<Candidate, "name" | "measured">> = {},
): Candidate {
  return {
    name,
    tier: TIER.BACKEND,
    policy: null,
    price: 0n,
    quotaWait: 0,
    ...more,
    measured: { ...WELL, ...measured },
  };
}

export const choiceOf = (name: string, more: Partial<Choice> = {}): Choice => ({
  name,
  since: 0,
  rival: null,
  ...more,
});
/** Decides at `now` for one question. */
export const at = (
  candidates: readonly Candidate[],
  previous: Choice | null = null,
  now = 0,
  random = 0.5,
): Decision => decide(candidates, previous, now, DEFAULT_SETTINGS, random);
