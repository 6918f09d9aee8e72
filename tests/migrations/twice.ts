import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChain } from "@tolldns/chain";
import { type Deployment, type MigrateOptions, migrate } from "@tolldns/migrations";
import { type Address, formatAddress } from "@tolldns/sdk";
import { expect } from "chai";
import { connect, readAccount } from "../../migrations/src/rpc.ts";

/** What one run of the migrations left on a chain of its own. */
export interface Migrated {
  readonly deployment: Deployment;
  readonly rpcUrl: string;
  /** Keys and deployment.json. */
  readonly folder: string;
  /** An account's bytes; none where there is no account. */
  data(address: Address | string): Promise<Uint8Array>;
}

/** Migrates a new chain, has `check` look at it, migrates again, and asserts that the second run found the same and did nothing. */
export async function migrateTwice(
  options: Omit<MigrateOptions, "rpcUrl" | "folder" | "onProgress">,
  check: (migrated: Migrated) => Promise<void>,
): Promise<void> {
  const chain = await startChain();
  const { rpcUrl } = chain;
  const folder = mkdtempSync(join(tmpdir(), "tolldns-migrations-"));
  try {
    const said: string[] = [];
    const run = () =>
      migrate({ ...options, rpcUrl, folder, onProgress: ({ message }) => said.push(message) });
    const data = async (address: Address | string) => {
      const name = typeof address === "string" ? address : formatAddress(address);
      return (await readAccount(connect(rpcUrl), name))?.data ?? new Uint8Array(0);
    };
    const deployment = await run();
    await check({ deployment, rpcUrl, folder, data });
    said.length = 0;
    expect(await run()).eql(deployment);
    expect(said.length).greaterThan(0);
    expect(said.filter((message) => /initialising|writing|deploying|creating/.test(message))).eql([]);
  } finally {
    await chain.close();
    rmSync(folder, { recursive: true });
  }
}
