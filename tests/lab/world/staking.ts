import { PublicKey } from "@solana/web3.js";
import { type Deployment as Deployed, mintNativeTokens } from "@tolldns/migrations";
import type { Signer } from "@tolldns/sdk";
import {
  addNode,
  createStakeDeployment,
  decodeOperator,
  deriveOperator,
  registerOperator,
  stake,
  sync,
  WeightTree,
} from "@tolldns/sdk/stake";
import { sendAll } from "../../epochs/support/send.ts";
import { keyOf } from "../../programs/world/keys.ts";
import type { LabChain } from "./chain.ts";

/** An operator of the lab that runs a verifier. */
export interface VerifierPlan {
  readonly name: string;
  /** Region and network it declares. */
  readonly region: number;
  readonly asn: number;
  /** Whole native tokens staked. */
  readonly stake: bigint;
  /** Where its reports are served. Default: nowhere. */
  readonly endpoint?: string;
}

const ONE = 1_000_000_000n;
/** The least an operator must stake itself to weigh anything, whole tokens (DEFAULT_STAKE_TERMS). */
export const LEAST_STAKE = 1_000n;
const NODE_NUMBER = 1;

const ownerKey = (name: string): Signer => keyOf(`lab verifier owner ${name}`);
export const hotKeyName = (name: string) => `lab verifier hot ${name}`;

/** Registers operators with a VERIFIER node each, stakes for them and writes their weights into the tree. */
export async function stakeVerifiers(
  chain: Pick<LabChain, "connection" | "windowUrl" | "airdrop">,
  deployed: Deployed,
  folder: string,
  plans: readonly VerifierPlan[],
): Promise<void> {
  const { connection, windowUrl: rpcUrl } = chain;
  const {
    stake: program,
    nativeMint: mint,
    nativeTokenProgram: tokenProgram,
    nativeTreasury: treasury,
  } = deployed;
  if (program === undefined || mint === undefined || tokenProgram === undefined || treasury === undefined)
    throw new Error("no stake program was deployed");
  const deployment = createStakeDeployment({ stake: program, mint, tokenProgram, treasury });
  for (const { name, region, asn, stake: whole, endpoint = "" } of plans) {
    const owner = ownerKey(name);
    const hot = keyOf(hotKeyName(name));
    for (const key of [owner, hot]) await chain.airdrop(new PublicKey(key.publicKey).toBase58(), 50);
    const { publicKey } = owner;
    const amount = whole * ONE;
    const source = await mintNativeTokens({ rpcUrl, folder, owner: publicKey, amount });
    const place = { role: "verifier", region, asn, endpoint, hotKey: hot.publicKey } as const;
    await sendAll(connection, [
      {
        signers: [owner],
        instructions: [
          registerOperator({ deployment, owner: publicKey, commissionBps: 0 }),
          // An operator without a witness weighs nothing.
          addNode({ deployment, owner: publicKey, number: 0, ...place, role: "witness", hotKey: publicKey }),
          addNode({ deployment, owner: publicKey, number: NODE_NUMBER, ...place }),
          stake({ deployment, owner: publicKey, staker: publicKey, source, amount, tier: 0 }),
        ],
      },
    ]);
  }
  const addresses = plans.map(({ name }) => deriveOperator(program, ownerKey(name).publicKey).address);
  for (const [i, { name }] of plans.entries()) {
    const accounts = await connection.getMultipleAccountsInfo(
      addresses.map((address) => new PublicKey(address)),
      "confirmed",
    );
    const operators = accounts.map((account, k) => ({
      address: addresses[k] as Uint8Array,
      operator: decodeOperator(account?.data ?? new Uint8Array()),
    }));
    const proof = WeightTree.of(operators).proveSync(operators[i]?.operator.listed?.index);
    const owner = ownerKey(name);
    const instruction = sync({ deployment, owner: owner.publicKey, proof });
    await sendAll(connection, [{ signers: [owner], instructions: [instruction] }]);
  }
}
