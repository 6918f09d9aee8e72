/** One thing the quorum program is tried against. `why` says why a row does not apply here; `elsewhere` which tests of another kind cover it. */
export interface Row {
  readonly area: string;
  readonly text: string;
  readonly why?: string;
  readonly elsewhere?: string;
}

/** Every row that concerns the quorum program, by the id its tests carry. */
export const ROWS = {
  "account missing": { area: "Per account", text: "missing" },
  "account owner": { area: "Per account", text: "wrong owner" },
  "account type": { area: "Per account", text: "another account type of the same program in its place" },
  "account seeds": { area: "Per account", text: "wrong PDA seeds" },
  "account bump": { area: "Per account", text: "non-canonical bump" },
  "account parent": { area: "Per account", text: "right type of the wrong parent" },
  "account twice": { area: "Per account", text: "the same account twice in every mutable pair" },
  "account read-only": { area: "Per account", text: "read-only where writable" },
  "account unsigned": { area: "Per account", text: "unsigned where signer" },
  "account revived": { area: "Per account", text: "closed and revived in one transaction" },
  "account initialised twice": { area: "Per account", text: "initialised twice" },
  "account prefunded": { area: "Per account", text: "address prefunded before initialisation" },
  "account length": { area: "Per account", text: "data too short, too long, resized" },
  "account spoofed": { area: "Per account", text: "spoofed sysvar, token program, own program" },
  "token foreign": { area: "Per account", text: "token account of the wrong mint, owner or token program" },
  "argument edges": { area: "Per argument", text: "0, 1, max, max+1, u64::MAX" },
  overflow: { area: "Per argument", text: "sums that overflow" },
  "vector edges": { area: "Per argument", text: "empty and largest vector" },
  "ragged length": { area: "Per argument", text: "ragged length" },
  "trailing bytes": { area: "Per argument", text: "trailing bytes" },
  "unknown enum": { area: "Per argument", text: "unknown enum" },
  "duplicate entries": { area: "Per argument", text: "duplicate list entries" },
  "unsorted list": { area: "Per argument", text: "unsorted list" },
  stranger: { area: "Per signer", text: "a stranger" },
  "previous authority": { area: "Per signer", text: "the previous authority after rotation" },
  "pending authority": { area: "Per signer", text: "a pending authority" },
  deadline: { area: "Time", text: "one second before, at and after every deadline" },
  "clock jump": { area: "Time", text: "clock jump" },
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
  "true aggregate": { area: "Quorum", text: "a true aggregate challenged" },
  "verifier set": { area: "Quorum", text: "a stranger opens the epoch's verifier set" },
  "vote elsewhere": { area: "Quorum", text: "a vote of another epoch or cluster" },
  "stranger initialises": { area: "Admin", text: "initialisation by a stranger first" },
  "one-step handover": { area: "Admin", text: "authority handed over in one step" },
  "pause blocks end": { area: "Admin", text: "pause blocking an exit" },
  "parameter in epoch": { area: "Admin", text: "a parameter changed inside an epoch" },
  "old version": { area: "Admin", text: "an old account version" },
  largest: {
    area: "Cost and liveness",
    text: "every batch at its largest stays under its compute limit and its packet under its size",
  },
  "close and reopen": { area: "Cost and liveness", text: "griefing by close and reopen" },
  challenges: { area: "Cost and liveness", text: "spam challenges" },
  "minority blocked": {
    area: "Properties",
    text: "an honest third can't be overruled, a third can't decide",
  },
  "root only by final": { area: "Properties", text: "the root moves by a final epoch only" },
} as const satisfies Record<string, Row>;

/** Name of a row. */
export type RowId = keyof typeof ROWS;
