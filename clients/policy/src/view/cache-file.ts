import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { fromBase64Url, toBase64Url } from "@tolldns/sdk";
import { syncFolder } from "../disk.ts";
import type { ChainAccount, TargetName } from "./types.ts";

/** What the chain last told, as it told it: read and checked anew when it is taken back. */
export interface SavedPolicy {
  readonly program: Uint8Array;
  readonly genesis: Uint8Array;
  /** The machine's calendar and the chain's time of one moment, Unix seconds. */
  readonly savedAt: number;
  readonly chainTime: number;
  readonly slot: number;
  readonly config: ChainAccount | null;
  readonly targets: readonly { readonly target: TargetName; readonly account: ChainAccount }[];
}

interface Written {
  readonly version: 1;
  readonly program: string;
  readonly genesis: string;
  readonly savedAt: number;
  readonly chainTime: number;
  readonly slot: number;
  readonly config: string | null;
  readonly targets: readonly {
    readonly kind: TargetName["kind"];
    readonly name: string;
    readonly account: string;
  }[];
}

/** Reads the file; null if there is none, or none that can be read: everything comes from the chain again. */
export async function loadSaved(path: string): Promise<SavedPolicy | null> {
  try {
    const saved = JSON.parse(await readFile(path, "utf8")) as Written;
    if (saved.version !== 1) return null;
    const times = [saved.savedAt, saved.chainTime, saved.slot];
    if (!times.every((time) => typeof time === "number" && Number.isFinite(time))) return null;
    const program = fromBase64Url(saved.program);
    const account = (text: string): ChainAccount => ({ owner: program, data: fromBase64Url(text) });
    return {
      program,
      genesis: fromBase64Url(saved.genesis),
      savedAt: saved.savedAt,
      chainTime: saved.chainTime,
      slot: saved.slot,
      config: saved.config === null ? null : account(saved.config),
      targets: saved.targets.map(({ kind, name, account: text }) => ({
        target: { kind, name },
        account: account(text),
      })),
    };
  } catch {
    return null;
  }
}

/** Where a test can cut a write short; the file system in earnest. */
export interface CacheMedium {
  write(path: string, text: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

export const CACHE_MEDIUM: CacheMedium = {
  async write(path, text) {
    const file = await open(path, "w", 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
};

/** Writes the file as a whole or not at all, mode 0600. @throws what the file system does */
export async function storeSaved(path: string, saved: SavedPolicy, medium = CACHE_MEDIUM): Promise<void> {
  const written: Written = {
    version: 1,
    program: toBase64Url(saved.program),
    genesis: toBase64Url(saved.genesis),
    savedAt: saved.savedAt,
    chainTime: saved.chainTime,
    slot: saved.slot,
    config: saved.config === null ? null : toBase64Url(saved.config.data),
    targets: saved.targets.map(({ target, account }) => ({ ...target, account: toBase64Url(account.data) })),
  };
  await medium.write(`${path}.new`, `${JSON.stringify(written)}\n`);
  await medium.rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}
