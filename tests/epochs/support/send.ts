import type { Connection } from "@solana/web3.js";
import { fromBase58, type Signer, toBase58, toHex } from "@tolldns/sdk";
import {
  computeBudgetInstructions,
  type Instruction,
  MAX_COMPUTE_UNITS,
  signTransaction,
  sizeLimitOf,
  type TransactionParts,
  transactionSize,
} from "@tolldns/sdk/transaction";

/** Instructions of one transaction and who signs it; the first pays. */
export interface Batch {
  readonly signers: readonly Signer[];
  readonly instructions: readonly Instruction[];
}

const IN_FLIGHT = 40;
const LOOK_MS = 60;
const LOOKS = 2_000;

/** Fills transactions of 1 232 bytes with one signer's instructions, each of which takes about `units`. */
export function packInstructions(
  signer: Signer,
  instructions: readonly Instruction[],
  units: number,
): Batch[] {
  const batches: Batch[] = [];
  let current: Instruction[] = [];
  for (const instruction of instructions) {
    const wider = [...current, instruction];
    const fits =
      transactionSize(partsOf({ signers: [signer], instructions: wider }, toBase58(new Uint8Array(32)))) <=
        sizeLimitOf(0) && wider.length * units <= MAX_COMPUTE_UNITS;
    if (!fits && current.length > 0) batches.push({ signers: [signer], instructions: current });
    current = fits ? wider : [instruction];
  }
  if (current.length > 0) batches.push({ signers: [signer], instructions: current });
  return batches;
}

function partsOf({ signers, instructions }: Batch, blockhash: string): TransactionParts {
  const [payer] = signers;
  if (payer === undefined) throw new Error("nobody pays");
  const budget = computeBudgetInstructions({ unitLimit: MAX_COMPUTE_UNITS });
  return {
    version: 0,
    payer: payer.publicKey,
    blockhash: fromBase58(blockhash),
    instructions: [...budget, ...instructions],
  };
}

/** Sends all of them, some side by side, and waits until each is confirmed. Throws with the logs of the first that fails. */
export async function sendAll(connection: Connection, batches: readonly Batch[]): Promise<void> {
  for (let from = 0; from < batches.length; from += IN_FLIGHT) {
    const some = batches.slice(from, from + IN_FLIGHT);
    const { blockhash } = await connection.getLatestBlockhash("confirmed");
    const wires = some.map((batch) => {
      const unique = [...new Map(batch.signers.map((one) => [toHex(one.publicKey), one])).values()];
      return signTransaction(partsOf(batch, blockhash), unique);
    });
    await Promise.all(wires.map((wire) => connection.sendRawTransaction(wire, { skipPreflight: true })));
    await waitFor(connection, wires);
  }
}

async function waitFor(connection: Connection, wires: readonly Uint8Array[]): Promise<void> {
  let open = wires.map((wire) => ({ wire, signature: signatureOf(wire) }));
  for (let look = 0; look < LOOKS; look++) {
    const { value } = await connection.getSignatureStatuses(open.map(({ signature }) => signature));
    const failed = open.find((_, index) => value[index]?.err);
    if (failed !== undefined) throw new Error(await explain(connection, failed.signature));
    open = open.filter((_, index) => {
      const status = value[index];
      return status === null || status === undefined || status.confirmationStatus === "processed";
    });
    if (open.length === 0) return;
    // A leader that was restarted may have lost some of them.
    if (look % 50 === 49) {
      for (const { wire } of open) await connection.sendRawTransaction(wire, { skipPreflight: true });
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  throw new Error(`${open.length} transactions were never confirmed`);
}

/** First signature of a v0 transaction: one byte says how many there are. */
const signatureOf = (wire: Uint8Array): string => toBase58(wire.slice(1, 65));

async function explain(connection: Connection, signature: string): Promise<string> {
  const found = await connection.getTransaction(signature, {
    commitment: "confirmed",
    maxSupportedTransactionVersion: 0,
  });
  return `${JSON.stringify(found?.meta?.err)}\n${found?.meta?.logMessages?.join("\n")}`;
}
