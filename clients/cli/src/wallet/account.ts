import {
  type Deployment,
  deriveBalance,
  deriveConfig,
  deriveTokenAccount,
  formatAddress,
  readU64,
  type Signer,
  toAddress,
} from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  type Config,
  decodeBalance,
  decodeConfig,
  ESCROW_PROGRAM_ID,
  type Lane,
  readLanes,
} from "@tolldns/sdk/escrow";
import { CliError } from "../errors.ts";
import type { Rpc } from "./rpc.ts";

/** Where TollDNS lives on the chain that `rpc` reaches. */
export interface Escrow {
  readonly deployment: Deployment;
  readonly config: Config;
}

/** Reads the deployment from the chain itself. @throws CliError chain-refused when the program isn't there */
export async function findEscrow(rpc: Rpc, program: string | undefined): Promise<Escrow> {
  const escrow = toAddress(program ?? ESCROW_PROGRAM_ID);
  const account = await rpc.readAccount(deriveConfig(escrow).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      `the escrow program ${formatAddress(escrow)} is not initialised on the chain of ${rpc.url}`,
      "Name the right RPC with --rpc or the program with --escrow; on an embedded chain the migrations do it.",
    );
  const config = decodeConfig(account.data);
  const { mint, tokenProgram, genesisHash } = config;
  return { deployment: { escrow, mint, tokenProgram, genesisHash }, config };
}

/** What a wallet has. Money in micro-IU. */
export interface Holdings {
  readonly owner: string;
  readonly lamports: bigint;
  /** In the wallet's token account. */
  readonly tokens: bigint;
  /** In escrow, free. */
  readonly free: bigint;
  readonly openLanes: number;
}

export async function readHoldings(rpc: Rpc, { deployment }: Escrow, owner: Uint8Array): Promise<Holdings> {
  const { escrow, mint, tokenProgram } = deployment;
  const [wallet, tokens, balance] = await Promise.all([
    rpc.readAccount(owner),
    rpc.readAccount(deriveTokenAccount(owner, mint, tokenProgram).address),
    rpc.readAccount(deriveBalance(escrow, owner).address),
  ]);
  const held = balance === null ? null : decodeBalance(balance.data);
  return {
    owner: formatAddress(owner),
    lamports: BigInt(wallet?.lamports ?? 0),
    // The amount of a token account stands at byte 64, after mint and owner.
    tokens: tokens === null ? 0n : readU64(tokens.data, 64),
    free: held?.free ?? 0n,
    openLanes: held?.openLanes ?? 0,
  };
}

/** A lane of the wallet and the ledger it is in. */
export interface OwnLane extends Lane {
  readonly ledger: string;
  readonly lane: number;
}

/** All rows of all ledgers that belong to `owner`. */
export async function findLanes(rpc: Rpc, { deployment }: Escrow, owner: Uint8Array): Promise<OwnLane[]> {
  const ledgers = await rpc.readProgramAccounts(
    deployment.escrow,
    Uint8Array.from(ACCOUNT_DISCRIMINATORS.Ledger),
  );
  const text = formatAddress(owner);
  return ledgers.flatMap(({ address, data }) =>
    [...readLanes(data)]
      .filter((row) => row.state !== "free" && formatAddress(row.owner) === text)
      .map((row) => ({ ...row, ledger: address })),
  );
}

/** Everything a wallet command works with. */
export interface OpenWallet {
  readonly rpc: Rpc;
  readonly escrow: Escrow;
  readonly signer: Signer;
}
