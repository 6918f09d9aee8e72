/** One thing an instruction is tried against. `why` says why a row does not apply; others are covered by tests. */
export interface Row {
  readonly area: string;
  readonly text: string;
  readonly why?: string;
  /** Tests of another kind that cover it. */
  readonly elsewhere?: string;
}

/** What a program's `rows.ts` exports. */
export interface ProgramRows {
  readonly ROWS: Readonly<Record<string, Row>>;
  /** Heading of the page's section, where it isn't a program's. */
  readonly TITLE?: string;
  /** What always holds in the program, as Markdown. */
  readonly INVARIANTS: string;
}

/** Says of a row why it does not apply to a program, keeping its place. */
export function without(row: Row, why: string): Row {
  return { ...row, why };
}

/** Rows that concern every program, by the id their tests carry. A program spreads them into its own and says which don't apply. */
export const PROGRAM_ROWS = {
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
  "token frozen": { area: "Per account", text: "frozen token account" },
  "token delegate": { area: "Per account", text: "token account with a delegate or close authority" },

  "amount edges": { area: "Per argument", text: "0, 1, max, max+1, u64::MAX" },
  "amount overflow": { area: "Per argument", text: "sums that overflow" },
  "basis points": { area: "Per argument", text: "basis points 0, 9 999, 10 000, 10 001" },
  "vector edges": { area: "Per argument", text: "empty and largest vector" },
  "ragged length": { area: "Per argument", text: "ragged length" },
  "trailing bytes": { area: "Per argument", text: "trailing bytes" },
  "unknown enum": { area: "Per argument", text: "unknown enum" },
  "duplicate entries": { area: "Per argument", text: "duplicate list entries" },
  "unsorted list": { area: "Per argument", text: "unsorted list" },

  stranger: { area: "Per signer", text: "a stranger" },
  "previous authority": { area: "Per signer", text: "the previous authority after rotation" },
  "pending authority": { area: "Per signer", text: "a pending authority" },
  "revoked key": { area: "Per signer", text: "a revoked session key" },
  "derived signer": { area: "Per signer", text: "a program-derived signer by CPI" },

  deadline: { area: "Time", text: "one second before, at and after every deadline" },
  "clock jump": { area: "Time", text: "clock jump" },
  "epoch boundary": { area: "Time", text: "an epoch boundary in the middle of a batch" },

  "mint extensions": { area: "Tokens", text: "Token-2022 extensions are denied" },
  dust: { area: "Tokens", text: "dust sent to a vault counts for nobody" },

  "stranger initialises": { area: "Admin", text: "initialisation by a stranger first" },
  "one-step handover": { area: "Admin", text: "authority handed over in one step" },
  timelock: {
    area: "Admin",
    text: "timelock bypassed by re-queueing",
    why: "there is no timelock yet; governance, which brings one, is a program of its own",
  },
  "pause blocks exit": { area: "Admin", text: "pause blocking an exit" },
  "parameter in epoch": { area: "Admin", text: "a parameter changed inside an epoch" },
  "old version": { area: "Admin", text: "an old account version" },

  "largest batch": {
    area: "Cost and liveness",
    text: "every batch at its largest stays under 1.4 M compute units and its packet under its limit",
  },
  "write-lock": { area: "Cost and liveness", text: "write-lock contention" },
  "close and reopen": { area: "Cost and liveness", text: "griefing by close and reopen" },
  challenges: { area: "Cost and liveness", text: "spam challenges" },

  conservation: { area: "Properties", text: "conservation after every step" },
  watermark: { area: "Properties", text: "watermarks only rise" },
  "nobody gains": { area: "Properties", text: "nobody unauthorised ends with more" },
  "path to refund": { area: "Properties", text: "every state has a path to a refund" },
  "vectors agree": { area: "Properties", text: "Rust and TypeScript agree on every vector" },
} as const satisfies Record<string, Row>;
