import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PublicKey, type VersionedTransaction } from "@solana/web3.js";
import { batchOf, fromBase58 } from "@tolldns/sdk";
import { settle, vouchersPerTransaction } from "@tolldns/sdk/escrow";
import {
  computeBudgetInstructions,
  type Instruction,
  MAX_COMPUTE_UNITS,
  PACKET_SIZE_LIMIT,
  signTransaction,
  type TransactionParts,
  transactionSize,
} from "@tolldns/sdk/transaction";
import { buildWorld, startVirtualChain, type World } from "../../keepers/world/world.ts";
import { precompileInstruction, readerInstruction } from "./precompile.ts";

// What settling a payer costs: `node tests/bench/keepers/settlement.ts`. Our figures and those of the precompile design are
// of transactions that landed on the embedded chain in this run.

/** Signatures precompiles may check in one transaction (Agave, `MAX_ALLOWED_PRECOMPILE_SIGNATURES`). */
const PRECOMPILE_SIGNATURES = 8;

interface Line {
  readonly design: string;
  readonly payers: number;
  readonly bytes?: number;
  /** Compute units a payer; undefined where it isn't known. */
  readonly units: number | undefined;
  /** Lamports a payer, without priority fee. */
  readonly lamports: number;
}

async function land(world: World, version: 0 | 1, instructions: readonly Instruction[]) {
  const { connection, keeper } = world;
  const { blockhash } = await connection.getLatestBlockhash("confirmed");
  const parts: TransactionParts =
    version === 1
      ? {
          version,
          payer: keeper.publicKey,
          blockhash: fromBase58(blockhash),
          instructions,
          config: { computeUnitLimit: MAX_COMPUTE_UNITS, loadedAccountsLimit: 8 * 1024 * 1024 },
        }
      : {
          version,
          payer: keeper.publicKey,
          blockhash: fromBase58(blockhash),
          instructions: [
            ...computeBudgetInstructions({ unitLimit: MAX_COMPUTE_UNITS, unitPrice: 0n }),
            ...instructions,
          ],
        };
  const wire = signTransaction(parts, [keeper]);
  const funds = () => connection.getBalance(new PublicKey(keeper.publicKey), "confirmed");
  const transaction = { message: null, serialize: () => wire } as unknown as VersionedTransaction;
  const { value } = await connection.simulateTransaction(transaction, { commitment: "confirmed" });
  if (value.err !== null) throw new Error(`would not land: ${JSON.stringify(value.err)}`);
  const before = await funds();
  await connection.sendRawTransaction(wire, { skipPreflight: true });
  const fee = before - (await funds());
  if (fee === 0) throw new Error("did not land");
  return { bytes: wire.length, fee, units: value.unitsConsumed ?? 0 };
}

async function measureOurs(world: World, version: 0 | 1): Promise<Line> {
  const payers = vouchersPerTransaction(version, { unitLimit: 1, unitPrice: 0n });
  const vouchers = Array.from({ length: payers }, (_, lane) =>
    world.voucher(lane, version === 0 ? 100n : 200n),
  );
  const { deployment, ledger } = world;
  const { bytes, fee, units } = await land(world, version, [
    settle({ deployment, ledger, batch: batchOf(vouchers) }),
  ]);
  const design = `TollDNS, ${version === 0 ? "packet of 1 232" : "v1 transaction of 4 096"}`;
  return { design, payers, bytes, units: units / payers, lamports: fee / payers };
}

async function measurePrecompile(world: World): Promise<Line> {
  const { deployment, ledger, keeper } = world;
  const rows = Array.from({ length: PRECOMPILE_SIGNATURES }, (_, lane) => ({
    voucher: world.voucher(lane, 300n),
    key: world.sessionKey(lane).publicKey,
  }));
  const sizeOf = (count: number) =>
    transactionSize({
      version: 0,
      payer: keeper.publicKey,
      blockhash: new Uint8Array(32),
      instructions: [
        ...computeBudgetInstructions({ unitLimit: 1, unitPrice: 0n }),
        precompileInstruction(rows.slice(0, count)),
        readerInstruction(deployment.escrow, ledger),
      ],
    });
  let payers = 0;
  while (payers < PRECOMPILE_SIGNATURES && sizeOf(payers + 1) <= PACKET_SIZE_LIMIT) payers++;
  const { fee } = await land(world, 0, [precompileInstruction(rows.slice(0, payers))]);
  const design = "Ed25519 precompile, built and landed here";
  return { design, payers, bytes: sizeOf(payers), units: undefined, lamports: fee / payers };
}

const folder = mkdtempSync(join(tmpdir(), "tolldns-settlement-bench-"));
const chain = await startVirtualChain();
try {
  const world = await buildWorld(chain.rpcUrl, folder, { lanes: 60 });
  const lines: Line[] = [
    await measureOurs(world, 0),
    await measureOurs(world, 1),
    await measurePrecompile(world),
    {
      design: "best public payment-channel program, as published",
      payers: 5,
      units: undefined,
      lamports: 6_000,
    },
  ];
  console.log("settlement: what a payer costs (base fee; a payer is a lane of another session key)\n");
  console.log("| design | payers a transaction | bytes | CU a payer | lamports a payer |");
  console.log("|---|---|---|---|---|");
  for (const { design, payers, bytes, units, lamports } of lines) {
    console.log(
      `| ${design} | ${payers} | ${bytes ?? "-"} | ${units?.toFixed(0) ?? "-"} | ${lamports.toFixed(0)} |`,
    );
  }
  const [ours, , rival] = lines;
  if (ours !== undefined && rival !== undefined) {
    console.log(
      `\nfee a payer: 1/${(rival.lamports / ours.lamports).toFixed(1)} of the precompile design, 1/${(6_000 / ours.lamports).toFixed(1)} of the published one`,
    );
  }
} finally {
  await chain.close();
  rmSync(folder, { recursive: true, force: true });
}
