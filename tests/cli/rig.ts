import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Chain, startChain } from "@tolldns/chain";
import { type MigrateOptions, migrate } from "@tolldns/migrations";
import { expect } from "chai";
import { temporaryFolder, tolldns } from "./run.ts";

/** A chain of this process with the programs on it, and wallets whose commands run as processes of their own. */
export interface CliRig {
  readonly chain: Chain;
  readonly folder: string;
  /** Runs `tolldns` as that wallet, which must succeed. @returns what it printed with --json, line by line */
  // biome-ignore lint/suspicious/noExplicitAny: each command tells something else; the tests look at what they need.
  ok(wallet: string, ...args: string[]): Promise<any>;
  /** Runs it, and returns the error it must end with. */
  refused(
    wallet: string,
    ...args: string[]
  ): Promise<{
    readonly code: string;
    readonly exit: number;
    readonly message: string;
    readonly hint: string;
  }>;
  /** Makes a wallet with SOL and Index Units. @returns its address */
  fund(wallet: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts it; `extra` are lines of the configuration file. */
export async function startCliRig(options: Partial<MigrateOptions> = {}, extra = ""): Promise<CliRig> {
  const folder = temporaryFolder();
  const chain = await startChain({ slotMs: 50 });
  await migrate({
    rpcUrl: chain.rpcUrl,
    folder: join(folder.path, "deployment"),
    programs: ["names"],
    namesTerms: { commitMin: 1 },
    ...options,
  });
  const config = join(folder.path, "config.toml");
  writeFileSync(config, `data = "."\n[chain]\nrpc = "${chain.rpcUrl}"\n${extra}`, { mode: 0o600 });
  const run = (wallet: string, args: string[]) =>
    tolldns([...args, "--json", "--config", config, "--key", join(folder.path, `${wallet}.json`)]);
  const rig: CliRig = {
    chain,
    folder: folder.path,
    async ok(wallet, ...args) {
      const { code, stdout, stderr } = await run(wallet, args);
      expect(code, `${args.join(" ")}: ${stderr}`).to.equal(0);
      return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    },
    async refused(wallet, ...args) {
      const { code, stdout, stderr } = await run(wallet, args);
      expect(code, `${args.join(" ")}: ${stdout}`).to.not.equal(0);
      return { exit: code, ...JSON.parse(stderr).error };
    },
    async fund(wallet) {
      const { address } = await rig.ok(wallet, "wallet", "create");
      await rig.ok(wallet, "wallet", "fund", "2000");
      return address;
    },
    async close() {
      await chain.close();
      folder.remove();
    },
  };
  return rig;
}
