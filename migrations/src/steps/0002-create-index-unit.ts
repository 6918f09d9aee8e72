import { join } from "node:path";
import {
  type Address,
  bytesEqual,
  deriveTokenAccount,
  formatAddress,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  toAddress,
} from "@tolldns/sdk";
import type { Instruction } from "@tolldns/sdk/transaction";
import {
  createAssociated,
  createSeeded,
  initializeMint,
  initializeTokenAccount,
  seededAddress,
} from "../accounts.ts";
import { fail } from "../errors.ts";
import { readOrMakeKey } from "../keys.ts";
import { readAccount, rentOf } from "../rpc.ts";
import { send } from "../send.ts";
import type { Step, StepContext } from "./step.ts";

/** Decimals of the Index Unit. */
export const DECIMALS = 6;
const MINT_SIZE = 82;
const TOKEN_ACCOUNT_SIZE = 165;
const MINT_SEED = "tolldns index unit";
const NAMES_SEED = "tolldns names pool";

/**
 * Makes the Index Unit's mint, unless one is given, and the token accounts of treasury and names pool. A mint made here
 * is minted by `faucet.json`, a key of the deployment's folder: good for development, where anyone may have units.
 */
export const createIndexUnit: Step = {
  id: "0002-create-index-unit",
  async run(context) {
    const made = await mintOf(context);
    await sharesOf(context, made);
  },
};

interface Made {
  mint: Address;
  tokenProgram: Address;
  create: Instruction[];
}

async function mintOf(context: StepContext): Promise<Made> {
  const { sender, authority, found } = context;
  const own = context.mint === null;
  const mint = context.mint ?? seededAddress(authority.publicKey, MINT_SEED, TOKEN_PROGRAM);
  const account = await readAccount(sender.rpc, formatAddress(mint));
  found.mint = mint;
  found.faucet = null;
  if (account !== null) {
    checkMint(formatAddress(mint), account.owner, account.data);
    found.tokenProgram = toAddress(account.owner);
    // A mint made here earlier still has its faucet.
    if (own) found.faucet = readOrMakeKey(join(context.folder, "faucet.json")).publicKey;
    return { mint, tokenProgram: found.tokenProgram, create: [] };
  }
  if (!own) throw fail("migrate-mint", { mint: formatAddress(mint), reason: "no such account" });
  const faucet = readOrMakeKey(join(context.folder, "faucet.json"));
  found.faucet = faucet.publicKey;
  found.tokenProgram = toAddress(TOKEN_PROGRAM);
  const rent = await rentOf(sender.rpc, MINT_SIZE);
  const create = [
    createSeeded(authority.publicKey, MINT_SEED, rent, MINT_SIZE, TOKEN_PROGRAM),
    initializeMint(TOKEN_PROGRAM, mint, DECIMALS, faucet.publicKey),
  ];
  return { mint, tokenProgram: found.tokenProgram, create };
}

function checkMint(mint: string, owner: string, data: Uint8Array): void {
  if (owner !== TOKEN_PROGRAM && owner !== TOKEN_2022_PROGRAM) {
    throw fail("migrate-mint", { mint, reason: `owned by ${owner}` });
  }
  if (data.length !== MINT_SIZE) throw fail("migrate-mint", { mint, reason: `${data.length} bytes` });
  if (data[44] !== DECIMALS) throw fail("migrate-mint", { mint, reason: `${String(data[44])} decimals` });
}

/** Treasury: the authority's associated account. Names pool: an account of its own, of the same owner. */
async function sharesOf(context: StepContext, { mint, tokenProgram, create }: Made): Promise<void> {
  const { sender, authority, found } = context;
  const owner = authority.publicKey;
  const treasury = deriveTokenAccount(owner, mint, tokenProgram).address;
  // The seed names the mint too: another mint's pool is another account.
  const seed = `${NAMES_SEED} ${formatAddress(mint).slice(0, 32 - NAMES_SEED.length - 1)}`;
  const namesPool = seededAddress(owner, seed, tokenProgram);
  found.treasury = treasury;
  found.namesPool = namesPool;
  const todo = [...create];
  if ((await readAccount(sender.rpc, formatAddress(treasury))) === null) {
    todo.push(createAssociated(owner, owner, mint, tokenProgram));
  }
  const pool = await readAccount(sender.rpc, formatAddress(namesPool));
  if (pool === null) {
    const rent = await rentOf(sender.rpc, TOKEN_ACCOUNT_SIZE);
    todo.push(createSeeded(owner, seed, rent, TOKEN_ACCOUNT_SIZE, tokenProgram));
    todo.push(initializeTokenAccount(tokenProgram, namesPool, mint, owner));
  } else if (!bytesEqual(pool.data.subarray(0, 32), mint)) {
    throw fail("migrate-mint", { mint: formatAddress(mint), reason: "the names pool is of another mint" });
  }
  if (todo.length === 0) {
    context.report("the Index Unit and its accounts are there");
    return;
  }
  context.report(create.length > 0 ? "creating the Index Unit" : "creating the accounts of the shares");
  await send(sender, todo);
}
