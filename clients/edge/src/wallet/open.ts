import { randomBytes } from "node:crypto";
import { createDeployment, toBase58 } from "@tolldns/sdk";
import type { EdgeClock } from "../clock.ts";
import type { WalletOptions } from "../options.ts";
import type { Book } from "../pay/book.ts";
import { createWalletChain } from "./chain.ts";
import { createWallet, type Wallet } from "./lanes.ts";
import { readKeyFile } from "./owner.ts";
import { createRpc } from "./rpc.ts";

export interface OpenWalletParts {
  readonly wallet: WalletOptions;
  readonly book: Book;
  readonly clock: EdgeClock;
  readonly random: () => number;
  readonly onEvent: (event: string, detail: string) => void;
}

/** A wallet with the owner's address, base58. */
export type OwnedWallet = Wallet & { readonly owner: string };

/** Opens the user's wallet over its RPC. @throws EdgeError key-file; TollError address-invalid */
export async function openWallet(parts: OpenWalletParts): Promise<OwnedWallet> {
  const { wallet: given, book, clock, random, onEvent } = parts;
  const signer = "keyFile" in given.owner ? await readKeyFile(given.owner.keyFile) : given.owner;
  const deployment = createDeployment(given.deployment);
  const chain = createWalletChain(createRpc(given.rpcUrl), deployment, signer, clock);
  const wallet = createWallet({ chain, book, deployment, clock, random, randomBytes: secretBytes, onEvent });
  return { ...wallet, owner: toBase58(signer.publicKey) };
}

/** Random bytes for keys. */
export function secretBytes(length: number): Uint8Array {
  return new Uint8Array(randomBytes(length));
}
