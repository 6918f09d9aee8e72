import { type AccountInfo, type Connection, PublicKey, SYSVAR_CLOCK_PUBKEY } from "@solana/web3.js";
import { type AddressLike, bytesEqual, formatAddress, toBase58, toHex } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  decodeDelegate,
  decodeName,
  deriveDelegate,
  deriveName,
  type Name,
} from "@tolldns/sdk/names";
import {
  decodeEpoch,
  decodeQuorumConfig,
  deriveEpoch,
  deriveQuorumConfig,
  type Epoch,
  type QuorumConfig,
} from "@tolldns/sdk/quorum";
import { emptyHash, hashUpdate } from "@tolldns/sdk/routes";
import { fail } from "../errors.ts";
import { readFeeds } from "./operators.ts";
import type { DelegateState, EpochState, NameState, QuorumState, RouteChain } from "./types.ts";

/** Where a Name has the slot of what was posted last. */
const POSTED_SLOT_OFFSET = 40;
/** Slots whose upper six bytes are alike: one look for posts covers so many. */
const SLOT_WINDOW_BITS = 16n;
/** Windows asked for one by one; further back, all names are read. */
const MOST_WINDOWS = 16n;
const MOST_ADDRESSES = 50_000;

/**
 * The chain behind a web3.js connection, read at `confirmed`. Role 1 of a delegate is routes.
 * @throws chain-missing if there is no QuorumConfig, and what the RPC node answers
 */
export async function openRouteChain(connection: Connection, quorum: AddressLike): Promise<RouteChain> {
  const configKey = new PublicKey(deriveQuorumConfig(quorum).address);
  const found = await connection.getAccountInfo(configKey, "confirmed");
  if (found === null) throw fail("chain-missing", { account: configKey.toBase58() });
  const { domain, namesProgram, stakeProgram, epoch } = decodeQuorumConfig(found.data);
  const addresses = createAddresses();
  let known = epoch;
  /** Nothing is read from a node that is behind the state last read: what was posted before a freeze must show. */
  let minContextSlot = 0;

  const epochKey = (number: bigint) =>
    addresses(`epoch ${number}`, () => deriveEpoch(quorum, number).address);
  const nameKey = (label: string) =>
    addresses(`name ${label}`, () => deriveName(namesProgram, label).address);

  async function readAll(keys: readonly PublicKey[]): Promise<(AccountInfo<Buffer> | null)[]> {
    return connection.getMultipleAccountsInfo([...keys], { commitment: "confirmed", minContextSlot });
  }

  async function readState(): Promise<QuorumState> {
    for (;;) {
      const keys = [configKey, SYSVAR_CLOCK_PUBKEY, epochKey(known), epochKey(known + 1n)];
      const { context, value } = await connection.getMultipleAccountsInfoAndContext(keys, "confirmed");
      const [config, clock, now, next] = value;
      if (config == null || clock == null || clock.data.length < 40)
        throw fail("chain-missing", { account: configKey.toBase58() });
      const read = decodeQuorumConfig(config.data);
      if (read.epoch !== known && read.epoch !== known + 1n) {
        known = read.epoch;
        continue;
      }
      const account = read.epoch === known ? now : next;
      known = read.epoch;
      minContextSlot = Math.max(minContextSlot, context.slot);
      const state = account == null || account.data.length === 0 ? null : stateOf(decodeEpoch(account.data));
      return {
        slot: BigInt(context.slot),
        // slot u64, epoch start i64, epoch u64, leader schedule epoch u64, unix timestamp i64
        now: clock.data.readBigInt64LE(32),
        final: finalOf(read),
        recent: read.recent,
        epoch: state,
      };
    }
  }

  return {
    domain,
    readState,
    readEpoch: async (number) => {
      const account = await connection.getAccountInfo(epochKey(number), "confirmed");
      return account === null || account.data.length === 0 ? null : stateOf(decodeEpoch(account.data));
    },
    readNames: async (labels) => {
      const accounts = await readAll(labels.map(nameKey));
      return accounts.map((account) =>
        isOf(account, namesProgram) ? nameOf(decodeName(account.data), domain) : null,
      );
    },
    readDelegates: async (pairs) => {
      const keys = pairs.map(({ label, delegate }) =>
        addresses(
          `delegate ${label} ${toHex(delegate)}`,
          () => deriveDelegate(namesProgram, label, delegate).address,
        ),
      );
      const accounts = await readAll(keys);
      return accounts.map((account) => (isOf(account, namesProgram) ? delegateOf(account.data) : null));
    },
    readPosted: async (since) => {
      const slot = BigInt(await connection.getSlot("confirmed"));
      const windows = windowsOf(since, slot);
      const answers: NameState[] = [];
      for (const window of windows) {
        const rows = await connection.getProgramAccounts(new PublicKey(namesProgram), {
          commitment: "confirmed",
          minContextSlot,
          filters: [
            { memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS.Name)) } },
            ...(window === null ? [] : [{ memcmp: { offset: POSTED_SLOT_OFFSET + 2, bytes: window } }]),
          ],
        });
        for (const { account } of rows) {
          const name = nameOf(decodeName(account.data), domain);
          if (name.posted !== null && name.posted.slot >= since) answers.push(name);
        }
      }
      return answers;
    },
    readFeeds: () => readFeeds(connection, stakeProgram),
    watch: (onChange) => {
      const id = connection.onProgramAccountChange(new PublicKey(quorum), () => onChange(), {
        commitment: "confirmed",
      });
      return () => {
        connection.removeProgramAccountChangeListener(id).catch(() => {});
      };
    },
  };
}

/** Deriving an address takes longer than most else here, so they are remembered. */
function createAddresses(): (key: string, derive: () => Uint8Array) => PublicKey {
  const kept = new Map<string, PublicKey>();
  return (key, derive) => {
    const held = kept.get(key);
    if (held !== undefined) return held;
    const address = new PublicKey(derive());
    if (kept.size >= MOST_ADDRESSES) kept.delete(kept.keys().next().value as string);
    kept.set(key, address);
    return address;
  };
}

function isOf(
  account: AccountInfo<Buffer> | null | undefined,
  program: Uint8Array,
): account is AccountInfo<Buffer> {
  return (
    account != null && formatAddress(account.owner) === formatAddress(program) && account.data.length > 0
  );
}

/** Upper six bytes, in base58, of the slots from `since` to `slot`; null is every slot. */
function windowsOf(since: bigint, slot: bigint): (string | null)[] {
  const [first, last] = [since >> SLOT_WINDOW_BITS, slot >> SLOT_WINDOW_BITS];
  if (since === 0n || last - first >= MOST_WINDOWS) return [null];
  const windows: string[] = [];
  for (let window = first; window <= last; window++) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(window);
    windows.push(toBase58(bytes.subarray(0, 6)));
  }
  return windows;
}

function finalOf({ final }: QuorumConfig): QuorumState["final"] {
  if (final !== undefined) return final;
  return { epoch: 0n, root: emptyHash(), updatesRoot: emptyHash(), digest: emptyHash(), at: 0n };
}

function stateOf(epoch: Epoch): EpochState | null {
  const { number, status, frozenSlot, frozenAt, terms, previousRoot, attested, endedAt, members } = epoch;
  if (status === "none") return null;
  return {
    number,
    status,
    frozenSlot,
    frozenAt,
    length: BigInt(terms.length),
    window: BigInt(terms.window),
    evidence: BigInt(terms.evidence),
    previousRoot,
    attested: attested ?? null,
    endedAt: endedAt ?? 0n,
    members: members.map(({ witness, operator, weight, vote, struck }) => ({
      witness,
      operator,
      weight,
      vote: vote ?? null,
      struck,
    })),
  };
}

function nameOf(name: Name, domain: Uint8Array): NameState {
  const { label, hash, generation, registeredAt, expiresAt } = name;
  return {
    label,
    nameHash: hash,
    generation,
    registeredAt,
    expiresAt,
    authority: name.authority ?? emptyHash(),
    authoritySlot: name.authoritySlot,
    previous: name.previousAuthority ?? emptyHash(),
    previousSlot: name.previousSlot,
    posted: postedOf(name, domain),
  };
}

/** Null also for an update of another domain, which binds nobody here. */
function postedOf({ posted, hash, generation }: Name, domain: Uint8Array): NameState["posted"] {
  if (posted === undefined) return null;
  const { version, expiresAt, recordsHash, slot, signer, signature } = posted;
  const update = { nameHash: hash, generation, version, expiresAt, recordsHash };
  return bytesEqual(hashUpdate(update, domain), posted.hash) ? { update, slot, signer, signature } : null;
}

/** Role of a delegate that signs routes. */
const ROLE_ROUTES = 1;

function delegateOf(data: Uint8Array): DelegateState {
  const { generation, appointedBy, appointedSlot, ended, expiresAt, role } = decodeDelegate(data);
  return {
    generation,
    appointedBy,
    appointedSlot,
    endedSlot: ended?.slot ?? 0n,
    expiresAt,
    forRoutes: role === ROLE_ROUTES,
  };
}
