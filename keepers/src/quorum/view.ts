import { PublicKey, SYSVAR_CLOCK_PUBKEY } from "@solana/web3.js";
import { type AddressLike, formatAddress } from "@tolldns/sdk";
import {
  decodeEpoch,
  decodeQuorumConfig,
  deriveEpoch,
  type Epoch,
  type QuorumConfig,
  type QuorumDeployment,
} from "@tolldns/sdk/quorum";
import { decodeStakeTree, deriveStakeTree, type StakeTree } from "@tolldns/sdk/stake";
import { fail as failKeeper } from "../errors.ts";
import type { QuorumContext } from "./context.ts";
import { fail } from "./errors.ts";
import type { EpochFacts, QuorumFacts } from "./facts.ts";

/** The quorum as one node saw it in one slot. */
export interface QuorumView {
  readonly slot: number;
  readonly facts: QuorumFacts;
  readonly deployment: QuorumDeployment;
  readonly config: QuorumConfig;
  /** The stake tree now. */
  readonly tree: StakeTree;
}

export interface Viewer {
  /**
   * Reads clock, configuration, epoch and stake tree in one call. Throws `clock-missing`, `quorum-missing`, `stake-missing`, the
   * SDK's account errors, and what the RPC node answers.
   */
  read(): Promise<QuorumView>;
}

const big = (value: number): bigint => BigInt(value);

/** An Epoch as the planner knows it. */
export function factsOf(epoch: Epoch): EpochFacts {
  const { number, status, payer, frozenAt, seedSlot, terms, snapshot, members, attested } = epoch;
  if (status === "none") throw new TypeError("an account that was never frozen is no epoch");
  return {
    number,
    status,
    payer,
    frozenAt,
    seedSlot,
    seed: epoch.seed ?? null,
    length: big(terms.length),
    window: big(terms.window),
    evidenceLifetime: big(terms.evidence),
    domain: epoch.domain,
    stakeRoot: snapshot.root,
    seats: terms.committee,
    members: members.map(({ vote = null, ...member }) => ({ ...member, vote })),
    previousRoot: epoch.previousRoot,
    digest: attested?.digest ?? null,
    attestedAt: attested?.at ?? 0n,
    challenger: epoch.challenge?.challenger ?? null,
    endedAt: epoch.endedAt ?? 0n,
  };
}

export function createViewer({ connection, quorum, ledger }: QuorumContext): Viewer {
  /** As they were at the last look, so that one call reads all of it; null before the first. */
  let known: { readonly stake: Uint8Array; readonly epoch: bigint } | null = null;

  async function readAccounts(addresses: readonly AddressLike[]) {
    const keys = addresses.map((address) => new PublicKey(address));
    return connection.getMultipleAccountsInfoAndContext(keys, { commitment: "confirmed" });
  }

  /** Null when stake program or epoch are other ones than expected. */
  async function readAt(): Promise<QuorumView | null> {
    const expected = known;
    const more =
      expected === null
        ? []
        : [
            deriveStakeTree(expected.stake).address,
            deriveEpoch(quorum, expected.epoch).address,
            deriveEpoch(quorum, expected.epoch + 1n).address,
          ];
    const { context, value } = await readAccounts([ledger, SYSVAR_CLOCK_PUBKEY.toBytes(), ...more]);
    const [account, clock, stakeTree, ...epochs] = value;
    if (!account?.owner.equals(new PublicKey(quorum))) {
      throw fail("quorum-missing", { quorum: formatAddress(quorum) });
    }
    // slot u64, epoch start i64, epoch u64, leader schedule epoch u64, unix timestamp i64
    if (!clock || clock.data.length < 40) throw failKeeper("clock-missing", {});
    const config = decodeQuorumConfig(account.data);
    const { stakeProgram, namesProgram } = config;
    known = { stake: stakeProgram, epoch: config.epoch };
    const place = expected === null ? -1 : Number(config.epoch - expected.epoch);
    if (place !== 0 && place !== 1) return null;
    if (!stakeTree) throw fail("stake-missing", { stake: formatAddress(stakeProgram) });
    const epoch = epochs[place];
    const tree = decodeStakeTree(stakeTree.data);
    return {
      slot: context.slot,
      deployment: { quorum, stake: stakeProgram, names: namesProgram },
      config,
      tree,
      facts: {
        now: clock.data.readBigInt64LE(32),
        slot: clock.data.readBigUInt64LE(0),
        paused: config.paused,
        nextAt: config.nextAt,
        stake: tree.total,
        number: config.epoch,
        // One that was closed already is over, and nothing of it is left to do.
        epoch: epoch ? factsOf(decodeEpoch(epoch.data)) : null,
      },
    };
  }

  return {
    read: async () => {
      for (;;) {
        const view = await readAt();
        if (view !== null) return view;
      }
    },
  };
}
