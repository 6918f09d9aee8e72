/** The pieces of a witness, for those who build on them. */
export { type Ballot, type Cheat, countBallot, rankProposals } from "./ballot.ts";
export { type Attested, challengeOf } from "./challenge.ts";
export { type Case, type Fault, isIncludable, judge, type Verdict } from "./judge.ts";
export { createSender, type Sender } from "./send.ts";
export { startWitness } from "./witness.ts";
