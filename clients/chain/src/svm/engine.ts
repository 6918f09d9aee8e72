import { SLOT_HASHES, type Timeline } from "../ledger/timeline.ts";
import { errorJson, type TransactionErrorJson } from "./errors.ts";
import { SYSTEM_BYTES, SYSVAR_SLOT_HASHES } from "./ids.ts";
import { MAX_TRANSACTION_LOG_BYTES } from "./limits.ts";
import {
  type Account,
  Clock,
  EpochSchedule,
  type LiteSvm,
  NativeAccount,
  NativeFailure,
  NativeSvm,
} from "./native.ts";

export type { Account } from "./native.ts";

export interface InnerCall {
  programIndex: number;
  accounts: Uint8Array;
  data: Uint8Array;
  stackHeight: number;
}

/** What running a transaction gave. `inner[i]` are the calls made by instruction `i`. */
export interface Outcome {
  error: TransactionErrorJson | null;
  logs: string[];
  units: number;
  inner: InnerCall[][];
  returnData: { program: Uint8Array; data: Uint8Array } | null;
}

export interface Simulated extends Outcome {
  /** Accounts as the transaction would leave them; empty when it fails. */
  accounts: { address: Uint8Array; account: Account }[];
}

const OWNER_OF_NOTHING = new Uint8Array(32);

/** The virtual machine and its accounts. It keeps no time of its own and checks neither age nor repetition. */
export class Engine {
  private svm: LiteSvm;

  private constructor(svm: LiteSvm) {
    this.svm = svm;
    // Age and repetition are the ledger's to judge: LiteSVM knows one blockhash only.
    svm.setBlockhashCheck(false);
    svm.setTransactionHistory(0n);
    svm.setSigverify(false);
    svm.setLogBytesLimit(MAX_TRANSACTION_LOG_BYTES);
  }

  /** A machine at genesis with `lamports` on `faucet`. */
  static genesis(timeline: Timeline, slot: number, faucet: Uint8Array, lamports: bigint): Engine {
    const svm = new NativeSvm();
    const epoch = BigInt(timeline.shape.slotsPerEpoch);
    svm.setEpochSchedule(new EpochSchedule(epoch, epoch, false, 0n, 0n));
    svm.withNativeMints();
    svm.setAccount(faucet, new NativeAccount(lamports, new Uint8Array(0), SYSTEM_BYTES, false, 0n));
    const engine = new Engine(svm);
    engine.enter(timeline, slot);
    // Loaded again so that every program's deployment slot is this chain's and not the public cluster's.
    return Engine.load(svm.toBytes());
  }

  static load(snapshot: Uint8Array): Engine {
    return new Engine(NativeSvm.fromBytes(snapshot));
  }

  save(): Uint8Array {
    return this.svm.toBytes();
  }

  /** Sets clock and slot hashes to those a bank of this slot sees. */
  enter(timeline: Timeline, slot: number): void {
    const epoch = timeline.epoch(slot);
    const began = timeline.unixTime(epoch * timeline.shape.slotsPerEpoch);
    const now = timeline.unixTime(slot);
    this.svm.setClock(new Clock(BigInt(slot), BigInt(began), BigInt(epoch), BigInt(epoch + 1), BigInt(now)));
    const hashes: [number, Uint8Array][] = [];
    for (let s = slot - 1; s >= 0 && hashes.length < SLOT_HASHES; s--) {
      if (!timeline.isSkipped(s)) hashes.push([s, timeline.hash(s)]);
    }
    const data = Buffer.alloc(8 + SLOT_HASHES * 40);
    data.writeBigUInt64LE(BigInt(hashes.length), 0);
    hashes.forEach(([s, hash], i) => {
      data.writeBigUInt64LE(BigInt(s), 8 + i * 40);
      data.set(hash, 16 + i * 40);
    });
    const old = this.svm.getAccount(SYSVAR_SLOT_HASHES);
    if (old === null) return;
    this.svm.setAccount(
      SYSVAR_SLOT_HASHES,
      new NativeAccount(old.lamports(), data, old.owner(), false, old.rentEpoch()),
    );
  }

  account(address: Uint8Array): Account | null {
    return this.svm.getAccount(address);
  }

  balance(address: Uint8Array): bigint {
    return this.svm.getBalance(address) ?? 0n;
  }

  setAccount(address: Uint8Array, lamports: bigint, data: Uint8Array, owner: Uint8Array): void {
    this.svm.setAccount(address, new NativeAccount(lamports, data, owner, false, 0n));
  }

  programAccounts(program: Uint8Array): { address: Uint8Array; account: Account }[] {
    return this.svm.getProgramAccounts(program).map((entry) => ({
      address: entry.address,
      account: entry.account(),
    }));
  }

  rentExempt(length: number): bigint {
    return this.svm.minimumBalanceForRentExemption(BigInt(length));
  }

  /** Runs a transaction for good. The bytes must have passed `parseTransaction`. */
  run(bytes: Uint8Array, verify: boolean): Outcome {
    this.svm.setSigverify(verify);
    const result = this.svm.sendVersionedTransaction(bytes);
    if (result instanceof NativeFailure) return { ...outcome(result.meta()), error: errorJson(result) };
    return outcome(result);
  }

  /** Runs a transaction and leaves no trace. */
  simulate(bytes: Uint8Array, verify: boolean): Simulated {
    this.svm.setSigverify(verify);
    const result = this.svm.simulateVersionedTransaction(bytes);
    if (result instanceof NativeFailure) {
      return { ...outcome(result.meta()), error: errorJson(result), accounts: [] };
    }
    const accounts = result.postAccounts().map((entry) => ({
      address: entry.address,
      account: entry.account(),
    }));
    return { ...outcome(result.meta()), accounts };
  }
}

function outcome(meta: import("./native.ts").TransactionMetadata): Outcome {
  const returned = meta.returnData();
  const data = returned.data();
  const program = returned.programId();
  const none = data.length === 0 && Buffer.compare(program, OWNER_OF_NOTHING) === 0;
  return {
    error: null,
    logs: meta.logs(),
    units: Number(meta.computeUnitsConsumed()),
    inner: meta.innerInstructions().map((calls) =>
      calls.map((call) => {
        const instruction = call.instruction();
        return {
          programIndex: instruction.programIdIndex(),
          accounts: instruction.accounts(),
          data: instruction.data(),
          stackHeight: call.stackHeight(),
        };
      }),
    ),
    returnData: none ? null : { program, data },
  };
}
