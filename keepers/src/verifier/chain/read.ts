import { type Connection, PublicKey, SYSVAR_CLOCK_PUBKEY } from "@solana/web3.js";
import { type Address, bytesEqual, toBase58 } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  decodePolicyConfig,
  decodeRoster,
  decodeTarget,
  derivePolicyConfig,
  deriveRoster,
  type PolicyConfig,
  type Roster,
  type TargetAccount,
} from "@tolldns/sdk/policy";
import { decodeNode, ACCOUNT_DISCRIMINATORS as STAKE_DISCRIMINATORS } from "@tolldns/sdk/stake";
import type { Clock } from "../../runtime/clock.ts";
import { fail } from "../errors.ts";
import type { OwnNode, PolicyState } from "./state.ts";

/** Reads the chain as verifiers see it. */
export interface PolicyReader {
  /** @throws policy-missing, the SDK's account errors, and what the RPC node answers */
  read(): Promise<PolicyState>;
}

/** Seconds between two readings of all targets, and of the own Node. */
const TARGETS_SECONDS = 2;
const NODE_SECONDS = 15;

/** @param hotKey of the VERIFIER Node */
export function createReader(
  connection: Connection,
  policy: Address,
  hotKey: Address,
  clock: Clock,
): PolicyReader {
  const config = derivePolicyConfig(policy).address;
  let targets: readonly TargetAccount[] = [];
  let targetsAt = Number.NEGATIVE_INFINITY;
  let self: OwnNode | null = null;
  let nodeAt = Number.NEGATIVE_INFINITY;

  async function readTargets(): Promise<void> {
    const rows = await connection.getProgramAccounts(new PublicKey(policy), {
      commitment: "confirmed",
      filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS.Target)) } }],
    });
    targets = rows
      .map(({ account }) => decodeTarget(account.data))
      .sort((a, b) => Buffer.compare(a.id, b.id));
    targetsAt = clock.now();
  }

  async function readSelf({ stakeProgram }: PolicyConfig): Promise<void> {
    const rows = await connection.getProgramAccounts(new PublicKey(stakeProgram), {
      commitment: "confirmed",
      filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(STAKE_DISCRIMINATORS.Node)) } }],
    });
    self = null;
    for (const { pubkey, account } of rows) {
      const { role, operator, hotKey: key, region, asn } = decodeNode(account.data);
      if (role === "verifier" && bytesEqual(key, hotKey))
        self = { operator, node: pubkey.toBytes(), region, asn };
    }
    nodeAt = clock.now();
  }

  /** Null when the roster expected is no longer the newest. */
  async function readAt(number: bigint): Promise<PolicyState | null> {
    const numbers = [number, number - 1n].filter((one) => one > 0n);
    const keys = [
      config,
      SYSVAR_CLOCK_PUBKEY.toBytes(),
      ...numbers.map((one) => deriveRoster(policy, one).address),
    ];
    const accounts = await connection.getMultipleAccountsInfo(
      keys.map((key) => new PublicKey(key)),
      "confirmed",
    );
    const [account, time, ...rosters] = accounts;
    if (!account?.owner.equals(new PublicKey(policy)))
      throw fail("policy-missing", { account: "PolicyConfig" });
    // slot u64, epoch start i64, epoch u64, leader schedule epoch u64, unix timestamp i64
    if (!time || time.data.length < 40) throw fail("policy-missing", { account: "the clock" });
    const found = decodePolicyConfig(account.data);
    expected = found.roster;
    if (found.roster !== number) return null;
    if (clock.now() - targetsAt >= TARGETS_SECONDS) await readTargets();
    if (clock.now() - nodeAt >= NODE_SECONDS || self === null) await readSelf(found);
    return {
      now: time.data.readBigInt64LE(32),
      config: found,
      rosters: rosters.flatMap((one): Roster[] => (one ? [decodeRoster(one.data)] : [])),
      targets,
      self,
    };
  }

  let expected = 0n;
  return {
    async read() {
      for (;;) {
        const state = await readAt(expected);
        if (state !== null) return state;
      }
    },
  };
}
