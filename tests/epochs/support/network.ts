import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Connection, PublicKey } from "@solana/web3.js";
import { migrate, mintIndexUnits, mintNativeTokens, PROGRAMS, readDeployment } from "@tolldns/migrations";
import { bytesEqual, deriveTokenAccount, type Signer, toBase58 } from "@tolldns/sdk";
import { createNamesDeployment, decodeName, deriveName, type NamesDeployment } from "@tolldns/sdk/names";
import {
  ACCOUNT_DISCRIMINATORS,
  decodeEpoch,
  decodeQuorumConfig,
  deriveQuorumConfig,
  type Epoch,
  type QuorumConfig,
  type QuorumTerms,
} from "@tolldns/sdk/quorum";
import {
  addNode,
  createStakeDeployment,
  decodeOperator,
  deriveOperator,
  registerOperator,
  stake as stakeTokens,
} from "@tolldns/sdk/stake";
import type { Restartable } from "../../keepers/chaos/process.ts";
import { keySeedOf } from "../../keepers/world/seeds.ts";
import { keyOf } from "../../programs/world/keys.ts";
import { registerNames } from "./names.ts";
import type { OwnedName } from "./owners.ts";
import { falseRootOf } from "./rogue.ts";
import type { RogueArguments } from "./rogue-process.ts";
import { type Batch, sendAll } from "./send.ts";

/** What a member of the committee does; all but `honest` misbehave once told to. */
export type Manner = "honest" | RogueArguments["manner"];

export interface MemberPlan {
  readonly name: string;
  readonly manner: Manner;
  /** Base units of the native token. */
  readonly stake: bigint;
}

export interface NetworkOptions {
  readonly rpcUrl: string;
  /** Keeps the deployment and everybody's files. */
  readonly folder: string;
  readonly members: readonly MemberPlan[];
  readonly keepers: number;
  /** Wallets that names are spread over. */
  readonly owners: number;
  readonly terms: QuorumTerms;
}

export interface Member extends MemberPlan {
  readonly process: Restartable;
  /** Base URL of its feed. */
  url(): string;
}

/** How a member's process is started. */
export interface MemberProcess {
  readonly script: string;
  readonly json: () => string;
}

export interface Network {
  readonly connection: Connection;
  readonly names: NamesDeployment;
  readonly owners: readonly Signer[];
  readonly quorumText: string;
  readonly genesis: string;
  readonly domain: Uint8Array;
  /** Configuration files of the keepers, which have a store each. */
  readonly keeperFiles: readonly string[];
  registerOperators(): Promise<void>;
  /** Registers members' witness nodes, at the URLs of their feeds. */
  registerNodes(places: readonly { readonly name: string; readonly url: string }[]): Promise<void>;
  /** Stakes more with members. */
  addStake(more: readonly { readonly name: string; readonly amount: bigint }[]): Promise<void>;
  /** Starts every member and registers its node. */
  startMembers(run: (process: MemberProcess) => Restartable, bait: string): Promise<Member[]>;
  epochNow(): Promise<bigint>;
  /** A member's Operator account. */
  operatorOf(name: string): Uint8Array;
  /** Native tokens in a wallet's own token account. */
  nativeBalance(owner: Uint8Array): Promise<bigint>;
  /** Names of the operators that were slashed. */
  slashed(): Promise<string[]>;
  /** Waits until all members of these manners are slashed, or throws after so many milliseconds. */
  untilSlashed(manners: readonly Manner[], limitMs: number): Promise<void>;
  countEpochs(): Promise<{
    readonly epochs: Record<string, number>;
    readonly falseRoots: { readonly attested: number; readonly rejected: number };
  }>;
}

const SOL = 1_000_000_000;
const COMMIT_SECONDS = 1;
const STARTED_AT_ONCE = 4;

const ownerOf = (name: string) => keyOf(`epochs operator ${name}`);
const payerOf = (name: string) => `epochs payer ${name}`;
/** Name behind a member's witness key. */
export const witnessOf = (name: string) => `epochs witness ${name}`;

/** Brings the programs to a chain, and gives everybody what they need. */
export async function buildNetwork(options: NetworkOptions): Promise<Network> {
  const { rpcUrl, folder, members, terms } = options;
  const namesTerms = { commitMin: COMMIT_SECONDS };
  await migrate({ rpcUrl, folder, programs: PROGRAMS, namesTerms, quorumTerms: terms });
  const network = await openNetwork(options);
  const { connection, owners } = network;
  const keepers = Array.from({ length: options.keepers }, (_, index) => keyOf(keeperOf(index)));
  await Promise.all([
    ...owners.map((owner) => give(connection, owner, 20)),
    ...members.flatMap(({ name }) => [
      give(connection, ownerOf(name), 2),
      give(connection, keyOf(payerOf(name)), 2),
    ]),
    ...keepers.map((keeper) => give(connection, keeper, 20)),
  ]);
  for (const { publicKey } of owners) {
    await mintIndexUnits({ rpcUrl, folder, owner: publicKey, amount: 1_000_000_000n });
  }
  await network.registerOperators();
  await network.addStake(members.map(({ name, stake }) => ({ name, amount: stake })));
  return network;
}

const keeperOf = (index: number) => `epochs keeper ${index}`;

/** Looks at a network that was built before. */
export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const { rpcUrl, folder, members } = options;
  const found = readDeployment(folder);
  if (found === null) throw new Error(`no deployment in ${folder}`);
  const { names: namesText, stake: stakeText, quorum: quorumText } = found;
  const { nativeMint, nativeTokenProgram, nativeTreasury } = found;
  if (namesText === undefined || stakeText === undefined || quorumText === undefined)
    throw new Error("a program is missing");
  if (nativeMint === undefined || nativeTokenProgram === undefined || nativeTreasury === undefined)
    throw new Error("the native token is missing");
  const connection = new Connection(rpcUrl, "confirmed");
  const owners = Array.from({ length: options.owners }, (_, index) => keyOf(`epochs owner ${index}`));
  const staking = createStakeDeployment({
    stake: stakeText,
    mint: nativeMint,
    tokenProgram: nativeTokenProgram,
    treasury: nativeTreasury,
  });
  const registerOperators = () =>
    sendAll(
      connection,
      members.map(({ name }): Batch => {
        const owner = ownerOf(name);
        const open = registerOperator({ deployment: staking, owner: owner.publicKey, commissionBps: 0 });
        return { signers: [owner], instructions: [open] };
      }),
    );
  const addStake: Network["addStake"] = async (more) => {
    const batches: Batch[] = [];
    for (const { name, amount } of more) {
      const owner = ownerOf(name);
      const { publicKey } = owner;
      const source = await mintNativeTokens({ rpcUrl, folder, owner: publicKey, amount });
      const deposit = { deployment: staking, owner: publicKey, staker: publicKey, source, amount, tier: 0 };
      batches.push({ signers: [owner], instructions: [stakeTokens(deposit)] });
    }
    await sendAll(connection, batches);
  };
  const registerNodes: Network["registerNodes"] = (places) =>
    sendAll(
      connection,
      places.map(({ name, url }): Batch => {
        const owner = ownerOf(name);
        const place = { number: 1, role: "witness", region: 0, asn: 0, endpoint: url } as const;
        const hotKey = keyOf(witnessOf(name)).publicKey;
        const node = addNode({ deployment: staking, owner: owner.publicKey, hotKey, ...place });
        return { signers: [owner], instructions: [node] };
      }),
    );

  const readConfig = async (): Promise<QuorumConfig> => {
    const key = new PublicKey(deriveQuorumConfig(quorumText).address);
    const account = await connection.getAccountInfo(key, "confirmed");
    if (account === null) throw new Error("no QuorumConfig");
    return decodeQuorumConfig(account.data);
  };
  const slashed = async (): Promise<string[]> => {
    const keys = members.map(
      ({ name }) => new PublicKey(deriveOperator(stakeText, ownerOf(name).publicKey).address),
    );
    const accounts = await connection.getMultipleAccountsInfo(keys, "confirmed");
    return members.flatMap(({ name }, index) => {
      const account = accounts[index];
      return account && decodeOperator(account.data).slashedAt > 0n ? [name] : [];
    });
  };
  const { domain } = await readConfig();
  return {
    connection,
    names: createNamesDeployment({
      names: namesText,
      mint: found.mint,
      tokenProgram: found.tokenProgram,
      treasury: found.treasury,
    }),
    owners,
    quorumText,
    genesis: found.genesisHash,
    domain,
    keeperFiles: Array.from({ length: options.keepers }, (_, index) =>
      writeKeeperFile(folder, rpcUrl, quorumText, keeperOf(index), index),
    ),
    registerOperators,
    registerNodes,
    addStake,
    startMembers: async (run, bait) => {
      const started = await startMembers(options, { quorumText, stakeText, namesText }, run, bait);
      await registerNodes(started.map(({ name, url }) => ({ name, url: url() })));
      return started;
    },
    epochNow: async () => (await readConfig()).epoch,
    operatorOf: (name) => deriveOperator(stakeText, ownerOf(name).publicKey).address,
    nativeBalance: async (owner) => {
      const { address } = deriveTokenAccount(owner, nativeMint, nativeTokenProgram);
      const account = await connection.getAccountInfo(new PublicKey(address), "confirmed");
      return account === null ? 0n : account.data.readBigUInt64LE(64);
    },
    slashed,
    untilSlashed: async (manners, limitMs) => {
      const wanted = members.filter(({ manner }) => manners.includes(manner)).map(({ name }) => name);
      for (const deadline = performance.now() + limitMs; ; ) {
        const now = await slashed();
        const left = wanted.filter((name) => !now.includes(name));
        if (left.length === 0) return;
        if (performance.now() > deadline) throw new Error(`never slashed: ${left.join(", ")}`);
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    },
    countEpochs: async () => countEpochs(await readEpochs(connection, quorumText)),
  };
}

async function give(connection: Connection, { publicKey }: Signer, sol: number): Promise<void> {
  const key = new PublicKey(publicKey);
  await connection.requestAirdrop(key, sol * SOL);
  for (let tries = 0; tries < 500; tries++) {
    if ((await connection.getBalance(key, "confirmed")) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the faucet gave nothing");
}

/** A keeper of its own store, hurried: everything here happens in seconds. */
function writeKeeperFile(
  folder: string,
  rpcUrl: string,
  quorum: string,
  name: string,
  index: number,
): string {
  const feePayerFile = join(folder, `keeper-${index}.key.json`);
  writeFileSync(feePayerFile, JSON.stringify([...keySeedOf(name), ...keyOf(name).publicKey]), {
    mode: 0o600,
  });
  const file = join(folder, `keeper-${index}.json`);
  const config = {
    rpcUrl,
    quorum,
    feePayerFile,
    store: { kind: "sqlite", path: join(folder, `keeper-${index}.db`) },
    policy: { intervalSeconds: 1, relayPatienceSeconds: 0, operatorSeconds: 3, syncPatienceSeconds: 5 },
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function startMembers(
  { rpcUrl, folder, members, terms }: NetworkOptions,
  programs: { readonly quorumText: string; readonly stakeText: string; readonly namesText: string },
  run: (process: MemberProcess) => Restartable,
  bait: string,
): Promise<Member[]> {
  const { quorumText: quorum, stakeText: stake, namesText: names } = programs;
  const started: Member[] = members.map((plan, index) => {
    let url = "";
    const argumentOf = (): RogueArguments => ({
      rpcUrl,
      quorum,
      stake,
      names,
      bait,
      manner: plan.manner as RogueArguments["manner"],
      key: witnessOf(plan.name),
      payer: payerOf(plan.name),
      port: url === "" ? 0 : Number(new URL(url).port),
      path: join(folder, `witness-${index}.sqlite`),
      // A subscription tells of changes in between.
      intervalSeconds: Math.max(1, members.length / 5),
      patience: Math.max(2, Math.floor(terms.length / 5)),
    });
    const script = plan.manner === "honest" ? "witness.ts" : "rogue-process.ts";
    const process = run({
      script: `../../epochs/support/${script}`,
      json: () => JSON.stringify(argumentOf()),
    });
    return {
      ...plan,
      url: () => url,
      process: {
        ...process,
        start: async () => {
          url = await process.start();
          return url;
        },
      },
    };
  });
  for (let from = 0; from < started.length; from += STARTED_AT_ONCE) {
    await Promise.all(started.slice(from, from + STARTED_AT_ONCE).map(({ process }) => process.start()));
  }
  return started;
}

const sleep = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));

/** Registers the names, spread over the network's wallets, and says what owners need to change their routes. `wait` lets seconds of the chain's time pass. */
export async function ownersOf(
  network: Network,
  labels: readonly string[],
  wait: (seconds: number) => Promise<void> = sleep,
): Promise<OwnedName[]> {
  const { connection, names, owners } = network;
  const wanted = labels.map((label, index) => ({ label, owner: owners[index % owners.length] as Signer }));
  await registerNames(connection, names, wanted, COMMIT_SECONDS, wait);
  const owned: OwnedName[] = [];
  for (let from = 0; from < wanted.length; from += 100) {
    const some = wanted.slice(from, from + 100);
    const keys = some.map(({ label }) => new PublicKey(deriveName(names.names, label).address));
    const accounts = await connection.getMultipleAccountsInfo(keys, "confirmed");
    for (const [index, { label, owner }] of some.entries()) {
      const account = accounts[index];
      if (!account) throw new Error(`${label} was not registered`);
      const { generation, expiresAt } = decodeName(account.data);
      owned.push({ label, owner, generation, expiresAt });
    }
  }
  return owned;
}

async function readEpochs(connection: Connection, quorum: string): Promise<Epoch[]> {
  const accounts = await connection.getProgramAccounts(new PublicKey(quorum), {
    commitment: "confirmed",
    filters: [{ memcmp: { offset: 0, bytes: toBase58(Uint8Array.from(ACCOUNT_DISCRIMINATORS.Epoch)) } }],
  });
  return accounts.map(({ account }) => decodeEpoch(account.data));
}

/** Epochs by status; and how many had a false root attested, and rejected again. */
function countEpochs(epochs: readonly Epoch[]) {
  const counts: Record<string, number> = {};
  for (const { status } of epochs) counts[status] = (counts[status] ?? 0) + 1;
  const wrong = epochs.filter(
    ({ number, attested }) => attested !== undefined && bytesEqual(attested.root, falseRootOf(number)),
  );
  const rejected = wrong.filter(({ status }) => status === "rejected").length;
  return { epochs: counts, falseRoots: { attested: wrong.length, rejected } };
}
