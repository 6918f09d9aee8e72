import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

const NO_TOKENS = "this program holds no tokens and moves none";
const NO_AMOUNTS = "no instruction takes an amount";

/** Every row that concerns the policy program, by the id its tests carry. */
export const ROWS = {
  ...PROGRAM_ROWS,
  "token foreign": without(PROGRAM_ROWS["token foreign"], NO_TOKENS),
  "token frozen": without(PROGRAM_ROWS["token frozen"], NO_TOKENS),
  "token delegate": without(PROGRAM_ROWS["token delegate"], NO_TOKENS),
  "amount edges": {
    ...PROGRAM_ROWS["amount edges"],
    text: "counts of probes and terms at and beyond their bounds",
  },
  "amount overflow": {
    ...PROGRAM_ROWS["amount overflow"],
    text: "weights past u64, begins at the end of time",
  },
  "vector edges": { ...PROGRAM_ROWS["vector edges"], text: "empty and largest name, way and proof" },
  "duplicate entries": without(
    PROGRAM_ROWS["duplicate entries"],
    `no instruction takes a list; ${NO_AMOUNTS}`,
  ),
  "unsorted list": without(PROGRAM_ROWS["unsorted list"], "no instruction takes a list"),
  "revoked key": { ...PROGRAM_ROWS["revoked key"], text: "a hot key that was rotated" },
  "derived signer": without(
    PROGRAM_ROWS["derived signer"],
    "a verifier is a key that signs reports off chain too, and a challenger whoever proves it; neither gains by being a program",
  ),
  "epoch boundary": { ...PROGRAM_ROWS["epoch boundary"], text: "windows around a roster's end" },
  "mint extensions": without(PROGRAM_ROWS["mint extensions"], NO_TOKENS),
  dust: without(PROGRAM_ROWS.dust, "this program has no vault"),
  "pause blocks exit": {
    ...PROGRAM_ROWS["pause blocks exit"],
    text: "a pause stops judging, and no exit of anything",
  },
  "parameter in epoch": { ...PROGRAM_ROWS["parameter in epoch"], text: "terms changed inside a window" },
  "largest batch": {
    ...PROGRAM_ROWS["largest batch"],
    text: "every instruction, of full rosters too, stays under 10 000 compute units and its packet under 1232 bytes",
  },
  "write-lock": without(
    PROGRAM_ROWS["write-lock"],
    "a round is one target's window: those who report it write one account, 64 at most in the time of reports",
  ),
  conservation: without(PROGRAM_ROWS.conservation, "this program holds nothing but rent"),
  watermark: {
    ...PROGRAM_ROWS.watermark,
    text: "windows, rosters, sets and transitions only rise, reports never change",
  },
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/core/tests/policy`, `tests/sdk/vectors.test.ts` and `tests/sdk/browser.test.ts`, over `tests/vectors/policy.json`",
  },
  "leaf as node": { area: "Merkle", text: "an inner node passed off as a record" },
  "domain tag": { area: "Merkle", text: "a record of another list, entry or tag" },
  "proof length": { area: "Merkle", text: "proof too long, too short, of another tree size" },
  "index bits": { area: "Merkle", text: "wrong index bits" },
  "stake proof": {
    area: "Merkle",
    text: "a seat by a leaf that is not in the snapshot: another weight, witness, place or tree",
  },
  unstaked: { area: "Verifiers", text: "a report by who has no stake, or lost it since" },
  jailed: { area: "Verifiers", text: "a report by who is jailed or retired" },
  duplicate: { area: "Verifiers", text: "a report twice, or another after the first" },
  stale: { area: "Verifiers", text: "a report of a window that is over, not yet, or another roster's" },
  "no verifier": { area: "Verifiers", text: "a report by a node that is no VERIFIER, or another operator's" },
  "seat squatting": { area: "Verifiers", text: "seats taken twice, of others, or to keep others out" },
  "one operator": { area: "Quorum", text: "one operator behind many nodes" },
  "one region": { area: "Quorum", text: "many operators of one region or network" },
  "exact quorum": { area: "Quorum", text: "colluders exactly at the quorum and one unit below" },
  "one short": { area: "Quorum", text: "colluders one operator, region or network short of the quorum" },
  "two verdicts": { area: "Quorum", text: "a window judged twice, out of turn, or left out" },
  unknown: { area: "Quorum", text: "windows that nobody knows anything of" },
  "false report": {
    area: "Challenges",
    text: "a false report challenged within its evidence's lifetime and after",
  },
  "true report": { area: "Challenges", text: "an honest report challenged" },
  struck: {
    area: "Challenges",
    text: "a struck verifier that reports, enrols again or sits in another roster",
  },
  "another set": { area: "Challenges", text: "a challenge by another set than the window's" },
  "fallback free": {
    area: "Liveness",
    text: "a state that keeps anybody from leaving, settling or falling back",
  },
  "disabled for ever": { area: "Liveness", text: "a target that never comes back" },
} as const satisfies Record<string, Row>;

/** Name of a row. */
export type RowId = keyof typeof ROWS;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
Also after every step of random sequences in \`properties.test.ts\` and \`tests/programs/policy/sequences.slow.test.ts\`, where the TypeScript twin of the rules tells every target's state from the reports alone; and for a million random
sequences of reports in \`programs/core/tests/policy/invariants.rs\`:

1. A target moves as the table in \`programs/core/src/policy/transition.rs\` says and no other way, by \`judge\` alone, once a window, in the order of windows; a window that is known is never left out.
2. It leaves DISABLED only after \`recover after\` CLEAN windows in a row, and there are never two transitions within a dwell, however late anybody judges.
3. A verdict is the word of a quorum: enough weight of the roster's, in 128 bits, and enough different operators, regions and networks. One operator, region or network is none. What nobody knows moves nothing.
4. Reports of who is struck, unstaked, jailed, retired, no verifier, no seat's or too late count for nothing; a report never changes.
5. A seat is struck only for records that no honest verifier writes. Once struck it counts for nothing and does not enrol again before its time.
6. Clean windows lead from any state back to HEALTHY, within what the dwell and the terms ask for.
7. Nothing here keeps anybody from falling back, settling or withdrawing: no other program reads these accounts, and no account of theirs is written by this one.
8. Every account but the configuration, the newest roster, strikes and targets in use can be closed by anybody in the end, and its rent goes back to who paid it; no pause stops that.
`;
