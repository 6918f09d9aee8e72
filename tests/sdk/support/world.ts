import { readFileSync } from "node:fs";
import { type EncodedAccount, getTransactionDecoder, lamports } from "@solana/kit";
import {
  type AddressLike,
  createSeed,
  createSigner,
  type Deployment,
  deriveProgramData,
  deriveTokenAccount,
  formatAddress,
  type Signer,
  TOKEN_PROGRAM,
  toAddress,
  UPGRADEABLE_LOADER,
  writeU64,
} from "@tolldns/sdk";
import { decodeEvents, type EscrowEvent, type Instruction } from "@tolldns/sdk/escrow";
import { signTransaction, type TransactionParts } from "@tolldns/sdk/transaction";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";
import { deployment } from "./instructions.ts";

/** The real program in the real SVM, with a mint and funded wallets. */
export interface World {
  readonly svm: LiteSVM;
  readonly deployment: Deployment;
  readonly authority: Signer;
}

const RENT = 10_000_000_000n;

/** Loads the committed bytecode the way the loader leaves it, and a plain SPL mint. */
export function createWorld(): World {
  const svm = new LiteSVM();
  const authority = createSigner(createSeed());
  const elf = readFileSync(new URL("../../../programs/artifacts/escrow.so", import.meta.url));
  const data = deriveProgramData(deployment.escrow).address;
  put(
    svm,
    data,
    UPGRADEABLE_LOADER,
    Buffer.concat([Uint8Array.of(3, 0, 0, 0), new Uint8Array(8), Uint8Array.of(1), authority.publicKey, elf]),
  );
  put(svm, deployment.escrow, UPGRADEABLE_LOADER, Buffer.concat([Uint8Array.of(2, 0, 0, 0), data]), true);
  const mint = new Uint8Array(82);
  mint[44] = 6;
  mint[45] = 1;
  put(svm, deployment.mint, TOKEN_PROGRAM, mint);
  return { svm, deployment, authority };
}

/** A wallet with lamports. */
export function createWallet({ svm }: World): Signer {
  const wallet = createSigner(createSeed());
  svm.airdrop(formatAddress(wallet.publicKey) as never, lamports(100n * RENT));
  return wallet;
}

/** A token account of the wallet with `amount` micro-IU. */
export function giveTokens(
  { svm, deployment: { mint } }: World,
  wallet: AddressLike,
  amount: bigint,
): Uint8Array {
  const { address } = deriveTokenAccount(wallet, mint, TOKEN_PROGRAM);
  const data = new Uint8Array(165);
  data.set(mint, 0);
  data.set(toAddress(wallet), 32);
  writeU64(data, 64, amount, "amount");
  data[108] = 1;
  put(svm, address, TOKEN_PROGRAM, data);
  return address;
}

/** Data of an account; fails if there is none. */
export function dataOf({ svm }: World, address: AddressLike): Uint8Array {
  const account = svm.getAccount(formatAddress(address) as never);
  if (!account.exists) throw new Error(`no account ${formatAddress(address)}`);
  return new Uint8Array(account.data);
}

/** Micro-IU in a token account. */
export function tokensOf(world: World, address: AddressLike): bigint {
  return Buffer.from(dataOf(world, address)).readBigUInt64LE(64);
}

/** What a transaction did. */
export interface Outcome {
  readonly bytes: number;
  readonly units: bigint;
  readonly events: EscrowEvent[];
}

/** Sends instructions in a legacy transaction paid by the first signer; throws if it fails. */
export function run(
  world: World,
  signers: readonly [Signer, ...Signer[]],
  ...instructions: Instruction[]
): Outcome {
  const blockhash = world.svm.latestBlockhash();
  return send(world, { version: "legacy", payer: signers[0].publicKey, blockhash, instructions }, signers);
}

/** Signs and sends; throws the log if it fails. */
export function send(world: World, parts: TransactionParts, signers: readonly Signer[]): Outcome {
  const bytes = signTransaction({ ...parts, blockhash: world.svm.latestBlockhash() }, signers);
  const result = world.svm.sendTransaction(getTransactionDecoder().decode(bytes));
  if (result instanceof FailedTransactionMetadata) throw new Error(result.meta().logs().join("\n"));
  world.svm.expireBlockhash();
  return {
    bytes: bytes.length,
    units: result.computeUnitsConsumed(),
    events: decodeEvents(result.logs(), world.deployment.escrow),
  };
}

function put(
  svm: LiteSVM,
  address: AddressLike,
  owner: AddressLike,
  data: Uint8Array,
  executable = false,
): void {
  svm.setAccount({
    address: formatAddress(address),
    programAddress: formatAddress(owner),
    data: new Uint8Array(data),
    executable,
    lamports: lamports(RENT),
    space: BigInt(data.length),
  } as unknown as EncodedAccount);
}
