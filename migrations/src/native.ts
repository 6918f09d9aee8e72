import { join } from "node:path";
import {
  type Address,
  deriveTokenAccount,
  formatAddress,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import { createAssociated, createSeeded, initializeMint, seededAddress } from "./accounts.ts";
import { fail } from "./errors.ts";
import { readOrMakeKey } from "./keys.ts";
import { readAccount, rentOf } from "./rpc.ts";
import { send } from "./send.ts";
import type { StepContext } from "./steps/step.ts";

/** Decimals of the native token. */
export const NATIVE_DECIMALS = 9;
const MINT_SIZE = 82;
const SEED = "tolldns native token";

/** The native token as a deployment has it. */
export interface NativeToken {
  mint: Address;
  tokenProgram: Address;
  /** The authority's associated account, which slashed tokens go to. */
  treasury: Address;
}

/** Makes the native token's mint, unless one is given, and the treasury's account of it. A mint made here is minted by `faucet.json`, as Index Units are. */
export async function createNativeToken(context: StepContext): Promise<NativeToken> {
  const { sender, authority, nativeMint } = context;
  const owner = authority.publicKey;
  const mint = nativeMint ?? seededAddress(owner, SEED, TOKEN_PROGRAM);
  const account = await readAccount(sender.rpc, formatAddress(mint));
  if (account === null && nativeMint !== null) {
    throw fail("migrate-mint", { mint: formatAddress(mint), reason: "no such account" });
  }
  if (account !== null) checkMint(formatAddress(mint), account.owner, account.data);
  const tokenProgram = toAddress(account?.owner ?? TOKEN_PROGRAM);
  const treasury = deriveTokenAccount(owner, mint, tokenProgram).address;
  const todo = [];
  if (account === null) {
    const faucet = readOrMakeKey(join(context.folder, "faucet.json"));
    const rent = await rentOf(sender.rpc, MINT_SIZE);
    todo.push(createSeeded(owner, SEED, rent, MINT_SIZE, TOKEN_PROGRAM));
    todo.push(initializeMint(TOKEN_PROGRAM, mint, NATIVE_DECIMALS, faucet.publicKey));
  }
  if ((await readAccount(sender.rpc, formatAddress(treasury))) === null) {
    todo.push(createAssociated(owner, owner, mint, tokenProgram));
  }
  if (todo.length > 0) {
    context.report(account === null ? "creating the native token" : "creating its treasury account");
    await send(sender, todo);
  }
  return { mint, tokenProgram, treasury };
}

function checkMint(mint: string, owner: string, data: Uint8Array): void {
  const refuse = (reason: string) => fail("migrate-mint", { mint, reason });
  if (owner !== TOKEN_PROGRAM && owner !== TOKEN_2022_PROGRAM) throw refuse(`owned by ${owner}`);
  if (data.length !== MINT_SIZE) throw refuse(`${data.length} bytes`);
  if (data[44] !== NATIVE_DECIMALS) throw refuse(`${String(data[44])} decimals`);
  if (data.subarray(46, 50).some((byte) => byte !== 0)) throw refuse("somebody may freeze it");
}
