import { type MaybeRpcAccount, publicKey } from "@metaplex-foundation/umi";
import { type AddressLike, deriveBalance, deriveConfig, formatAddress } from "../address.ts";
import {
  type Balance,
  type Config,
  decodeBalance,
  decodeConfig,
  decodeLedgerHeader,
  decodeRow,
  type Lane,
  LEDGER_HEADER_LENGTH,
  type LedgerHeader,
  rowSlice,
} from "../escrow/account.ts";
import type { TolldnsContext } from "./plugin.ts";

/** The configuration, or undefined if the protocol is not initialised. @throws reader errors */
export async function fetchConfig(context: TolldnsContext<"rpc">): Promise<Config | undefined> {
  const { address } = deriveConfig(context.tolldns.escrow);
  return decoded(await context.rpc.getAccount(publicKey(address)), decodeConfig);
}

/** A wallet's Balance, or undefined if it never deposited or closed it. @throws reader errors */
export async function fetchBalance(
  context: TolldnsContext<"rpc">,
  owner: AddressLike,
): Promise<Balance | undefined> {
  const { address } = deriveBalance(context.tolldns.escrow, owner);
  return decoded(await context.rpc.getAccount(publicKey(address)), decodeBalance);
}

/** A ledger's header without its rows, or undefined if there is no such ledger. @throws reader errors */
export async function fetchLedgerHeader(
  context: TolldnsContext<"rpc">,
  ledger: AddressLike,
): Promise<LedgerHeader | undefined> {
  const dataSlice = { offset: 0, length: LEDGER_HEADER_LENGTH };
  return decoded(
    await context.rpc.getAccount(publicKey(formatAddress(ledger)), { dataSlice }),
    decodeLedgerHeader,
  );
}

/** One row of a ledger, fetched alone, or undefined if there is no such ledger or row. @throws lane-state */
export async function fetchLane(
  context: TolldnsContext<"rpc">,
  ledger: AddressLike,
  lane: number,
): Promise<Lane | undefined> {
  const account = await context.rpc.getAccount(publicKey(formatAddress(ledger)), {
    dataSlice: rowSlice(lane),
  });
  return decoded(account, (data) => (data.length === 0 ? undefined : decodeRow(data)));
}

function decoded<T>(account: MaybeRpcAccount, decode: (data: Uint8Array) => T): T | undefined {
  return account.exists ? decode(account.data) : undefined;
}
