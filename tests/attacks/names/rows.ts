import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

const NO_LISTS = "no instruction takes a list";

/** Every row that concerns the names program, by the id its tests carry. */
export const ROWS = {
  ...PROGRAM_ROWS,
  "vector edges": { ...PROGRAM_ROWS["vector edges"], text: "empty and largest label and hint" },
  "duplicate entries": without(PROGRAM_ROWS["duplicate entries"], NO_LISTS),
  "unsorted list": without(PROGRAM_ROWS["unsorted list"], NO_LISTS),
  "revoked key": { ...PROGRAM_ROWS["revoked key"], text: "a delegate whose appointment is over" },
  "epoch boundary": {
    ...PROGRAM_ROWS["epoch boundary"],
    text: "who signs, around the slot of a freeze",
  },
  "parameter in epoch": {
    ...PROGRAM_ROWS["parameter in epoch"],
    text: "terms changed while names and auctions last",
  },
  "write-lock": without(
    PROGRAM_ROWS["write-lock"],
    "names and auctions share no account that both write but treasury and vault, as any two payments to one account do; routes and delegates share nothing",
  ),
  challenges: without(
    PROGRAM_ROWS.challenges,
    "there are no challenges here; those of epochs read accounts of this program",
  ),
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/names/tests/vectors.rs` and `tests/sdk/names.test.ts`, over `tests/vectors/names.json`",
  },
  label: { area: "Names", text: "a label that isn't normal, or isn't the hash's" },
  "front-run": { area: "Names", text: "a commitment copied or revealed by somebody else" },
  "old generation": { area: "Names", text: "token, delegate or post of an earlier registration" },
  "low bid": { area: "Names", text: "a bid below the increment, a first bid below the price" },
  "idle winner": { area: "Names", text: "a winner who does nothing, a treasury that is frozen" },
  "wrong winner": {
    area: "Names",
    text: "a name settled to somebody who didn't win, or from another auction",
  },
  offer: {
    area: "Names",
    text: "an offer used by another wallet, after another transfer, or without its maker",
  },
  delegate: { area: "Names", text: "a delegate of another name, holder or role" },
  "recorded authority": {
    area: "Names",
    text: "a record of who signs that somebody else writes, or that forgets too soon",
  },
  tombstone: { area: "Names", text: "evidence of an appointment closed before it is old" },
  "posted update": {
    area: "Names",
    text: "a posted update that isn't what was signed, or outlives the name",
  },
  passport: { area: "Names", text: "a passport that changes hands" },
  "two owners": { area: "Faults of an earlier attempt", text: "two programs with two owners of one name" },
  "bid again": {
    area: "Faults of an earlier attempt",
    text: "a bidder withdraws and bids the returned money again",
  },
} as const satisfies Record<string, Row>;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
Also after every step of random sequences over all instructions in \`properties.test.ts\`:

1. The auction vault has the sum of all bids held, dust apart. Every instruction that moves Index Units compares what vault and treasury gained or lost with what it should be, and fails with 6120 otherwise.
2. A name has one owner, the holder of the one token of its present generation; \`register\` and \`settle_auction\` alone begin a generation, of a name that is free.
3. A loser gets exactly the amount held, once. The winning bid reaches the treasury, whoever settles.
4. Index Units leave a wallet only by its own signature; nobody's purse and bids together ever grow.
5. Within a generation the version posted only rises, and nobody but holder and delegates of the holder posts.
6. The recorded authority held the token when it was recorded. Who signed in a slot can be told for the present record and the one before it, as of the end of each slot.
7. The record of a delegate outlives its appointment by eight days; a change of its time alone leaves the slot of its appointment.
8. From every state money has a way back: a losing bid at any time, a commitment's rent once it is too old, a delegate's rent. No pause stops any of it.
`;

/** Id of a row. */
export type RowId = keyof typeof ROWS;
