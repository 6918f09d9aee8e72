import { formatAddress, toAddress } from "@tolldns/sdk";
import type { ChainAccount, PolicyChain } from "./types.ts";

type Commitment = "processed" | "confirmed" | "finalized";

/** What is needed of a `Connection` of @solana/web3.js. */
export interface AccountConnection<Key> {
  getMultipleAccountsInfoAndContext(
    addresses: Key[],
    commitment?: Commitment,
  ): Promise<{
    context: { slot: number };
    value: ({ data: Uint8Array; owner: { toBytes(): Uint8Array } } | null)[];
  }>;
  onAccountChange(
    address: Key,
    callback: (
      account: { data: Uint8Array; owner: { toBytes(): Uint8Array } },
      context: { slot: number },
    ) => void,
    commitment?: Commitment,
  ): number;
  removeAccountChangeListener(id: number): Promise<void>;
}

/**
 * Reads and subscribes over web3.js.
 *
 * @example
 * const chain = connectionChain(connection, (bytes) => new PublicKey(bytes));
 */
export function connectionChain<Key>(
  connection: AccountConnection<Key>,
  toKey: (address: Uint8Array) => Key,
  commitment: Commitment = "confirmed",
): PolicyChain {
  const accountOf = ({
    data,
    owner,
  }: {
    data: Uint8Array;
    owner: { toBytes(): Uint8Array };
  }): ChainAccount => ({
    data: new Uint8Array(data),
    owner: owner.toBytes(),
  });
  return {
    async read(addresses, signal) {
      const late = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      const asked = connection.getMultipleAccountsInfoAndContext(addresses.map(toKey), commitment);
      const { context, value } = await Promise.race([asked, late]);
      return {
        slot: context.slot,
        accounts: value.map((account) => (account === null ? null : accountOf(account))),
      };
    },
    watch(address, onAccount) {
      const id = connection.onAccountChange(
        toKey(address),
        (account, { slot }) => onAccount(accountOf(account), slot),
        commitment,
      );
      return () => connection.removeAccountChangeListener(id).catch(() => {});
    },
  };
}

/** Calls one method of Solana's JSON-RPC and gives its result. */
export type RpcCall = <T>(method: string, params?: readonly unknown[]) => Promise<T>;

/** Reads over plain JSON-RPC, without web3.js and its 30 MB. It can't subscribe: full reads alone tell. */
export function rpcChain(call: RpcCall, commitment: Commitment = "confirmed"): PolicyChain {
  return {
    async read(addresses, signal) {
      const late = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
      const asked = call<{
        context: { slot: number };
        value: ({ data: [string, string]; owner: string } | null)[];
      }>("getMultipleAccounts", [
        addresses.map((one) => formatAddress(one)),
        { encoding: "base64", commitment },
      ]);
      const { context, value } = await Promise.race([asked, late]);
      if (!Array.isArray(value) || value.length !== addresses.length || typeof context?.slot !== "number")
        throw new Error("the RPC's answer has another form");
      return { slot: context.slot, accounts: value.map((one) => (one === null ? null : decode(one))) };
    },
  };
}

function decode({ data, owner }: { data: [string, string]; owner: string }): ChainAccount {
  return { data: new Uint8Array(Buffer.from(data[0], "base64")), owner: toAddress(owner) };
}
