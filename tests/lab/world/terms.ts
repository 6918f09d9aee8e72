import { DEFAULT_POLICY_TERMS, type PolicyTerms } from "@tolldns/sdk/policy";

/** What a window is in the lab: everything in seconds that takes minutes outside. Rules and shares are the defaults. */
export const LAB_TERMS: PolicyTerms = {
  ...DEFAULT_POLICY_TERMS,
  window: 4,
  report: 3,
  dwell: 8,
  roster: 86_400,
  enrol: 20,
  evidence: 3_600,
  strike: 86_400,
  disableAfter: 4,
  recoverAfter: 2,
  restoreAfter: 4,
  leastProbes: 8,
};
