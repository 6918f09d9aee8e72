import { type Address, type Deployment, deriveBalance, formatAddress, toBase58 } from "@tolldns/sdk";
import {
  decodeBalance,
  decodeLedgerHeader,
  decodeRow,
  type Lane,
  LEDGER_HEADER_LENGTH,
  type LedgerHeader,
  ROW_LENGTH,
  rowSlice,
} from "@tolldns/sdk/escrow";
import { encodeMessageOf, type Instruction, joinTransaction } from "@tolldns/sdk/transaction";
import type { EdgeClock } from "../clock.ts";
import { EdgeError } from "../errors.ts";
import type { OwnerSigner } from "./owner.ts";
import type { Rpc } from "./rpc.ts";

/** What the wallet reads from and sends to the chain. Amounts in micro-IU. */
export interface WalletChain {
  readonly owner: Address;
  /** Free balance in escrow; 0 without a Balance account. */
  freeBalance(): Promise<bigint>;
  readHeader(ledger: string): Promise<LedgerHeader | null>;
  readRow(ledger: string, lane: number): Promise<Lane | null>;
  /** A free row, looked for from a random place so that two payers rarely pick the same. */
  findFreeRow(ledger: string, rows: number, random: () => number): Promise<number | null>;
  blockHeight(): Promise<number>;
  /**
   * Signs, sends and waits until it is confirmed. `before` is awaited with the last block height at which it can land, before
   * anything is sent. @throws EdgeError chain-refused (the program said no), chain-failed (expired, or the RPC is out of reach)
   */
  send(instruction: Instruction, before?: (lastValid: number) => Promise<void>): Promise<void>;
}

/** Rows read at once when looking for a free one: 48 KiB. */
const PAGE = 512;
const COMMITMENT = { commitment: "confirmed" };

export function createWalletChain(
  endpoint: Rpc,
  deployment: Deployment,
  signer: OwnerSigner,
  clock: EdgeClock,
): WalletChain {
  const rpc = onlyOf(endpoint, formatAddress(deployment.genesisHash));
  const balance = formatAddress(deriveBalance(deployment.escrow, signer.publicKey).address);

  async function readAccount(
    address: string,
    slice?: { offset: number; length: number },
  ): Promise<Uint8Array | null> {
    const config = {
      ...COMMITMENT,
      encoding: "base64",
      ...(slice === undefined ? {} : { dataSlice: slice }),
    };
    const { value } = await rpc<{ value: { data: [string, string]; owner: string } | null }>(
      "getAccountInfo",
      [address, config],
    );
    if (value === null || value.owner !== formatAddress(deployment.escrow)) return null;
    return new Uint8Array(Buffer.from(value.data[0], "base64"));
  }

  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));

  async function confirm(signature: string, wire: string, lastValid: number): Promise<void> {
    for (let round = 0; ; round++) {
      // Sent again now and then: the first may have been dropped on the way, and twice the same is once.
      if (round % 5 === 0)
        await rpc("sendTransaction", [
          wire,
          // At the commitment of the blockhash: the default, finalized, does not know it yet.
          {
            encoding: "base64",
            skipPreflight: round > 0,
            preflightCommitment: COMMITMENT.commitment,
            maxRetries: 0,
          },
        ]).catch((error: EdgeError) => {
          if (round === 0 && /custom program error|InstructionError|simulation failed/i.test(error.message))
            throw new EdgeError("chain-refused", error.message, { cause: error });
        });
      await wait(400);
      const statuses = await rpc<{ value: ({ err: unknown; confirmationStatus: string } | null)[] }>(
        "getSignatureStatuses",
        [[signature]],
      ).catch(() => null);
      const status = statuses?.value[0] ?? null;
      if (status !== null && status.err !== null)
        throw new EdgeError("chain-refused", JSON.stringify(status.err).slice(0, 200));
      if (status !== null && status.confirmationStatus !== "processed") return;
      if (round % 5 === 4 && status === null) {
        const height = await rpc<number>("getBlockHeight", [COMMITMENT]).catch(() => 0);
        if (height > lastValid)
          throw new EdgeError("chain-failed", "the transaction expired before it was taken in");
      }
    }
  }

  return {
    owner: signer.publicKey,
    async freeBalance() {
      const data = await readAccount(balance);
      return data === null ? 0n : decodeBalance(data).free;
    },
    async readHeader(ledger) {
      const data = await readAccount(ledger, { offset: 0, length: LEDGER_HEADER_LENGTH });
      return data === null ? null : decodeLedgerHeader(data);
    },
    async readRow(ledger, lane) {
      const data = await readAccount(ledger, rowSlice(lane));
      return data === null || data.length !== ROW_LENGTH ? null : decodeRow(data);
    },
    async findFreeRow(ledger, rows, random) {
      const pages = Math.ceil(rows / PAGE);
      const first = Math.floor(random() * pages);
      for (let i = 0; i < pages; i++) {
        const page = (first + i) % pages;
        const offset = rowSlice(page * PAGE).offset;
        const length = Math.min(PAGE, rows - page * PAGE) * ROW_LENGTH;
        const data = await readAccount(ledger, { offset, length });
        if (data === null) return null;
        const free: number[] = [];
        for (let at = 0; at + ROW_LENGTH <= data.length; at += ROW_LENGTH) {
          const row = decodeRow(data.subarray(at, at + ROW_LENGTH));
          if (row.state === "free" && row.generation < 0xffff) free.push(page * PAGE + at / ROW_LENGTH);
        }
        if (free.length > 0) return free[Math.floor(random() * free.length)] as number;
      }
      return null;
    },
    blockHeight: () => rpc<number>("getBlockHeight", [COMMITMENT]),
    async send(instruction, before) {
      const { value } = await rpc<{ value: { blockhash: string; lastValidBlockHeight: number } }>(
        "getLatestBlockhash",
        [COMMITMENT],
      );
      const message = encodeMessageOf({
        version: "legacy",
        payer: signer.publicKey,
        blockhash: value.blockhash,
        instructions: [instruction],
      });
      await before?.(value.lastValidBlockHeight);
      const signature = await signer.sign(message);
      const wire = Buffer.from(joinTransaction("legacy", message, [signature])).toString("base64");
      await confirm(toBase58(signature), wire, value.lastValidBlockHeight);
    },
  };
}

/**
 * The same RPC, asked for its cluster before anything else and refused if it is another: what it says of lanes would be wrong.
 * Asked when it is first needed and not at the start: paying over open lanes needs no chain, and at boot there may be none in reach.
 */
function onlyOf(rpc: Rpc, genesis: string): Rpc {
  let checked: Promise<void> | null = null;
  const check = async () => {
    const found = await rpc<string>("getGenesisHash");
    if (found !== genesis)
      throw new EdgeError("option-invalid", `the RPC is of cluster ${found}, not ${genesis}`);
  };
  return async (method, params) => {
    checked ??= check().catch((error: unknown) => {
      checked = null;
      throw error;
    });
    await checked;
    return rpc(method, params);
  };
}
