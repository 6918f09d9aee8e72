import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Address,
  type AddressLike,
  bytesEqual,
  deriveConfig,
  deriveVault,
  formatAddress,
  fromBase58,
  type Signer,
  toAddress,
} from "@tolldns/sdk";
import { ESCROW_PROGRAM_ID } from "@tolldns/sdk/escrow";
import type { NamesTerms } from "@tolldns/sdk/names";
import type { PolicyTerms } from "@tolldns/sdk/policy";
import type { QuorumTerms } from "@tolldns/sdk/quorum";
import type { StakeTerms } from "@tolldns/sdk/stake";
import { type Deployment, readDeployment, writeDeployment } from "./deployment.ts";
import { fail } from "./errors.ts";
import { readKey, readOrMakeKey } from "./keys.ts";
import { connect, type Rpc, readAccount } from "./rpc.ts";
import { deployEscrow } from "./steps/0001-deploy-escrow.ts";
import { createIndexUnit } from "./steps/0002-create-index-unit.ts";
import { initializeEscrow } from "./steps/0003-initialize-escrow.ts";
import { deployNames } from "./steps/0004-deploy-names.ts";
import { DEFAULT_NAMES_TERMS, initializeNames } from "./steps/0005-initialize-names.ts";
import { DEFAULT_STAKE_TERMS, deployStake } from "./steps/0006-stake.ts";
import { DEFAULT_QUORUM_TERMS, deployQuorum } from "./steps/0007-quorum.ts";
import { DEFAULT_POLICY_TERMS, deployPolicy } from "./steps/0008-policy.ts";
import type { Found, InitializeTerms, Step, StepContext } from "./steps/step.ts";

/** All migrations, in order, by the program they are of. */
const STEPS = {
  escrow: [deployEscrow, createIndexUnit, initializeEscrow],
  names: [deployNames, initializeNames],
  stake: [deployStake],
  quorum: [deployQuorum],
  policy: [deployPolicy],
} as const satisfies Record<string, readonly Step[]>;

/** A program that can be deployed. */
export type ProgramName = keyof typeof STEPS;
/** All programs, in the order they are deployed. */
export const PROGRAMS = Object.keys(STEPS) as readonly ProgramName[];

/** What a migration says while it runs. */
export interface Progress {
  /** Number and name of the step. */
  step: string;
  message: string;
  /** Parts done, where there are many. */
  done?: number;
  total?: number;
}

export interface MigrateOptions {
  rpcUrl: string;
  /** Keeps keys (mode 0600) and `deployment.json`. */
  folder: string;
  /** Key file of the upgrade authority, which pays. Default: `authority.json` of the folder, made if absent. */
  authorityFile?: string;
  /** Key file of the program's address, for the first deployment. Default: the development key of the artifacts. */
  programFile?: string;
  /** Bytecode instead of the artifact's, for upgrades under test. */
  programBytes?: Uint8Array;
  /** Which programs to deploy and initialise; PROGRAMS for all. The escrow always is, for the others use its Index Unit. Default: the escrow alone. */
  programs?: readonly ProgramName[];
  /** A mint that exists. Default: the migration makes one whose faucet is `faucet.json` of the folder. */
  mint?: AddressLike;
  /** Default: 80 % operator, 10 % names, 10 % treasury; an hour's interval, three hours' grace. */
  terms?: Partial<InitializeTerms>;
  /** Terms the names program begins with, where they are to differ from DEFAULT_NAMES_TERMS. */
  namesTerms?: Partial<NamesTerms>;
  /** A native token that exists: 9 decimals, no extensions, no freeze authority. Default: the migration makes one, minted by the same faucet. */
  nativeMint?: AddressLike;
  /** Terms the stake program begins with, where they are to differ from DEFAULT_STAKE_TERMS. */
  stakeTerms?: Partial<StakeTerms>;
  /** Terms the quorum program begins with, where they are to differ from DEFAULT_QUORUM_TERMS. It reads the names and stake programs: ask for those too. */
  quorumTerms?: Partial<QuorumTerms>;
  /** Terms the policy program begins with, where they are to differ from DEFAULT_POLICY_TERMS. It reads the stake program: ask for that too. */
  policyTerms?: Partial<PolicyTerms>;
  /** Asks the endpoint for SOL when the authority has too little; default true. */
  airdrop?: boolean;
  /** Micro-lamports a compute unit; default 0n. */
  unitPrice?: bigint;
  onProgress?: (progress: Progress) => void;
  /** Ends the work at the next call; a later run goes on from there. */
  signal?: AbortSignal;
}

export const DEFAULT_TERMS: InitializeTerms = {
  split: { operatorBps: 8000, namesBps: 1000, treasuryBps: 1000 },
  settlementInterval: 3600,
  graceSeconds: 10_800,
  guardian: null,
};

const ARTIFACTS = fileURLToPath(new URL("../../programs/artifacts/", import.meta.url));
/** Lamports beyond the rent of the program, twice over, that fees and small accounts need. */
const SPARE = 1_000_000_000n;
const LAMPORTS_PER_BYTE = 6_960n;

/**
 * Brings a cluster to where this version of TollDNS wants it, through RPC and ordinary transactions. It may be run any
 * number of times, and after an interruption goes on where it stopped.
 *
 * @example
 * const deployment = await migrate({ rpcUrl: chain.rpcUrl, folder: "deployment" });
 * @throws every code of MIGRATION_ERRORS
 */
export async function migrate(options: MigrateOptions): Promise<Deployment> {
  const rpc = connect(options.rpcUrl, options.signal);
  const genesis = await rpc.call<string>("getGenesisHash", []);
  const known = readDeployment(options.folder);
  if (known !== null && known.genesisHash !== genesis) {
    throw fail("migrate-genesis", { expected: known.genesisHash, got: genesis });
  }
  const authority =
    options.authorityFile === undefined
      ? readOrMakeKey(join(options.folder, "authority.json"))
      : readKey(options.authorityFile);
  const artifact = artifactOf(options);
  const { escrow, programKey } = programOf(options);
  const chosen = PROGRAMS.filter((name) => name === "escrow" || options.programs?.includes(name));
  await fund(rpc, authority, neededBytes(artifact.bytes, chosen), options.airdrop ?? true);
  const found: Found = {};
  for (const step of chosen.flatMap((name): readonly Step[] => STEPS[name])) {
    const context: StepContext = {
      sender: { rpc, payer: authority, unitPrice: options.unitPrice ?? 0n },
      authority,
      folder: options.folder,
      genesis: fromBase58(genesis),
      artifact,
      escrow,
      programKey,
      mint: options.mint === undefined ? null : toAddress(options.mint),
      terms: { ...DEFAULT_TERMS, ...options.terms },
      namesTerms: { ...DEFAULT_NAMES_TERMS, ...options.namesTerms },
      nativeMint: options.nativeMint === undefined ? null : toAddress(options.nativeMint),
      stakeTerms: { ...DEFAULT_STAKE_TERMS, ...options.stakeTerms },
      quorumTerms: { ...DEFAULT_QUORUM_TERMS, ...options.quorumTerms },
      policyTerms: { ...DEFAULT_POLICY_TERMS, ...options.policyTerms },
      found,
      report(message, done, total) {
        const parts = done === undefined || total === undefined ? {} : { done, total };
        options.onProgress?.({ step: step.id, message, ...parts });
      },
    };
    await step.run(context);
  }
  const deployment = describe(genesis, escrow, artifact.sha256, authority, found);
  writeDeployment(options.folder, deployment);
  return deployment;
}

/** Bytes of all programs that are deployed. */
function neededBytes(escrow: Uint8Array, chosen: readonly ProgramName[]): bigint {
  const others = chosen.filter((name) => name !== "escrow");
  const sizes = others.map((name) => statSync(join(ARTIFACTS, `${name}.so`)).size);
  return BigInt(sizes.reduce((sum, size) => sum + size, escrow.length));
}

function artifactOf(options: MigrateOptions): { bytes: Uint8Array; sha256: string } {
  const bytes = options.programBytes ?? new Uint8Array(readFileSync(join(ARTIFACTS, "escrow.so")));
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The program's address and, if it is at hand, its key. */
function programOf(options: MigrateOptions): { escrow: Address; programKey: Signer | null } {
  if (options.programFile !== undefined) {
    const programKey = readKey(options.programFile);
    return { escrow: programKey.publicKey, programKey };
  }
  const escrow = toAddress(ESCROW_PROGRAM_ID);
  const development = readKey(join(ARTIFACTS, "escrow-dev-keypair.json"));
  return { escrow, programKey: bytesEqual(development.publicKey, escrow) ? development : null };
}

/** Sees to it that the authority can pay for buffer and program, where SOL can be had for the asking. */
async function fund(rpc: Rpc, authority: Signer, programLength: bigint, airdrop: boolean): Promise<void> {
  const address = formatAddress(authority.publicKey);
  const needed = 2n * programLength * LAMPORTS_PER_BYTE + SPARE;
  const balance = async (): Promise<bigint> => (await readAccount(rpc, address))?.lamports ?? 0n;
  const has = await balance();
  // A deployment that is complete needs no more SOL than a fee; what is missing shows when it is asked for.
  if (has >= needed || !airdrop) return;
  let signature: string;
  try {
    signature = await rpc.call<string>("requestAirdrop", [address, Number(2n * needed)]);
  } catch {
    return;
  }
  for (let look = 0; look < 300; look++) {
    const { value } = await rpc.call<{ value: ({ confirmationStatus: string } | null)[] }>(
      "getSignatureStatuses",
      [[signature]],
    );
    if (value[0] != null && value[0].confirmationStatus !== "processed") return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw fail("migrate-funds", { address, lamports: String(await balance()), needed: String(needed) });
}

function describe(
  genesisHash: string,
  escrow: Address,
  sha256: string,
  authority: Signer,
  found: Found,
): Deployment {
  const text = (value: Address | undefined): string => formatAddress(value as Address);
  return {
    version: 1,
    genesisHash,
    escrow: text(escrow),
    escrowSha256: sha256,
    mint: text(found.mint),
    tokenProgram: text(found.tokenProgram),
    config: text(deriveConfig(escrow).address),
    vault: text(deriveVault(escrow).address),
    treasury: text(found.treasury),
    namesPool: text(found.namesPool),
    authority: text(authority.publicKey),
    faucet: found.faucet == null ? null : text(found.faucet),
    ...(found.names === undefined ? {} : { names: text(found.names) }),
    ...(found.stake === undefined
      ? {}
      : {
          stake: text(found.stake),
          nativeMint: text(found.nativeMint),
          nativeTokenProgram: text(found.nativeTokenProgram),
          nativeTreasury: text(found.nativeTreasury),
        }),
    ...(found.quorum === undefined ? {} : { quorum: text(found.quorum) }),
    ...(found.policy === undefined ? {} : { policy: text(found.policy) }),
  };
}
