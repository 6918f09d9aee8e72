import {
  ACCOUNT_HEADER_SIZE,
  publicKey,
  type Signer,
  type TransactionBuilder,
  transactionBuilder,
} from "@metaplex-foundation/umi";
import { type Deployment, formatAddress } from "../address.ts";
import { CONFIG_LENGTH, LEDGER_HEADER_LENGTH, ROW_LENGTH } from "../escrow/account.ts";
import * as balance from "../escrow/balance.ts";
import * as lanes from "../escrow/lane.ts";
import * as ledgers from "../escrow/ledger.ts";
import * as protocol from "../escrow/protocol.ts";
import type { Instruction } from "../instruction.ts";
import type { TolldnsContext } from "./plugin.ts";

/**
 * Input of a builder: as in `@tolldns/sdk/escrow`, but without the deployment (the plugin has it), and with Umi signers
 * for the accounts that sign; the first of them is Umi's identity if left out.
 */
export type UmiInput<Input, Signing extends keyof Input> = Omit<Input, Signing | "deployment"> & {
  readonly [Key in Signing]?: Signer;
};

const TOKEN_ACCOUNT_LENGTH = 165;

type Deployed = { readonly deployment: Pick<Deployment, "escrow"> };

/** Turns one of this package's instructions into a Umi builder; `signers` sign it. Umi reckons rent from the bytes created, headers included. */
export function toTransactionBuilder(
  { program, accounts, data }: Instruction,
  signers: readonly Signer[],
  bytesCreatedOnChain = 0,
): TransactionBuilder {
  const keys = accounts.map(({ address, signer, writable }) => ({
    pubkey: publicKey(formatAddress(address)),
    isSigner: signer,
    isWritable: writable,
  }));
  const instruction = { keys, programId: publicKey(formatAddress(program)), data };
  return transactionBuilder([{ instruction, signers: [...signers], bytesCreatedOnChain }]);
}

function lift<Input extends Deployed, const Signing extends keyof Input & string>(
  build: (input: Input) => Instruction,
  signing: readonly Signing[],
  bytesCreated: (input: Input) => number = () => 0,
) {
  return (context: TolldnsContext<"identity">, input: UmiInput<Input, Signing>): TransactionBuilder => {
    const given = input as Readonly<Record<string, unknown>>;
    const signers: Signer[] = [];
    const addresses: Record<string, string> = {};
    signing.forEach((name, i) => {
      const signer = (given[name] as Signer | undefined) ?? (i === 0 ? context.identity : undefined);
      if (signer === undefined) return;
      signers.push(signer);
      addresses[name] = signer.publicKey;
    });
    // The types above make this whole: `Input` is the given fields, the signers' addresses and the deployment.
    const whole = { ...given, ...addresses, deployment: context.tolldns } as unknown as Input;
    return toTransactionBuilder(build(whole), signers, bytesCreated(whole));
  };
}

/** Each is the function of the same name in `@tolldns/sdk/escrow`, returning a Umi TransactionBuilder. */
export const settle = /* #__PURE__ */ lift(ledgers.settle, []);
export const initialize = /* #__PURE__ */ lift(
  protocol.initialize,
  ["authority"],
  () => CONFIG_LENGTH + TOKEN_ACCOUNT_LENGTH + 2 * ACCOUNT_HEADER_SIZE,
);
export const proposeAuthority = /* #__PURE__ */ lift(protocol.proposeAuthority, ["authority"]);
export const acceptAuthority = /* #__PURE__ */ lift(protocol.acceptAuthority, ["pendingAuthority"]);
export const setGuardian = /* #__PURE__ */ lift(protocol.setGuardian, ["authority"]);
export const setPaused = /* #__PURE__ */ lift(protocol.setPaused, ["signer"]);
export const setTreasury = /* #__PURE__ */ lift(protocol.setTreasury, ["authority"]);
export const deposit = /* #__PURE__ */ lift(balance.deposit, ["owner"]);
export const withdraw = /* #__PURE__ */ lift(balance.withdraw, ["owner"]);
export const closeBalance = /* #__PURE__ */ lift(balance.closeBalance, ["owner"]);
export const openLedger = /* #__PURE__ */ lift(
  ledgers.openLedger,
  ["operator"],
  () => LEDGER_HEADER_LENGTH + ACCOUNT_HEADER_SIZE,
);
export const extendLedger = /* #__PURE__ */ lift(
  ledgers.extendLedger,
  ["operator"],
  ({ rows }) => rows * ROW_LENGTH,
);
export const setLedger = /* #__PURE__ */ lift(ledgers.setLedger, ["operator"]);
export const closeLedger = /* #__PURE__ */ lift(ledgers.closeLedger, ["operator"]);
export const openLane = /* #__PURE__ */ lift(lanes.openLane, ["owner"]);
export const topUpLane = /* #__PURE__ */ lift(lanes.topUpLane, ["owner"]);
export const revokeLane = /* #__PURE__ */ lift(lanes.revokeLane, ["owner"]);
export const rekeyLane = /* #__PURE__ */ lift(lanes.rekeyLane, ["owner", "operator"]);
export const requestClose = /* #__PURE__ */ lift(lanes.requestClose, ["owner"]);
export const closeLane = /* #__PURE__ */ lift(lanes.closeLane, ["closer"]);
export const distribute = /* #__PURE__ */ lift(ledgers.distribute, []);
