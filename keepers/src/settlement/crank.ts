import { PublicKey } from "@solana/web3.js";
import { type Deployment, deriveConfig } from "@tolldns/sdk";
import { closeLane, decodeConfig, distribute } from "@tolldns/sdk/escrow";
import type { Lease, OutboxEntry, StoredVoucher } from "@tolldns/store";
import { fail } from "../errors.ts";
import { feeOf } from "../runtime/signing.ts";
import { lamportsOf } from "./batches.ts";
import { bisectRows } from "./bisect.ts";
import { dispatch, type LedgerContext, simulateFor } from "./context.ts";
import type { LedgerView } from "./view.ts";

/** Lanes closed in one transaction; each names the Balance of another owner. */
const CLOSES_PER_TRANSACTION = 16;

/** A lane whose deadline has passed, with nothing of it in flight and nothing left to settle. */
export interface DueClose {
  readonly lane: number;
  readonly generation: number;
  readonly owner: Uint8Array;
  readonly settled: bigint;
}

/**
 * Lanes that may be closed. A lane waits for its deadline even if the keeper is the operator, who might close at once: until
 * then a better voucher may come, and one that is in flight may still land. `held` says whether a lane has either.
 */
export function findDueCloses(
  view: LedgerView,
  held: (lane: number, generation: number) => boolean,
): DueClose[] {
  return view.closing().flatMap((lane) => {
    const row = view.lane(lane);
    if (row === undefined || row.state !== "closing" || view.now < row.deadline) return [];
    if (held(lane, row.generation)) return [];
    return [{ lane, generation: row.generation, owner: row.owner, settled: row.settled }];
  });
}

/** Closes lanes, as many transactions as `room`. Returns how many it used. */
export async function closeDue(
  context: LedgerContext,
  lease: Lease,
  due: readonly DueClose[],
  price: number,
  room: number,
): Promise<number> {
  const { ledger, feePayer, log } = context;
  const deployment = await readDeployment(context);
  const instructionsOf = (rows: readonly DueClose[]) =>
    rows.map(({ lane, generation, owner }) =>
      closeLane({ deployment, ledger, lane, generation, owner, closer: feePayer.publicKey }),
    );
  let used = 0;
  for (let from = 0; from < due.length && used < room; from += CLOSES_PER_TRANSACTION) {
    const some = due.slice(from, from + CLOSES_PER_TRANSACTION);
    const { passed, refused } = await bisectRows(some, async (rows) => {
      const simulation = await simulateFor(context, 0, instructionsOf(rows));
      if (simulation.error === null) return { ok: true, good: simulation };
      if (simulation.error.code === null) throw fail("simulation-failed", { error: simulation.error.text });
      return { ok: false, bad: simulation.error.text };
    });
    for (const { row, bad } of refused) log("warn", "close refused", { lane: row.lane, error: bad });
    if (passed === null) continue;
    const vouchers = passed.rows.map((row) => placeholder(ledger, row));
    const what = { kind: "close", vouchers, amount: 0n };
    await dispatch(context, lease, what, 0, instructionsOf(passed.rows), passed.good, price);
    used++;
  }
  return used;
}

/** Pays out what the ledger has credited if that is due, worth its fee and not under way. */
export async function distributeDue(
  context: LedgerContext,
  lease: Lease,
  view: LedgerView,
  open: readonly OutboxEntry[],
  price: number,
): Promise<void> {
  const { policy, ledger } = context;
  const amount = view.header.credited - view.header.distributed;
  if (policy.distributeAt === 0n || amount < policy.distributeAt || amount === 0n) return;
  if (open.some((entry) => entry.kind === "distribute")) return;
  const { config, ...deployment } = await readDeployment(context);
  const { namesPool, treasury } = config;
  const instructions = [distribute({ deployment, ledger, payout: view.header.payout, namesPool, treasury })];
  const simulation = await simulateFor(context, 0, instructions);
  if (simulation.error !== null) throw fail("simulation-failed", { error: simulation.error.text });
  if (lamportsOf(amount, policy) < feeOf(simulation, price)) return;
  const what = { kind: "distribute", vouchers: [], amount: 0n };
  await dispatch(context, lease, what, 0, instructions, simulation, price);
}

async function readDeployment(
  context: LedgerContext,
): Promise<Deployment & { config: ReturnType<typeof decodeConfig> }> {
  const { connection, escrow } = context;
  const account = await connection.getAccountInfo(new PublicKey(deriveConfig(escrow).address), "confirmed");
  if (account === null) throw fail("config-missing", {});
  const config = decodeConfig(account.data);
  return {
    escrow,
    mint: config.mint,
    tokenProgram: config.tokenProgram,
    genesisHash: config.genesisHash,
    config,
  };
}

/** The outbox tells lanes apart by vouchers; a close has none of its own. */
function placeholder(ledger: Uint8Array, { lane, generation, settled }: DueClose): StoredVoucher {
  return { ledger, lane, generation, expiryDay: 0, cumulative: settled, signature: new Uint8Array(64) };
}
