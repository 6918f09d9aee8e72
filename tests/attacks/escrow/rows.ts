import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

/** Every row that concerns the escrow, by the id its tests carry. */
export const ROWS = {
  ...PROGRAM_ROWS,
  "epoch boundary": without(
    PROGRAM_ROWS["epoch boundary"],
    "the escrow has no epochs; its only boundary, midnight UTC for a voucher's expiry, is read once for a whole batch",
  ),
  "voucher bit": { area: "Vouchers", text: "a flipped bit in each field" },
  "voucher malleability": { area: "Vouchers", text: "s+L malleability" },
  "voucher points": { area: "Vouchers", text: "small-order and non-canonical keys and points" },
  "voucher foreign": { area: "Vouchers", text: "another ledger, lane, generation, program, cluster" },
  "voucher replay": { area: "Vouchers", text: "replay" },
  "voucher older": { area: "Vouchers", text: "older after newer" },
  "voucher equal": { area: "Vouchers", text: "equal" },
  "voucher reserve": { area: "Vouchers", text: "cumulative = reserve and reserve+1" },
  "voucher expiry": { area: "Vouchers", text: "expired at the day boundary" },
  "lane twice": { area: "Vouchers", text: "one lane twice in a batch, both orders" },
  "lane reused": { area: "Vouchers", text: "lane reused with an old voucher" },
  "bad row": { area: "Vouchers", text: "a batch with one bad row among good ones" },
  "batch twice": { area: "Vouchers", text: "the same batch twice" },
  "batches overlap": { area: "Vouchers", text: "batches overlapping in flight" },
  timelock: without(
    PROGRAM_ROWS.timelock,
    "the escrow has no timelock yet; terms are fixed at initialisation and governance, which brings one, is a program of its own",
  ),
  "dust lanes": { area: "Cost and liveness", text: "dust lanes filling a ledger" },
  challenges: without(PROGRAM_ROWS.challenges, "the escrow has no challenges"),
  "within reserve": { area: "Properties", text: "settled <= reserve" },
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/core/tests/vectors.rs`, `programs/escrow/tests/vectors.rs`, `tests/programs/ed25519.test.ts` and `tests/sdk`, all over `tests/vectors`",
  },
  "crank without best voucher": {
    area: "Bugs others had",
    text: "a crank closing a lane without the best voucher it held",
  },
  "stale row": { area: "Bugs others had", text: "one stale watermark failing the whole batch" },
  "served while closing": {
    area: "Bugs others had",
    text: "serving while the payer's close was pending, never redeemed",
  },
  "wrong cluster treasury": {
    area: "Bugs others had",
    text: "the treasury's token account derived for the wrong cluster",
  },
} as const satisfies Record<string, Row>;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
Also after every one of 100 000 random steps in \`properties.test.ts\` (a million in \`tests/programs/properties.slow.test.ts\`):

1. \`vault = sum(free) + sum(reserve - settled) + sum(credited - distributed)\`, dust apart. Every instruction that moves tokens compares what the vault
   gained or lost with what is owed more or less (\`conservation.rs\`), and fails with 6120 otherwise.
2. \`settled <= reserve\` in every lane; in one generation \`settled\` only rises, and never past what the lane's session key signed.
3. \`distributed <= credited\` in every ledger; both only rise.
4. A row's \`generation\` rises with every opening, a ledger's address is used once: no voucher is ever good for another lane than the one it was signed for.
5. \`open_lanes\` of a ledger and the sum over all Balances count the lanes that are not FREE.
6. What a wallet owns (tokens, free balance, unspent reserves) falls only by vouchers of its own session keys.
7. From every state everyone gets out: a payer after at most the grace period, an operator after closing its lanes and distributing. A pause stops none of it.
8. Deadlines, once set, are never moved; a lane's terms (grace period) never change while it is open.
`;

/** Id of a row. */
export type RowId = keyof typeof ROWS;
