import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

const NO_AMOUNTS = "no instruction takes an amount; weights are shown by proofs";

/** Every row that concerns the quorum program, by the id its tests carry. */
export const ROWS = {
  ...PROGRAM_ROWS,
  "token delegate": without(
    PROGRAM_ROWS["token delegate"],
    "the reporter's account is paid into once, by its owner's own doing; vault and treasury are the stake program's to check",
  ),
  "basis points": without(PROGRAM_ROWS["basis points"], "nothing is set in basis points here"),
  "amount overflow": { ...PROGRAM_ROWS["amount overflow"], why: `${NO_AMOUNTS}; see Merkle and Quorum` },
  "revoked key": { ...PROGRAM_ROWS["revoked key"], text: "a witness key rotated after the freeze" },
  "derived signer": without(
    PROGRAM_ROWS["derived signer"],
    "a member is a key that signs votes off chain too, and a challenger whoever proves it; neither gains by being a program",
  ),
  "epoch boundary": { ...PROGRAM_ROWS["epoch boundary"], text: "votes around an epoch's end" },
  "mint extensions": without(
    PROGRAM_ROWS["mint extensions"],
    "the native token is the stake program's to choose",
  ),
  dust: without(PROGRAM_ROWS.dust, "this program has no vault"),
  "write-lock": without(
    PROGRAM_ROWS["write-lock"],
    "votes of one epoch write one account, a hundred at most; relays bring thirteen in one transaction",
  ),
  conservation: without(PROGRAM_ROWS.conservation, "this program holds nothing but rent"),
  watermark: { ...PROGRAM_ROWS.watermark, text: "epochs only rise, votes never change" },
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/core/tests/quorum.rs` and `tests/sdk/vectors.test.ts`, over `tests/vectors/quorum.json`",
  },
  "leaf as node": { area: "Merkle", text: "a 64-byte leaf passed off as a node" },
  "domain tag": { area: "Merkle", text: "missing domain tag" },
  "proof length": { area: "Merkle", text: "proof too long, too short, of another tree size" },
  "index bits": { area: "Merkle", text: "wrong index bits" },
  "sum overflow": { area: "Merkle", text: "sum overflow" },
  "duplicate leaf": { area: "Merkle", text: "duplicate leaf" },
  "empty tree": { area: "Merkle", text: "empty tree" },
  "root replaced": { area: "Merkle", text: "root replaced after its window" },
  "vote twice": { area: "Quorum", text: "vote twice" },
  "vote changed": { area: "Quorum", text: "change of vote" },
  "stake moved": { area: "Quorum", text: "stake moved between two witnesses mid-epoch" },
  "two thirds": { area: "Quorum", text: "exactly 2/3 and one unit below" },
  "member left": { area: "Quorum", text: "a member unstaked after the freeze" },
  "large weights": { area: "Quorum", text: "weights past u64" },
  "zero root": { area: "Quorum", text: "root of zero" },
  "finalise twice": { area: "Quorum", text: "finalise twice" },
  "stale snapshot": { area: "Quorum", text: "finalise with a stale snapshot" },
  "too few": { area: "Quorum", text: "an epoch in which too few vote" },
  withheld: { area: "Quorum", text: "a withheld route" },
  equivocation: { area: "Quorum", text: "equivocation" },
  "false aggregate": { area: "Quorum", text: "a false aggregate challenged in and after the window" },
  "true aggregate": { area: "Quorum", text: "a true aggregate challenged, honest votes called false" },
  "vote elsewhere": { area: "Quorum", text: "a vote of another epoch or cluster" },
  "minority blocked": {
    area: "Quorum",
    text: "less than two thirds decide nothing, more than a third can't be overruled",
  },
  "root only by final": { area: "Quorum", text: "a root that moves otherwise than by a final epoch" },
  "verifier set": {
    area: "Faults of an earlier attempt",
    text: "a stranger opens the epoch's verifier set",
  },
} as const satisfies Record<string, Row>;

/** Name of a row. */
export type RowId = keyof typeof ROWS;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
Also after every step of random sequences in \`properties.test.ts\`:

1. The root in QuorumConfig moves by \`finalize\` of an ATTESTED epoch alone (\`remember\` in \`finalize.rs\`), after its window, and to what its committee attested.
2. An epoch moves as the table in \`programs/core/src/quorum/epoch.rs\` says and no other way; one runs at a time; numbers only rise and none is used twice.
3. Who sits in a committee is a function of the snapshot, a slot hash after the freeze and the last final root: whoever draws can but show the one leaf that was drawn.
4. A seat votes once. A digest is attested with at least two thirds of the committee's weight, in 128 bits, before the deadline. An equivocator's vote counts no more.
5. A challenge succeeds only against something false. Nobody is slashed but who signed two outcomes of one epoch, or voted for an outcome that was proven false; for each once.
6. Every epoch can end: after its deadline by anybody's \`finalize\`, and its rent goes back to who paid it. No pause stops any of it.
`;
