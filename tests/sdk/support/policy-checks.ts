import { toHex } from "@tolldns/sdk";
import {
  findBadTerm,
  gradeReport,
  judgeReports,
  type PolicyTerms,
  type Standing,
  shareOf,
  stepTarget,
  TRANSITIONS,
  timesOfWindow,
  windowOf,
} from "@tolldns/sdk/policy";
import { sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { playSequences } from "./policy-sequences.ts";
import type { Case } from "./vectors.ts";

/** Terms stand in the file under the names the program has for them. */
function termsOf(row: Case): PolicyTerms {
  const named = Object.entries(row).map(([name, value]) => [
    name.replace(/_./g, (part) => part.slice(1).toUpperCase()),
    value,
  ]);
  return Object.fromEntries(named);
}

function standingOf({ state, since, runs, judged, verdict, transitions }: Case): Standing {
  const times = { since: BigInt(since), judged: BigInt(judged), transitions: BigInt(transitions) };
  return { state, verdict, runs: { poor: runs[0], bad: runs[1], clean: runs[2] }, ...times };
}

/** What each group of policy.json says, checked against the SDK. */
export const POLICY_VECTOR_CHECKS: Record<string, (row: Case) => void> = {
  "policy.terms": (row) => expect(findBadTerm(termsOf(row.terms)) ?? null).equal(row.refusal),
  "policy.windows": (row) => {
    const terms = termsOf(row.terms);
    expect(windowOf(terms, BigInt(row.time)).toString()).equal(row.begin);
    const { end, reportsUntil, evidenceUntil } = timesOfWindow(terms, BigInt(row.begin));
    expect([end, reportsUntil, evidenceUntil].map(String)).eql([
      row.end,
      row.reports_until,
      row.evidence_until,
    ]);
  },
  "policy.grades": (row) => expect(gradeReport(row.total, row.ok, termsOf(row.terms))).equal(row.verdict),
  "policy.verdicts": (row) => {
    const seats = row.seats.map((seat: Case) => ({ ...seat, weight: BigInt(seat.weight) }));
    const masks = { clean: BigInt(row.clean), poor: BigInt(row.poor), bad: BigInt(row.bad) };
    const { verdict, clean, poor, bad, total } = judgeReports(seats, masks, termsOf(row.terms));
    expect([verdict, ...[clean, poor, bad, total].map(String)]).eql([row.verdict, ...row.weights]);
  },
  "policy.table": (row) => {
    const { from, to, run, after } = TRANSITIONS[row.place] as (typeof TRANSITIONS)[number];
    expect({ from, to, run, after: after.replace("After", "") }).eql({
      from: row.from,
      to: row.to,
      run: row.run,
      after: row.after,
    });
  },
  "policy.steps": (row) => {
    const terms = termsOf(row.terms);
    const result = stepTarget(
      standingOf(row.before),
      BigInt(row.begin),
      row.verdict,
      terms,
      BigInt(row.from),
    );
    if ("refused" in result) return expect(result.refused).equal(row.refusal);
    expect(row.refusal).equal(null);
    expect(result.standing).eql(standingOf(row.after));
    expect(result.transition !== undefined).equal(row.moved);
  },
  "policy.shares": (row) =>
    expect(shareOf(row.clean, { recoverAfter: row.recover_after, restoreAfter: row.restore_after })).equal(
      row.bps,
    ),
  "policy.sequences": (row) =>
    expect(toHex(sha256(playSequences(row.seed, row.first, row.count)))).equal(row.hash),
};
