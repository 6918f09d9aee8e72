import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each keeper error. */
export interface KeeperErrors {
  "ledger-missing": { ledger: string };
  "view-behind": { slot: number; needed: number };
  "simulation-failed": { error: string };
  "clock-missing": Record<string, never>;
  "config-missing": Record<string, never>;
  "config-invalid": { reason: string };
}

/** Keeper errors, 6200-6299. */
export const KEEPER_ERRORS: ErrorTable<KeeperErrors> = {
  "ledger-missing": {
    number: 6200,
    message: "no such ledger on this chain",
    hint: "Check the ledger's address, the escrow program and the cluster the RPC address points at.",
  },
  "view-behind": {
    number: 6201,
    message: "the RPC node answered with an older state than it did before",
    hint: "Nothing to do: the next tick asks again. If it stays, use an RPC node that is in step.",
  },
  "simulation-failed": {
    number: 6202,
    message: "the transaction would fail, and no voucher is to blame",
    hint: "See the error: usually the fee payer has no lamports, or the program was replaced.",
  },
  "clock-missing": {
    number: 6203,
    message: "the chain has no clock account",
    hint: "The RPC address does not speak for a Solana cluster.",
  },
  "config-missing": {
    number: 6204,
    message: "the escrow program was not initialised on this chain",
    hint: "Run the migrations, or check the program id.",
  },
  "config-invalid": {
    number: 6220,
    message: "the configuration can't be used",
    hint: "Correct the field named; see docs/guides/keeper.md.",
  },
};

export const fail = errorsOf(KEEPER_ERRORS);
