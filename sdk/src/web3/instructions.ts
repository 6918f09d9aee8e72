import type { TransactionInstruction } from "@solana/web3.js";
import * as balance from "../escrow/balance.ts";
import * as lanes from "../escrow/lane.ts";
import * as ledgers from "../escrow/ledger.ts";
import * as protocol from "../escrow/protocol.ts";
import type { Instruction } from "../instruction.ts";
import { toTransactionInstruction } from "./convert.ts";

/** The same builder, returning web3.js's type. Wherever it asks for an address it takes a PublicKey. */
function lift<Input>(build: (input: Input) => Instruction): (input: Input) => TransactionInstruction {
  return (input) => toTransactionInstruction(build(input));
}

/** Each is the function of the same name in `@tolldns/sdk/escrow`. */
export const settle = /* #__PURE__ */ lift(ledgers.settle);
export const initialize = /* #__PURE__ */ lift(protocol.initialize);
export const proposeAuthority = /* #__PURE__ */ lift(protocol.proposeAuthority);
export const acceptAuthority = /* #__PURE__ */ lift(protocol.acceptAuthority);
export const setGuardian = /* #__PURE__ */ lift(protocol.setGuardian);
export const setPaused = /* #__PURE__ */ lift(protocol.setPaused);
export const setTreasury = /* #__PURE__ */ lift(protocol.setTreasury);
export const deposit = /* #__PURE__ */ lift(balance.deposit);
export const withdraw = /* #__PURE__ */ lift(balance.withdraw);
export const closeBalance = /* #__PURE__ */ lift(balance.closeBalance);
export const openLedger = /* #__PURE__ */ lift(ledgers.openLedger);
export const extendLedger = /* #__PURE__ */ lift(ledgers.extendLedger);
export const setLedger = /* #__PURE__ */ lift(ledgers.setLedger);
export const closeLedger = /* #__PURE__ */ lift(ledgers.closeLedger);
export const openLane = /* #__PURE__ */ lift(lanes.openLane);
export const topUpLane = /* #__PURE__ */ lift(lanes.topUpLane);
export const revokeLane = /* #__PURE__ */ lift(lanes.revokeLane);
export const rekeyLane = /* #__PURE__ */ lift(lanes.rekeyLane);
export const requestClose = /* #__PURE__ */ lift(lanes.requestClose);
export const closeLane = /* #__PURE__ */ lift(lanes.closeLane);
export const distribute = /* #__PURE__ */ lift(ledgers.distribute);
