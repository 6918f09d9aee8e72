import type { Row } from "../rows.ts";

/** What stands above the table: verifiers, gateways, edges and commands all read what strangers publish. */
export const TITLE = "Evidence of policy, and what is read of it";

const BYTES = "Bytes of verifiers";
const FILES = "Files of verifiers";
const CHAIN = "What an RPC tells";
const DISK = "What lies on disk";

/** Every row that concerns what is read of policy and its evidence, by the id its tests carry. */
export const ROWS = {
  "random bytes": {
    area: BYTES,
    text: "random, cut, extended and mutated records, reports, attestations, transcripts and roots",
  },
  "part length": { area: BYTES, text: "parts whose length is a lie" },
  "message bomb": { area: BYTES, text: "answers that unfold, or that are none" },
  "challenge set": { area: FILES, text: "sets beyond their bounds, of other fields, of random JSON" },
  "file blocks": { area: FILES, text: "blocks of a wrong hash or codec, links to none, more roots than one" },
  "file lengths": { area: FILES, text: "lengths beyond the file" },
  nesting: { area: FILES, text: "values nested without end" },
  "shared transcript": { area: FILES, text: "a small file that all records link to one large transcript of" },
  "slow file": {
    area: FILES,
    text: "a file that trickles in, or never ends",
    elsewhere:
      "`attacks/keepers/verifier-http.slow.test.ts`: *gives a file that trickles in ten seconds and no more*; `verifier-http.test.ts`: *takes no endless file, follows nowhere else, and asks only web addresses*",
  },
  "report of another": { area: FILES, text: "a report over HTTP that is another's, or nonsense" },
  "target name": { area: CHAIN, text: "a registered name that is no target's, or that leads elsewhere" },
  "account bytes": { area: CHAIN, text: "accounts cut, extended, mutated, or of another kind" },
  "forged event": { area: CHAIN, text: "events in a log that the program did not write" },
  "endless history": { area: CHAIN, text: "a history without end, or of another form" },
  "forged cache": { area: DISK, text: "policy.json of random, nested or swapped contents" },
  "forged log": { area: DISK, text: "decision logs of random, nested, endless or swapped lines" },
} as const satisfies Record<string, Row>;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
1. Whatever bytes come, a reader gives back what a writer of the same code would have written for it, or refuses with an error of its own; it neither crashes nor hangs.
2. What a file or an answer says is believed only as far as a signature, a root on chain or its own hash goes.
3. How long a file takes is bounded by its bytes, not by what they claim.
`;

/** Id of a row. */
export type RowId = keyof typeof ROWS;
