import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Deployment as Addresses, createDeployment } from "@tolldns/sdk";

/** What a migrated cluster has, as `deployment.json` keeps it. Addresses and hashes are base58, durations seconds. */
export interface Deployment {
  version: 1;
  genesisHash: string;
  /** Program address of the escrow. */
  escrow: string;
  /** SHA-256 of the program's bytes, hex. */
  escrowSha256: string;
  /** Mint of the Index Unit, 6 decimals. */
  mint: string;
  tokenProgram: string;
  config: string;
  vault: string;
  /** Token accounts of the two shares that don't go to operators. */
  treasury: string;
  namesPool: string;
  /** Upgrade authority of the program. */
  authority: string;
  /** Mint authority of a mint this migration made; null where Index Units come from elsewhere. */
  faucet: string | null;
  /** Program addresses of the others, where they are deployed. */
  names?: string;
  stake?: string;
  quorum?: string;
  policy?: string;
  /** The native token, where the stake program is deployed, and the token account that slashed tokens go to. */
  nativeMint?: string;
  nativeTokenProgram?: string;
  nativeTreasury?: string;
}

const FILE = "deployment.json";

/** The deployment kept in a folder; null if there is none yet. */
export function readDeployment(folder: string): Deployment | null {
  const path = join(folder, FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Deployment) : null;
}

export function writeDeployment(folder: string, deployment: Deployment): void {
  const path = join(folder, FILE);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.tmp`, `${JSON.stringify(deployment, null, 2)}\n`, { flush: true });
  renameSync(`${path}.tmp`, path);
}

/** The addresses as the SDK takes them. @throws address-invalid */
export function addressesOf(deployment: Deployment): Addresses {
  const { escrow, mint, tokenProgram, genesisHash } = deployment;
  return createDeployment({ escrow, mint, tokenProgram, genesisHash });
}
