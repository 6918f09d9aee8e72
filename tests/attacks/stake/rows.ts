import { PROGRAM_ROWS, type Row, without } from "../rows.ts";

const NO_LISTS = "no instruction takes a list";

/** Every row that concerns the stake program, by the id its tests carry. */
export const ROWS = {
  ...PROGRAM_ROWS,
  "vector edges": { ...PROGRAM_ROWS["vector edges"], text: "empty and largest endpoint and proof" },
  "duplicate entries": without(PROGRAM_ROWS["duplicate entries"], NO_LISTS),
  "unsorted list": without(PROGRAM_ROWS["unsorted list"], NO_LISTS),
  "revoked key": { ...PROGRAM_ROWS["revoked key"], text: "a slasher that was replaced" },
  "epoch boundary": {
    ...PROGRAM_ROWS["epoch boundary"],
    text: "stake asked back between two freezes",
  },
  "merkle leaf": { area: "Merkle", text: "an inner node passed off as a leaf" },
  "merkle length": { area: "Merkle", text: "proof too long, too short, of another tree size" },
  "merkle bits": { area: "Merkle", text: "wrong index bits" },
  "merkle sum": { area: "Merkle", text: "sum overflow" },
  "merkle duplicate": { area: "Merkle", text: "duplicate leaf" },
  "merkle empty": { area: "Merkle", text: "empty tree" },
  "merkle stale": { area: "Merkle", text: "a proof made before another's sync" },
  "no gain": { area: "Stake", text: "deposit then withdraw never gains" },
  "thousand units": { area: "Stake", text: "a thousand 1-unit actions against one of 1000" },
  "first depositor": { area: "Stake", text: "first-depositor inflation" },
  "slash to zero": { area: "Stake", text: "slash to zero then deposit" },
  "slash unbonding": { area: "Stake", text: "slash while unbonding" },
  "exit before offence": { area: "Stake", text: "exit asked before the offence" },
  "same evidence": without(
    { area: "Stake", text: "same evidence twice" },
    "evidence is judged by the quorum program, which strikes a member once an epoch; see its rows",
  ),
  "old evidence": without(
    { area: "Stake", text: "evidence after expiry" },
    "evidence is judged by the quorum program; here the exit delay's least value outlasts it, asserted when the program is compiled",
  ),
  "top-up": { area: "Stake", text: "top-up just before a claim" },
  total: { area: "Stake", text: "total equals sum after every step" },
  "two snapshots": { area: "Stake", text: "one stake that stands for two operators" },
  "held-up slash": { area: "Stake", text: "a slash held up by who is to be paid from it" },
  commission: { area: "Stake", text: "a commission raised over delegates' heads" },
  witness: { area: "Stake", text: "two witness keys, or another operator's" },
  "parameter in epoch": {
    ...PROGRAM_ROWS["parameter in epoch"],
    text: "terms changed while stake is locked or leaving",
  },
  "write-lock": without(
    PROGRAM_ROWS["write-lock"],
    "every sync writes the one tree, because a snapshot needs one root; staking and slashing write only their operator, vault apart",
  ),
  challenges: without(PROGRAM_ROWS.challenges, "there are no challenges here"),
  "vectors agree": {
    ...PROGRAM_ROWS["vectors agree"],
    elsewhere:
      "`programs/core/tests/stake_vectors.rs` and `tests/sdk/vectors.test.ts`, over `tests/vectors/stake.json`",
  },
  "self-declared weight": { area: "Faults of an earlier attempt", text: "self-declared weight" },
  "exit delay dodged": {
    area: "Faults of an earlier attempt",
    text: "exit delay dodged by asking for one unit first",
  },
  "unstaked before slash": { area: "Faults of an earlier attempt", text: "unstaking before a slash" },
  "frozen slashed funds": { area: "Faults of an earlier attempt", text: "frozen slashed funds" },
  "prefunded vault": { area: "Faults of an earlier attempt", text: "prefunded vault addresses" },
  "front-run initialisation": {
    area: "Faults of an earlier attempt",
    text: "front-run initialisation",
  },
} as const satisfies Record<string, Row>;

/** What always holds, and where it is asserted. */
export const INVARIANTS = `
Also after every step of random sequences over all instructions in \`properties.test.ts\`:

1. The vault has the sum of all pools, dust apart. Every instruction that moves tokens compares what the vault gained or lost with what the pool did, and fails with 6120 otherwise.
2. \`pool <= shares\` of every operator: no share is ever worth more than what was paid for it, so nobody gains by going in and out.
3. An operator's shares are the sum over its positions and their exits; its weighted and self shares the sums over positions alone.
4. The tree's total is the sum of what it holds of operators, its root that of their leaves; no snapshot ever weighs an operator by anything but pool, tiers and flags.
5. Tokens leave a pool by \`withdraw\`, an exit delay after they were asked for and signed for by their staker, or by \`slash\`, signed by the slasher; by nothing else.
6. After \`request_exit\` and \`withdraw\` the tree holds no more weight for the operator than it has: what leaves is in no later snapshot, and leaves after everything frozen before can be proven. \`MIN_EXIT_DELAY\` exceeds longest epoch, challenge window and evidence lifetime together, or the program does not compile.
7. Slashed tokens leave the vault in the same instruction: reporter, burned and treasury sum to what was taken.
8. From every state stake has a way back. No pause stops any of it.
`;

/** Id of a row. */
export type RowId = keyof typeof ROWS;
