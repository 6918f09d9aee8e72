import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

/** What stands above the table: proofs are checked by several programs and by clients. */
export const TITLE = "Routes and their proofs";

/** Every row that concerns proofs of routes, by the id its tests carry. */
export const ROWS = {
  "node as leaf": { area: "Merkle", text: "a 64-byte leaf passed off as a node" },
  "domain tag": { area: "Merkle", text: "missing domain tag" },
  "proof length": { area: "Merkle", text: "proof too long, too short, of another tree size" },
  "index bits": { area: "Merkle", text: "wrong index bits" },
  "duplicate leaf": { area: "Merkle", text: "duplicate leaf" },
  "empty tree": { area: "Merkle", text: "empty tree" },
  "false absence": { area: "Merkle", text: "absence shown of what is there" },
  "sum overflow": without(
    { area: "Merkle", text: "sum overflow" },
    "these trees have no sums; the stake tree has",
  ),
  "root replaced": without(
    { area: "Merkle", text: "root replaced after its window" },
    "proofs are held against whatever root they are given; which one is final, the quorum program says",
  ),
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/core/tests/route_vectors.rs`, `tests/sdk/vectors.test.ts`, `tests/sdk/browser.test.ts`",
  },
} as const satisfies Record<string, Row>;

export const INVARIANTS = `
1. Names and what they hold make the root; the order they came in does not.
2. A proof shows a name there or absent under a root, never both, and with any one bit flipped neither.
3. The root after an update is the same by one proof of the root before, by the map, and by building it anew.
4. Bytes are of one form: what is read is written back to the same bytes, or refused.
`;
