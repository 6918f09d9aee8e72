import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection, PublicKey } from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import { migrate, readKey } from "@tolldns/migrations";
import type { Signer } from "@tolldns/sdk";
import {
  createPolicyDeployment,
  decodePolicyEvents,
  decodeRound,
  decodeTarget,
  deriveRound,
  deriveTarget,
  formatTarget,
  listEntries,
  type PolicyDeployment,
  type PolicyEvent,
  type PolicyTerms,
  publishSet,
  type Round,
  registerTarget,
  type Target,
  type TargetAccount,
  targetId,
} from "@tolldns/sdk/policy";
import { closeSocket } from "../../chain/rig.ts";
import { sendAll } from "../../epochs/support/send.ts";
import { hotKeyName, LEAST_STAKE, stakeVerifiers } from "../../lab/world/staking.ts";
import { keyOf } from "../../programs/world/keys.ts";
import { FIXTURE_SET } from "./prober.ts";
import { freePort } from "./zone.ts";

/** Windows of seconds, so that minutes of policy pass in a test. */
const SHORT_TERMS: Partial<PolicyTerms> = {
  window: 4,
  report: 4,
  dwell: 4,
  roster: 3_600,
  enrol: 15,
  evidence: 600,
  strike: 3_600,
  degradeAfter: 2,
  disableAfter: 3,
  recoverAfter: 1,
  restoreAfter: 3,
  leastProbes: 8,
};

/** The embedded chain with the real bytecode of stake and policy, and operators of verifiers. */
export interface PolicyNetwork {
  readonly chain: Chain;
  readonly connection: Connection;
  readonly deployment: PolicyDeployment;
  readonly folder: string;
  readonly verifiers: readonly { readonly name: string; readonly key: Signer; readonly port: number }[];
  /** All events of the policy program so far. */
  readonly events: readonly PolicyEvent[];
  target(target: Target): Promise<TargetAccount>;
  /** Null while nobody reported it. */
  round(target: Target, begin: bigint): Promise<Round | null>;
  close(): Promise<void>;
}

export interface NetworkPlan {
  readonly verifiers: number;
  readonly targets: readonly Target[];
  readonly terms?: Partial<PolicyTerms>;
}

export async function startPolicyNetwork(plan: NetworkPlan): Promise<PolicyNetwork> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-verifiers-"));
  const chain = await startChain({ slotMs: 100 });
  const connection = new Connection(chain.rpcUrl, { commitment: "confirmed", wsEndpoint: chain.wsUrl });
  const close = async () => {
    await closeSocket(connection);
    await chain.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const rpcUrl = chain.rpcUrl;
    const keys = join(folder, "deployment");
    const policyTerms = { ...SHORT_TERMS, ...plan.terms };
    const deployed = await migrate({ rpcUrl, folder: keys, programs: ["stake", "policy"], policyTerms });
    const { policy, stake } = deployed;
    if (policy === undefined || stake === undefined) throw new Error("a program is missing");
    const deployment = createPolicyDeployment({ policy, stake });
    const verifiers = await Promise.all(
      Array.from({ length: plan.verifiers }, async (_, i) => {
        const name = `v${i + 1}`;
        return { name, key: keyOf(hotKeyName(name)), port: await freePort() };
      }),
    );
    const airdrop = async (address: string, sol: number) => {
      await chain.airdrop(address, BigInt(sol) * 1_000_000_000n);
    };
    await stakeVerifiers(
      { connection, windowUrl: rpcUrl, airdrop },
      deployed,
      keys,
      verifiers.map(({ name, port }, i) => ({
        name,
        region: i + 1,
        asn: 64_500 + i,
        // What is staked is worth a hair less, by the pool's rounding.
        stake: LEAST_STAKE * 2n,
        endpoint: `http://127.0.0.1:${port}`,
      })),
    );
    const authority = readKey(join(keys, "authority.json"));
    const payer = authority.publicKey;
    const { version, challenges } = FIXTURE_SET;
    const { root } = listEntries(FIXTURE_SET);
    const count = challenges.length;
    await sendAll(connection, [
      {
        signers: [authority],
        instructions: [
          publishSet({ deployment, authority: payer, version, count, root }),
          ...plan.targets.map((target) =>
            registerTarget({ deployment, payer, kind: target.kind, name: formatTarget(target) }),
          ),
        ],
      },
    ]);
    const events: PolicyEvent[] = [];
    const listening = connection.onLogs(
      new PublicKey(policy),
      ({ logs, err }) => {
        if (err === null) events.push(...decodePolicyEvents(logs, policy));
      },
      "confirmed",
    );
    const read = async (address: Uint8Array) =>
      (await connection.getAccountInfo(new PublicKey(address), "confirmed"))?.data ?? null;
    return {
      chain,
      connection,
      deployment,
      folder,
      verifiers,
      events,
      async target(target) {
        return decodeTarget((await read(deriveTarget(policy, targetId(target)).address)) ?? new Uint8Array());
      },
      async round(target, begin) {
        const data = await read(deriveRound(policy, targetId(target), begin).address);
        return data === null ? null : decodeRound(data);
      },
      async close() {
        await connection.removeOnLogsListener(listening);
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until it is so, or throws saying what wasn't after a generous time. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds = 90,
): Promise<void> {
  const limit = Date.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`${what}: not within ${seconds} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
