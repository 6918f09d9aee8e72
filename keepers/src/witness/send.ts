import { type Connection, PublicKey } from "@solana/web3.js";
import { type Signer, toBase58 } from "@tolldns/sdk";
import {
  computeBudgetInstructions,
  type Instruction,
  PACKET_SIZE_LIMIT,
  signTransaction,
  type TransactionParts,
  transactionSize,
} from "@tolldns/sdk/transaction";
import { simulate } from "../runtime/signing.ts";

/** Sends single transactions that may land twice and harm nothing; what became of them, the next look at the chain tells. */
export interface Sender {
  /** Signed by payer and signers, sent once. Base58 of the signature. Throws what the RPC node answers. */
  send(instructions: readonly Instruction[], units: number, signers?: readonly Signer[]): Promise<string>;
  /** Runs it first, and sends it only if it would succeed; null if it would not. Signed by the payer alone. */
  sendIfGood(
    ...instructions: readonly Instruction[]
  ): Promise<{ readonly signature: string } | { readonly error: string }>;
  readonly payer: Uint8Array;
}

/** Bytes of accounts and programs a transaction may load: an epoch, a name, three programs. */
const LOADED_LIMIT = 4 << 20;

export function createSender(connection: Connection, feePayer: Signer): Sender {
  const payer = feePayer.publicKey;

  function partsOf(
    instructions: readonly Instruction[],
    units: number,
    blockhash: Uint8Array,
  ): TransactionParts {
    const budget = computeBudgetInstructions({ unitLimit: units });
    const legacy: TransactionParts = {
      version: 0,
      payer,
      blockhash,
      instructions: [...budget, ...instructions],
    };
    if (transactionSize(legacy) <= PACKET_SIZE_LIMIT) return legacy;
    const config = { priorityFee: 0n, computeUnitLimit: units, loadedAccountsLimit: LOADED_LIMIT };
    return { version: 1, payer, blockhash, instructions, config };
  }

  async function send(
    instructions: readonly Instruction[],
    units: number,
    signers: readonly Signer[] = [],
  ): Promise<string> {
    const { blockhash } = await connection.getLatestBlockhash("confirmed");
    const parts = partsOf(instructions, units, new PublicKey(blockhash).toBytes());
    const all = [feePayer, ...signers.filter(({ publicKey }) => toBase58(publicKey) !== toBase58(payer))];
    const wire = signTransaction(parts, all);
    return connection.sendRawTransaction(wire, { skipPreflight: true, maxRetries: 3 });
  }

  return {
    payer,
    send,
    sendIfGood: async (...instructions) => {
      const version = partsOf(instructions, 1, new Uint8Array(32)).version === 1 ? 1 : 0;
      const { error, units } = await simulate(connection, payer, version, instructions);
      if (error !== null) return { error: error.text };
      return { signature: await send(instructions, Math.ceil(units * 1.2) + 1_000) };
    },
  };
}
