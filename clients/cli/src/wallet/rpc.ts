import { setTimeout as sleep } from "node:timers/promises";
import { formatAddress, type Signer, toBase58 } from "@tolldns/sdk";
import { decodeFailure, type Instruction } from "@tolldns/sdk/escrow";
import { signTransaction } from "@tolldns/sdk/transaction";
import { CliError } from "../errors.ts";

/** An account as RPC tells it. */
export interface RpcAccount {
  readonly data: Uint8Array;
  readonly lamports: number;
  readonly owner: string;
}

interface RawAccount {
  readonly data: readonly [string, string];
  readonly lamports: number;
  readonly owner: string;
}

/** The part of Solana's JSON-RPC that a wallet needs. Addresses and signatures are base58. */
export interface Rpc {
  readonly url: string;
  call<T>(method: string, params?: readonly unknown[]): Promise<T>;
  readAccount(address: Uint8Array): Promise<RpcAccount | null>;
  /** Accounts of a program whose data begin with `prefix`, and have `bytes` at `offset` where that is asked for. */
  readProgramAccounts(
    program: Uint8Array,
    prefix: Uint8Array,
    also?: { readonly offset: number; readonly bytes: Uint8Array },
  ): Promise<{ readonly address: string; readonly data: Uint8Array }[]>;
  /** Waits until what was sent is confirmed, for 20 s at most. */
  confirmed(signature: string): Promise<void>;
  /**
   * Signs, sends and waits until confirmed. `program` is the escrow's address, or says what a failure means that another program told.
   * @returns the signature. @throws TollError of the program, CliError chain-refused
   */
  send(
    instructions: readonly Instruction[],
    signers: readonly Signer[],
    program: Uint8Array | FailureReader,
  ): Promise<string>;
}

/** Turns what RPC answers of a failed transaction into an error with a hint. */
export type FailureReader = (err: unknown, logs?: readonly string[]) => Error;

const readerOf = (program: Uint8Array | FailureReader): FailureReader =>
  typeof program === "function" ? program : (err, logs) => decodeFailure(err, program, logs);

/** Milliseconds between two looks at what was sent. */
const POLL_MS = 100;

/** @throws CliError rpc-unreachable from every method when the RPC can't be asked */
export function createRpc(url: string): Rpc {
  async function call<T>(method: string, params: readonly unknown[] = []): Promise<T> {
    let body: { result?: T; error?: { message: string; code: number; data?: unknown } };
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
        signal: AbortSignal.timeout(15_000),
      });
      body = (await response.json()) as typeof body;
    } catch (cause) {
      throw new CliError(
        "rpc-unreachable",
        `the chain's RPC at ${url} does not answer`,
        "Start `tolldns up` or `tolldns chain`, or name another RPC with --rpc.",
        { cause },
      );
    }
    if (body.error !== undefined) throw new RpcError(method, body.error);
    return body.result as T;
  }

  const account = ({ data, lamports, owner }: RawAccount): RpcAccount => ({
    data: Buffer.from(data[0], "base64"),
    lamports,
    owner,
  });

  return {
    url,
    call,
    async readAccount(address) {
      const { value } = await call<{ value: RawAccount | null }>("getAccountInfo", [
        formatAddress(address),
        { encoding: "base64", commitment: "confirmed" },
      ]);
      return value === null ? null : account(value);
    },
    async readProgramAccounts(program, prefix, also) {
      const wanted = [{ offset: 0, bytes: prefix }, ...(also === undefined ? [] : [also])];
      const filters = wanted.map(({ offset, bytes }) => ({ memcmp: { offset, bytes: toBase58(bytes) } }));
      const rows = await call<{ pubkey: string; account: RawAccount }[]>("getProgramAccounts", [
        formatAddress(program),
        { encoding: "base64", commitment: "confirmed", filters },
      ]);
      return rows.map(({ pubkey, account: raw }) => ({ address: pubkey, data: account(raw).data }));
    },
    async confirmed(signature) {
      for (let waited = 0; waited < 20_000; waited += POLL_MS) {
        const { value } = await call<{ value: ({ confirmationStatus: string } | null)[] }>(
          "getSignatureStatuses",
          [[signature]],
        );
        if (value[0] && value[0].confirmationStatus !== "processed") return;
        await sleep(POLL_MS);
      }
    },
    async send(instructions, signers, program) {
      const read = readerOf(program);
      const payer = signers[0];
      if (payer === undefined) throw new TypeError("a transaction needs a signer");
      const { value: latest } = await call<{ value: { blockhash: string; lastValidBlockHeight: number } }>(
        "getLatestBlockhash",
        [{ commitment: "confirmed" }],
      );
      const bytes = signTransaction(
        { version: 0, payer: payer.publicKey, blockhash: latest.blockhash, instructions },
        signers,
      );
      const wire = Buffer.from(bytes).toString("base64");
      let signature: string;
      try {
        signature = await call<string>("sendTransaction", [
          wire,
          { encoding: "base64", preflightCommitment: "confirmed" },
        ]);
      } catch (error) {
        throw refused(error, read);
      }
      await confirm(signature, latest.lastValidBlockHeight, read);
      return signature;
    },
  };

  async function confirm(signature: string, lastValidBlockHeight: number, read: FailureReader) {
    for (;;) {
      const { value } = await call<{ value: ({ confirmationStatus: string; err: unknown } | null)[] }>(
        "getSignatureStatuses",
        [[signature]],
      );
      const status = value[0];
      if (status && status.err !== null) throw read(status.err);
      if (status && status.confirmationStatus !== "processed") return;
      if (
        !status &&
        (await call<number>("getBlockHeight", [{ commitment: "confirmed" }])) > lastValidBlockHeight
      )
        throw new CliError(
          "chain-refused",
          `transaction ${signature} expired before it landed`,
          "Nothing was done; run the command again.",
        );
      await sleep(POLL_MS);
    }
  }
}

class RpcError extends Error {
  readonly data: unknown;

  constructor(method: string, { message, data }: { message: string; data?: unknown }) {
    super(`${method}: ${message}`);
    this.data = data;
  }
}

/** The program's own error where preflight found one, else the RPC's words. */
function refused(error: unknown, read: FailureReader): unknown {
  if (!(error instanceof RpcError)) return error;
  const { err, logs } = (error.data ?? {}) as { err?: unknown; logs?: readonly string[] };
  if (err !== undefined && err !== null) return read(err, logs ?? undefined);
  return new CliError(
    "chain-refused",
    `the chain refused: ${error.message}`,
    "See the message; the wallet may lack SOL for fees: `tolldns wallet fund` on a development chain.",
    { cause: error },
  );
}

/** The chain's time, Unix seconds: it decides what is due, not this machine's clock. */
export async function chainTime(rpc: Rpc): Promise<bigint> {
  const slot = await rpc.call<number>("getSlot", [{ commitment: "confirmed" }]);
  const time = await rpc.call<number | null>("getBlockTime", [slot]).catch(() => null);
  return BigInt(time ?? Math.floor(Date.now() / 1_000));
}
