import { u64 } from "../../encode/numbers.ts";
import { FAUCET_LAMPORTS } from "../../ledger/open.ts";
import { addressText, toBase58 } from "../../wire/base58.ts";
import { API_VERSION, type Methods, withContext } from "../context.ts";
import { INVALID_REQUEST, invalid, NODE_UNHEALTHY, RpcError } from "../errors.ts";
import { address, list, looseConfig, view, whole } from "../params.ts";

/** Answers about the cluster: one validator, which leads every slot. */
export const clusterMethods: Methods = {
  getVersion: () => ({ "solana-core": API_VERSION, "feature-set": FEATURE_SET }),
  getHealth({ ledger }) {
    if (!ledger.healthy) throw new RpcError(NODE_UNHEALTHY, "Node is unhealthy", { numSlotsBehind: null });
    return "ok";
  },
  getGenesisHash: ({ ledger }) => toBase58(ledger.birth.genesisHash),
  getIdentity: ({ ledger }) => ({ identity: addressText(ledger.birth.identity) }),
  getSlot: (context, [given]) => view(context, looseConfig(given)).slot,
  getBlockHeight: (context, [given]) =>
    context.ledger.bank.timeline.height(view(context, looseConfig(given)).slot),
  getTransactionCount: ({ ledger }) => ledger.count(),
  getFirstAvailableBlock: () => 0,
  minimumLedgerSlot: ({ ledger }) => ledger.birth.shape.firstSlot,
  getMaxRetransmitSlot: ({ ledger }) => ledger.bank.slot,
  getMaxShredInsertSlot: ({ ledger }) => ledger.bank.slot,
  getHighestSnapshotSlot: ({ ledger }) => ({ full: ledger.bank.reached("finalized"), incremental: null }),

  getEpochInfo(context, [given]) {
    const { slot } = view(context, looseConfig(given));
    const { timeline } = context.ledger.bank;
    const { slotsPerEpoch } = timeline.shape;
    return {
      absoluteSlot: slot,
      blockHeight: timeline.height(slot),
      epoch: timeline.epoch(slot),
      slotIndex: slot % slotsPerEpoch,
      slotsInEpoch: slotsPerEpoch,
      transactionCount: context.ledger.count(),
    };
  },

  getEpochSchedule({ ledger }) {
    const { slotsPerEpoch } = ledger.birth.shape;
    return {
      slotsPerEpoch,
      leaderScheduleSlotOffset: slotsPerEpoch,
      warmup: false,
      firstNormalEpoch: 0,
      firstNormalSlot: 0,
    };
  },

  getSlotLeader: ({ ledger }) => addressText(ledger.birth.identity),

  getSlotLeaders({ ledger }, [start, limit]) {
    whole(start);
    const count = whole(limit);
    if (count > 5000) throw invalid("Invalid limit; max 5000");
    return Array.from({ length: count }, () => addressText(ledger.birth.identity));
  },

  getLeaderSchedule({ ledger }) {
    const { slotsPerEpoch } = ledger.birth.shape;
    return { [addressText(ledger.birth.identity)]: Array.from({ length: slotsPerEpoch }, (_, i) => i) };
  },

  getClusterNodes(context) {
    const host = context.rpcUrl().replace("http://", "");
    return [
      {
        pubkey: addressText(context.ledger.birth.identity),
        ...{ gossip: null, tpu: null, tpuQuic: null, rpc: host, pubsub: host },
        ...{ version: API_VERSION, featureSet: FEATURE_SET, shredVersion: 0 },
      },
    ];
  },

  getVoteAccounts({ ledger }) {
    const key = addressText(ledger.birth.identity);
    const row = {
      ...{ votePubkey: key, nodePubkey: key, activatedStake: 1, commission: 100, epochVoteAccount: true },
      ...{ epochCredits: [], lastVote: ledger.bank.slot, rootSlot: ledger.bank.reached("finalized") },
    };
    return { current: [row], delinquent: [] };
  },

  getSupply(context, [given]) {
    const { slot } = view(context, looseConfig(given));
    const total = u64(FAUCET_LAMPORTS);
    const faucet = context.ledger.birth.faucet.address;
    const held = context.ledger.bank.accountAt(faucet, slot)?.lamports() ?? 0n;
    return withContext(slot, {
      total,
      circulating: u64(FAUCET_LAMPORTS - held),
      nonCirculating: u64(held),
      nonCirculatingAccounts: [addressText(faucet)],
    });
  },

  getInflationGovernor: () => ({ initial: 0, terminal: 0, taper: 0, foundation: 0, foundationTerm: 0 }),
  getInflationRate: ({ ledger }) => ({
    total: 0,
    validator: 0,
    foundation: 0,
    epoch: ledger.bank.timeline.epoch(ledger.bank.slot),
  }),
  getInflationReward: (_, [keys]) => list(keys, 5000).map(() => null),
  getStakeMinimumDelegation: (context, [given]) =>
    withContext(view(context, looseConfig(given)).slot, 1_000_000_000),

  async requestAirdrop(context, [key, lamports]) {
    if (!context.faucet) throw new RpcError(INVALID_REQUEST, "Invalid request");
    return context.airdrop(address(key), BigInt(whole(lamports)));
  },
};

/** Names the feature set of the runtime: those active on mainnet-beta when LiteSVM 1.5 was made. */
const FEATURE_SET = 20260820;
