import { type Address, formatAddress, type Signer } from "@tolldns/sdk";
import native, { type LiteSvm, type TransactionMetadata } from "litesvm/dist/internal.js";
import {
  computeBudgetInstructions,
  encodeMessageOf,
  type Instruction,
  signTransaction,
  type TransactionVersion,
  transactionSize,
} from "./sdk.ts";

/** Lamports, bytes and owner of an account; undefined where there is none. */
export interface AccountState {
  readonly lamports: bigint;
  readonly data: Uint8Array;
  readonly owner: Address;
}

/** What a transaction did. `error` is a custom code, or the name of a runtime error. */
export interface Outcome {
  readonly error: number | string | undefined;
  readonly units: number;
  readonly logs: readonly string[];
  /** Bytes of the signed transaction. */
  readonly size: number;
}

/** How to send; a legacy transaction paid by the machine's own payer unless said otherwise. */
export interface SendOptions {
  readonly version?: TransactionVersion;
  readonly payer?: Signer;
}

// LiteSVM's numbers of the instruction errors that can occur here: Solana's order, but with BorshIoError at the end.
const RUNTIME_ERRORS: Readonly<Record<number, string>> = {
  1: "InvalidArgument",
  2: "InvalidInstructionData",
  3: "InvalidAccountData",
  4: "AccountDataTooSmall",
  5: "InsufficientFunds",
  6: "IncorrectProgramId",
  7: "MissingRequiredSignature",
  9: "UninitializedAccount",
  12: "ExternalAccountLamportSpend",
  13: "ExternalAccountDataModified",
  19: "NotEnoughAccountKeys",
  22: "AccountBorrowFailed",
  33: "MaxSeedLengthExceeded",
  34: "InvalidSeeds",
  36: "ComputationalBudgetExceeded",
  37: "PrivilegeEscalation",
  38: "ProgramEnvironmentSetupFailure",
  39: "ProgramFailedToComplete",
  47: "IllegalOwner",
};

/** LiteSVM with wire bytes in and plain values out. Signatures are made and checked as on a cluster. */
export class Machine {
  private readonly svm: LiteSvm;
  readonly payer: Signer;

  constructor(payer: Signer, svm: LiteSvm = new native.LiteSvm()) {
    this.svm = svm;
    this.payer = payer;
    svm.setTransactionHistory(0n);
    if (this.account(payer.publicKey) === undefined) svm.airdrop(payer.publicKey, 1_000_000_000_000n);
  }

  /** The whole state; `restore` makes a machine of it. */
  save(): Uint8Array {
    return this.svm.toBytes();
  }

  static restore(payer: Signer, snapshot: Uint8Array): Machine {
    return new Machine(payer, native.LiteSvm.fromBytes(snapshot));
  }

  /** Signs by everyone the instructions ask for and runs. A refused transaction leaves no trace. */
  send(instructions: readonly Instruction[], signers: readonly Signer[], options: SendOptions = {}): Outcome {
    const payer = options.payer ?? this.payer;
    const version = options.version ?? "legacy";
    const parts = {
      version,
      payer: payer.publicKey,
      blockhash: this.svm.latestBlockhash(),
      instructions,
      ...(version === 1 ? { config: { computeUnitLimit: 1_400_000, loadedAccountsLimit: 64 << 20 } } : {}),
    };
    const wire = signTransaction(parts, unique([payer, ...signers]));
    return { ...this.run(wire), size: transactionSize(parts) };
  }

  /** Runs instructions without making a signature, for machines that skip them: header flags still say who signs. Returns the error alone. */
  attempt(instructions: readonly Instruction[]): Outcome["error"] {
    const message = encodeMessageOf({
      version: "legacy",
      payer: this.payer.publicKey,
      blockhash: this.svm.latestBlockhash(),
      instructions,
    });
    const signers = message[0] as number;
    const wire = new Uint8Array(1 + 64 * signers + message.length);
    wire[0] = signers;
    wire.set(message, 1 + 64 * signers);
    const result = this.svm.sendVersionedTransaction(wire);
    return result instanceof native.FailedTransactionMetadata ? errorOf(result.err()) : undefined;
  }

  /**
   * Return data of one instruction, run without signatures and in a transaction of any size: for fixtures that have more to ask than a packet
   * holds. Needs `skipSignatures`.
   */
  ask(instruction: Instruction): Uint8Array {
    const parts = {
      version: "legacy" as const,
      payer: this.payer.publicKey,
      blockhash: this.svm.latestBlockhash(),
    };
    const budget = computeBudgetInstructions({ unitLimit: 1_400_000 });
    const message = encodeMessageOf({ ...parts, instructions: [...budget, instruction] });
    const wire = Uint8Array.from([1, ...new Uint8Array(64), ...message]);
    const result = this.svm.sendVersionedTransaction(wire);
    if (result instanceof native.FailedTransactionMetadata) throw new Error(result.toString());
    return result.returnData().data();
  }

  /** Runs the bytes of a signed transaction. */
  run(wire: Uint8Array): Outcome {
    const result = this.svm.sendVersionedTransaction(wire);
    const failed = result instanceof native.FailedTransactionMetadata;
    const meta: TransactionMetadata = failed ? result.meta() : result;
    return {
      error: failed ? errorOf(result.err()) : undefined,
      units: Number(meta.computeUnitsConsumed()),
      logs: meta.logs(),
      size: wire.length,
    };
  }

  account(address: Address): AccountState | undefined {
    const account = this.svm.getAccount(address);
    if (account === null || account.lamports() === 0n) return undefined;
    return { lamports: account.lamports(), data: account.data(), owner: account.owner() };
  }

  /** Data of an account that must be there. */
  data(address: Address): Uint8Array {
    const account = this.account(address);
    if (account === undefined) throw new Error("no such account");
    return account.data;
  }

  lamports(address: Address): bigint {
    return this.account(address)?.lamports ?? 0n;
  }

  /** Plants an account. */
  plant(address: Address, account: Omit<AccountState, "lamports"> & { readonly lamports?: bigint }): void {
    const lamports = account.lamports ?? this.rent(account.data.length);
    this.svm.setAccount(address, new native.Account(lamports, account.data, account.owner, false, 0n));
  }

  airdrop(address: Address, lamports: bigint): void {
    this.svm.airdrop(address, lamports);
  }

  /** Puts a program at an address without a loader's transactions. */
  addProgram(address: Address, bytes: Uint8Array): void {
    this.svm.addProgram(address, bytes);
  }

  rent(bytes: number): bigint {
    return this.svm.minimumBalanceForRentExemption(BigInt(bytes));
  }

  /** Unix seconds. */
  now(): bigint {
    return this.svm.getClock().unixTimestamp;
  }

  setTime(unixSeconds: bigint): void {
    const clock = this.svm.getClock();
    clock.unixTimestamp = unixSeconds;
    this.svm.setClock(clock);
  }

  /** The chain's slot. */
  slot(): bigint {
    return this.svm.getClock().slot;
  }

  /** What the SlotHashes sysvar holds, newest first. Hashes have 32 bytes. */
  setSlotHashes(entries: readonly { readonly slot: bigint; readonly hash: Uint8Array }[]): void {
    this.svm.setSlotHashes(entries.map(({ slot, hash }) => ({ slot, hash: formatAddress(hash) })));
  }

  nextSlot(): void {
    this.svm.warpToSlot(this.svm.getClock().slot + 1n);
    this.svm.expireBlockhash();
  }

  /** For long random runs, where making signatures would take most of the time: header flags still say who signs. */
  skipSignatures(): void {
    this.svm.setSigverify(false);
  }

  blockhash(): string {
    return this.svm.latestBlockhash();
  }
}

function errorOf(error: unknown): number | string {
  if (typeof error === "number") return `transaction error ${error}`;
  if (!(error instanceof native.TransactionErrorInstructionError)) return String(error);
  const inner: unknown = error.err();
  if (inner instanceof native.InstructionErrorCustom) return inner.code;
  return RUNTIME_ERRORS[inner as number] ?? `instruction error ${String(inner)}`;
}

function unique(signers: readonly Signer[]): Signer[] {
  return [...new Map(signers.map((signer) => [signer.publicKey.join(), signer])).values()];
}
