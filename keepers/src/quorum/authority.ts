import { type AccountInfo, PublicKey } from "@solana/web3.js";
import { bytesEqual, TOKEN_2022_PROGRAM, toBase58, toHex } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  createNamesDeployment,
  decodeName,
  decodeNamesConfig,
  deriveHolding,
  deriveNamesConfig,
  type Name,
  type NamesDeployment,
  recordAuthority,
} from "@tolldns/sdk/names";
import type { QuorumContext } from "./context.ts";
import type { Parcel } from "./send.ts";
import type { QuorumView } from "./view.ts";

/** Finds names whose token an ordinary wallet moved, so that the new holder signs routes from the next freeze on. */
export interface AuthorityWatch {
  look(view: QuorumView): Promise<Parcel[]>;
}

/** Accounts an RPC node answers at once. */
const ACCOUNTS_AT_ONCE = 100;
/** Names looked at in one look; the next goes on where it ended. */
const NAMES_AT_ONCE = 2_000;
const RECORDS_AT_ONCE = 5;
/** Where a token account has its amount. */
const AMOUNT_OFFSET = 64;
const OWNER_OFFSET = 32;

export function createAuthorityWatch(context: QuorumContext): AuthorityWatch {
  const { connection, clock, policy } = context;
  let lookedAt = Number.NEGATIVE_INFINITY;
  /** Hash of the last name looked at, in hex. */
  let after = "";

  let deployed: NamesDeployment | null = null;
  async function readDeployment(names: Uint8Array): Promise<NamesDeployment | null> {
    if (deployed !== null) return deployed;
    const account = await connection.getAccountInfo(
      new PublicKey(deriveNamesConfig(names).address),
      "confirmed",
    );
    if (account === null) return null;
    const { mint, tokenProgram, treasury } = decodeNamesConfig(account.data);
    deployed = createNamesDeployment({ names, mint, tokenProgram, treasury });
    return deployed;
  }

  async function readNames(program: Uint8Array, now: bigint): Promise<Name[]> {
    const accounts = await connection.getProgramAccounts(new PublicKey(program), {
      commitment: "confirmed",
      filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS.Name)) } }],
    });
    return accounts
      .map(({ account }) => decodeName(account.data))
      .filter((name) => name.generation > 0 && now < name.expiresAt)
      .sort((a, b) => (toHex(a.hash) < toHex(b.hash) ? -1 : 1));
  }

  async function readTokens(addresses: readonly Uint8Array[]): Promise<(AccountInfo<Buffer> | null)[]> {
    const found: (AccountInfo<Buffer> | null)[] = [];
    for (let from = 0; from < addresses.length; from += ACCOUNTS_AT_ONCE) {
      const keys = addresses.slice(from, from + ACCOUNTS_AT_ONCE).map((address) => new PublicKey(address));
      found.push(...(await connection.getMultipleAccountsInfo(keys, "confirmed")));
    }
    return found;
  }

  /** Who holds the token in their associated account, which is where the program looks; null for any other place. */
  async function findHolder(mint: Uint8Array): Promise<Uint8Array | null> {
    const { value } = await connection.getTokenLargestAccounts(new PublicKey(mint), "confirmed");
    const place = value.find(({ amount }) => amount === "1")?.address;
    if (place === undefined) return null;
    const account = await connection.getAccountInfo(place, "confirmed");
    if (!account?.owner.equals(new PublicKey(TOKEN_2022_PROGRAM))) return null;
    const owner = new Uint8Array(account.data.subarray(OWNER_OFFSET, OWNER_OFFSET + 32));
    return bytesEqual(deriveHolding(owner, mint).address, place.toBytes()) ? owner : null;
  }

  return {
    look: async ({ facts, deployment: { names } }) => {
      if (policy.authoritySeconds === 0 || clock.now() - lookedAt < policy.authoritySeconds) return [];
      lookedAt = clock.now();
      const deployment = await readDeployment(names);
      if (deployment === null) return [];
      const all = await readNames(names, facts.now);
      const rest = all.filter(({ hash }) => toHex(hash) > after);
      const some = rest.slice(0, NAMES_AT_ONCE);
      after = rest.length > some.length ? toHex(some.at(-1)?.hash ?? new Uint8Array(0)) : "";
      const recorded = some.flatMap((name) =>
        name.authority === undefined ? [] : [{ name, by: name.authority }],
      );
      const tokens = await readTokens(recorded.map(({ name, by }) => deriveHolding(by, name.mint).address));
      const moved = [
        ...some.filter(({ authority }) => authority === undefined),
        ...recorded.flatMap(({ name }, index) => (holdsOne(tokens[index]) ? [] : [name])),
      ];
      const records = [];
      for (const name of moved) {
        const holder = await findHolder(name.mint);
        if (holder === null) continue;
        const { label, generation } = name;
        const by = `${label}/${toHex(holder).slice(0, 8)}`;
        records.push({ by, instruction: recordAuthority({ deployment, label, generation, holder }) });
      }
      const parcels: Parcel[] = [];
      for (let from = 0; from < records.length; from += RECORDS_AT_ONCE) {
        const batch = records.slice(from, from + RECORDS_AT_ONCE);
        const kind = `authority ${batch.map(({ by }) => by).join(",")}`;
        parcels.push({ kind, instructions: batch.map(({ instruction }) => instruction) });
      }
      return parcels;
    },
  };
}

function holdsOne(account: AccountInfo<Buffer> | null | undefined): boolean {
  return (
    (account?.data.length ?? 0) >= AMOUNT_OFFSET + 8 && account?.data.readBigUInt64LE(AMOUNT_OFFSET) === 1n
  );
}
