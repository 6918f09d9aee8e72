export * from "../../../sdk/src/escrow/account.ts";
export * from "../../../sdk/src/escrow/balance.ts";
export * from "../../../sdk/src/escrow/lane.ts";
export * from "../../../sdk/src/escrow/ledger.ts";
export * from "../../../sdk/src/escrow/protocol.ts";
export * from "../../../sdk/src/transaction/index.ts";
