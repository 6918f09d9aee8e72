import type { Signer } from "@tolldns/sdk";
import { computeBudgetInstructions, type Instruction, signTransaction } from "@tolldns/sdk/transaction";
import { fail } from "./errors.ts";
import type { Rpc } from "./rpc.ts";

/** Where and as whom a migration sends. */
export interface Sender {
  rpc: Rpc;
  payer: Signer;
  /** Micro-lamports a compute unit; 0n sends no price. */
  unitPrice: bigint;
}

/** Milliseconds between looks at a transaction's status: short at first, as a local chain is quick. */
const FIRST_LOOK = 10;
const LAST_LOOK = 400;
/** Milliseconds after which unconfirmed transactions are sent again, as the network may have lost them. */
const RESEND = 2000;
const ATTEMPTS = 5;
const PARALLEL = 48;

interface Blockhash {
  blockhash: string;
  lastValidBlockHeight: number;
}

async function latestBlockhash(rpc: Rpc): Promise<Blockhash> {
  return (await rpc.call<{ value: Blockhash }>("getLatestBlockhash", [{ commitment: "confirmed" }])).value;
}

function signed(
  sender: Sender,
  instructions: readonly Instruction[],
  signers: readonly Signer[],
  blockhash: string,
): Uint8Array {
  const price = sender.unitPrice > 0n ? computeBudgetInstructions({ unitPrice: sender.unitPrice }) : [];
  const parts = {
    version: "legacy" as const,
    payer: sender.payer.publicKey,
    blockhash,
    instructions: [...price, ...instructions],
  };
  return signTransaction(parts, [sender.payer, ...signers]);
}

function post(rpc: Rpc, bytes: Uint8Array, skipPreflight: boolean): Promise<string> {
  const options = { encoding: "base64", skipPreflight, preflightCommitment: "confirmed" };
  return rpc.call<string>("sendTransaction", [Buffer.from(bytes).toString("base64"), options]);
}

/**
 * Sends a transaction and waits until it is confirmed. An expired one is signed anew only once it can't land any more.
 * @returns its signature
 * @throws migrate-rpc, migrate-failed, migrate-expired
 */
export async function send(
  sender: Sender,
  instructions: readonly Instruction[],
  signers: readonly Signer[] = [],
): Promise<string> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { blockhash, lastValidBlockHeight } = await latestBlockhash(sender.rpc);
    const bytes = signed(sender, instructions, signers, blockhash);
    const signature = await post(sender.rpc, bytes, false);
    const { failed, missing } = await settle(sender.rpc, new Map([[signature, bytes]]), lastValidBlockHeight);
    const error = failed.get(signature);
    if (error !== undefined) throw fail("migrate-failed", { signature, error });
    if (missing.length === 0) return signature;
  }
  throw fail("migrate-expired", { attempts: ATTEMPTS });
}

/**
 * Sends many transactions side by side and waits until each is confirmed, has failed or can't land any more. They must
 * be safe to lose and to repeat: the caller looks at the chain and sends what is missing again.
 */
export async function sendMany(
  sender: Sender,
  batch: readonly (readonly Instruction[])[],
  each: () => void,
): Promise<void> {
  const { blockhash, lastValidBlockHeight } = await latestBlockhash(sender.rpc);
  const sent = new Map<string, Uint8Array>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let instructions = batch[next++]; instructions !== undefined; instructions = batch[next++]) {
      const bytes = signed(sender, instructions, [], blockhash);
      sent.set(await post(sender.rpc, bytes, true), bytes);
      each();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  await settle(sender.rpc, sent, lastValidBlockHeight);
}

interface Status {
  err: unknown;
  confirmationStatus: string | null;
}

/** Watches transactions until none is open. */
async function settle(
  rpc: Rpc,
  sent: ReadonlyMap<string, Uint8Array>,
  lastValidBlockHeight: number,
): Promise<{ failed: Map<string, string>; missing: string[] }> {
  const failed = new Map<string, string>();
  let open = [...sent.keys()];
  let wait = FIRST_LOOK;
  let resendAt = Date.now() + RESEND;
  while (open.length > 0) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(wait * 2, LAST_LOOK);
    // The height is read before the statuses: what is unknown then and expired now is unknown for good.
    const height = await rpc.call<number>("getBlockHeight", [{ commitment: "confirmed" }]);
    open = await stillOpen(rpc, open, failed);
    if (height > lastValidBlockHeight) break;
    if (Date.now() < resendAt) continue;
    resendAt = Date.now() + RESEND;
    await Promise.all(open.map((signature) => post(rpc, sent.get(signature) as Uint8Array, true)));
  }
  return { failed, missing: open };
}

async function stillOpen(rpc: Rpc, open: readonly string[], failed: Map<string, string>): Promise<string[]> {
  const left: string[] = [];
  for (let at = 0; at < open.length; at += 256) {
    const part = open.slice(at, at + 256);
    const { value } = await rpc.call<{ value: (Status | null)[] }>("getSignatureStatuses", [part]);
    for (const [i, signature] of part.entries()) {
      const status = value[i] ?? null;
      const settled =
        status?.confirmationStatus === "confirmed" || status?.confirmationStatus === "finalized";
      if (!settled) left.push(signature);
      else if (status.err !== null) failed.set(signature, JSON.stringify(status.err));
    }
  }
  return left;
}
