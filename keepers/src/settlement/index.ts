export { type BatchPlan, type BatchPolicy, type Candidate, fillBatches, lamportsOf } from "./batches.ts";
export { type Bisected, bisectRows, type Trial } from "./bisect.ts";
export { judgeVoucher, type LaneView, type RefusalReason, type Verdict } from "./judge.ts";
export { DEFAULT_POLICY, startSettlementKeeper } from "./keeper.ts";
export { reasonOf } from "./reasons.ts";
