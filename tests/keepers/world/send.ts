import type { Connection } from "@solana/web3.js";
import { fromBase58, type Signer, toBase58, toHex } from "@tolldns/sdk";
import {
  computeBudgetInstructions,
  type Instruction,
  MAX_COMPUTE_UNITS,
  signTransaction,
} from "@tolldns/sdk/transaction";

/** Sends instructions in one transaction and waits until it is confirmed; throws when it fails. */
export async function sendConfirmed(
  connection: Connection,
  payer: Signer,
  instructions: readonly Instruction[],
  signers: readonly Signer[] = [],
): Promise<string> {
  const { blockhash } = await connection.getLatestBlockhash("confirmed");
  const all = [...new Map([payer, ...signers].map((one) => [toHex(one.publicKey), one])).values()];
  const wire = signTransaction(
    {
      version: 0,
      payer: payer.publicKey,
      blockhash: fromBase58(blockhash),
      instructions: [...computeBudgetInstructions({ unitLimit: MAX_COMPUTE_UNITS }), ...instructions],
    },
    all,
  );
  await connection.sendRawTransaction(wire, { skipPreflight: true });
  const signature = toBase58(wire.slice(1, 65));
  for (let tries = 0; tries < 2_000; tries++) {
    const { value } = await connection.getSignatureStatuses([signature]);
    const [status] = value;
    if (status?.err) {
      const found = await connection.getTransaction(signature, {
        commitment: "confirmed",
        maxSupportedTransactionVersion: 0,
      });
      throw new Error(`${JSON.stringify(status.err)}\n${found?.meta?.logMessages?.join("\n")}`);
    }
    if (status && status.confirmationStatus !== "processed") return signature;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`${signature} was never confirmed`);
}
