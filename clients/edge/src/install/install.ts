import { execFile } from "node:child_process";
import { lstat, mkdir, open, readFile, rename, rmdir, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "@tolldns/policy/disk";
import { EdgeError } from "../errors.ts";
import {
  checkMutable,
  type Found,
  foundOfPlan,
  ignoreMissing,
  isSameContent,
  keepOriginal,
  look,
  replaceFile,
  restoreOriginal,
} from "./files.ts";
import { type InstallPlan, type PlannedFile, planInstall } from "./plan.ts";
import { checkPortFree } from "./port.ts";

export interface InstallOptions {
  /** `/`, or a folder that stands for it (then no command is run and no port looked at). */
  readonly root?: string;
  /** Where the edge listens. Default 127.0.0.1 and 53. */
  readonly host?: string;
  readonly port?: number;
  /** Command line of the service; without it no systemd unit is written. */
  readonly command?: readonly string[];
  /** The edge's state folder, absolute. Default /var/lib/tolldns-edge. */
  readonly stateDir?: string;
  /** Skip looking whether the port is free: the edge runs already. */
  readonly running?: boolean;
  /** Restore even over files that were changed since. */
  readonly force?: boolean;
  /** Run `systemctl` and `nmcli` where they are needed. Default true for root `/`. */
  readonly reload?: boolean;
  /** Called before every step that changes something; what throws here stops as a crash would. */
  readonly onStep?: (step: string) => void;
}

export interface InstallResult {
  /** False if everything was in place already. */
  readonly changed: boolean;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

interface Record {
  readonly version: 1;
  phase: "installing" | "installed" | "uninstalling";
  readonly entries: readonly RecordEntry[];
  /** Folders made on the way, outermost first. */
  readonly folders: readonly string[];
  readonly commands: readonly (readonly string[])[];
}

interface RecordEntry {
  readonly path: string;
  readonly kind: PlannedFile["kind"];
  readonly content: PlannedFile["content"];
  readonly original: Found;
  readonly backup: string;
}

const RECORD = "/var/lib/tolldns-edge-install/record.json";

/**
 * Points the system at the edge and records what was there. May be called again, also after a crash in the middle.
 * @throws EdgeError install-port, install-immutable, install-root, install-journal; nothing is changed then
 */
export async function installEdge(options: InstallOptions = {}): Promise<InstallResult> {
  const root = options.root ?? "/";
  const host = options.host ?? "127.0.0.1";
  const port = options.port ?? 53;
  requireRoot(root);
  let record = await readRecord(root);
  if (record?.phase === "uninstalling") {
    await finishUninstall(root, record, options);
    record = null;
  }
  if (record?.phase === "installed" && (await isInPlace(root, record)))
    return { changed: false, files: record.entries.map((entry) => entry.path), notes: ["already installed"] };
  if (record === null) {
    if (root === "/" && options.running !== true) await checkPortFree(host, port);
    const stateDir = options.stateDir ?? "/var/lib/tolldns-edge";
    const command = options.command === undefined ? {} : { command: options.command };
    const plan = await planInstall({ root, host, port, stateDir, ...command });
    record = await writePlan(root, plan, options);
    await apply(root, record, options);
    return { changed: true, files: record.entries.map((entry) => entry.path), notes: plan.notes };
  }
  await apply(root, record, options);
  return {
    changed: true,
    files: record.entries.map((entry) => entry.path),
    notes: ["finished an install that was cut short"],
  };
}

/**
 * Restores exactly what was there before. May be called again, also after a crash in the middle.
 * @throws EdgeError install-changed (unless `force`), install-root, install-journal
 */
export async function uninstallEdge(options: InstallOptions = {}): Promise<InstallResult> {
  const root = options.root ?? "/";
  requireRoot(root);
  const record = await readRecord(root);
  if (record === null) return { changed: false, files: [], notes: ["nothing is installed"] };
  if (options.force !== true && record.phase === "installed") {
    for (const entry of record.entries) {
      const now = await look(join(root, entry.path));
      if (!isSameContent(now, foundOfPlan(entry.content)) && !isSameContent(now, entry.original))
        throw new EdgeError("install-changed", entry.path);
    }
  }
  await finishUninstall(root, record, options);
  return { changed: true, files: record.entries.map((entry) => entry.path), notes: ["restored"] };
}

/** Is the edge installed, and is every file as it was left? */
export async function readInstall(
  root = "/",
): Promise<{ installed: boolean; intact: boolean; files: string[] }> {
  const record = await readRecord(root);
  if (record === null) return { installed: false, intact: true, files: [] };
  return {
    installed: true,
    intact: record.phase === "installed" && (await isInPlace(root, record)),
    files: record.entries.map((entry) => entry.path),
  };
}

async function writePlan(root: string, plan: InstallPlan, options: InstallOptions): Promise<Record> {
  const entries: RecordEntry[] = [];
  const folders: string[] = [];
  for (const { path, kind, content } of plan.files) {
    await checkMutable(join(root, path));
    const original = await look(join(root, path));
    entries.push({ path, kind, content, original, backup: `${path}.tolldns-original` });
    for (const folder of await missingFolders(root, dirname(path)))
      if (!folders.includes(folder)) folders.push(folder);
  }
  const record: Record = { version: 1, phase: "installing", entries, folders, commands: plan.commands };
  await saveRecord(root, record, options);
  return record;
}

async function apply(root: string, record: Record, options: InstallOptions): Promise<void> {
  const step = options.onStep ?? (() => {});
  for (const folder of record.folders) {
    step(`make ${folder}`);
    await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  }
  for (const { path, content, original, backup } of record.entries) {
    const at = join(root, path);
    const now = await look(at);
    if (isSameContent(now, foundOfPlan(content))) continue;
    // Kept only while the original is still there: a second run must not take our own file for it.
    if (isSameContent(now, original) && (await look(join(root, backup))).kind === "absent") {
      step(`keep ${path}`);
      await keepOriginal(at, join(root, backup));
    }
    step(`write ${path}`);
    await replaceFile(at, content);
  }
  record.phase = "installed";
  await saveRecord(root, record, options);
  await reload(root, record, options);
}

async function finishUninstall(root: string, record: Record, options: InstallOptions): Promise<void> {
  const step = options.onStep ?? (() => {});
  if (record.phase !== "uninstalling") {
    record.phase = "uninstalling";
    await saveRecord(root, record, options);
  }
  for (const { path, original, backup } of record.entries.toReversed()) {
    step(`restore ${path}`);
    await restoreOriginal(join(root, path), join(root, backup), original);
    await unlink(`${join(root, path)}.tolldns-new`).catch(ignoreMissing);
  }
  for (const folder of record.folders.toReversed()) {
    step(`remove ${folder}`);
    // A folder in which somebody else put something stays.
    await rmdir(join(root, folder)).catch(() => {});
  }
  step("forget the record");
  const path = join(root, RECORD);
  await unlink(path);
  await unlink(`${path}.new`).catch(ignoreMissing);
  await rmdir(dirname(path)).catch(() => {});
  await reload(root, record, options);
}

async function isInPlace(root: string, record: Record): Promise<boolean> {
  for (const { path, content } of record.entries)
    if (!isSameContent(await look(join(root, path)), foundOfPlan(content))) return false;
  return true;
}

async function readRecord(root: string): Promise<Record | null> {
  const text = await readFile(join(root, RECORD), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    const record = JSON.parse(text) as Record;
    if (record.version === 1) return record;
  } catch {
    // Answered below.
  }
  throw new EdgeError("install-journal", join(root, RECORD));
}

async function saveRecord(root: string, record: Record, options: InstallOptions): Promise<void> {
  options.onStep?.(`record ${record.phase}`);
  const path = join(root, RECORD);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(`${path}.new`, "w", 0o600);
  await file.writeFile(JSON.stringify(record, null, 1));
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  await syncFolder(dirname(path));
}

/** Folders above `path` that don't exist, outermost first. */
async function missingFolders(root: string, path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; at !== "/" && at !== "."; at = dirname(at)) {
    const there = await lstat(join(root, at)).catch(() => null);
    if (there !== null) break;
    missing.unshift(at);
  }
  return missing;
}

async function reload(root: string, record: Record, options: InstallOptions): Promise<void> {
  if (!(options.reload ?? root === "/")) return;
  const systemd = await lstat("/run/systemd/system").catch(() => null);
  for (const [program, ...args] of record.commands) {
    if (program === undefined || (program === "systemctl" && systemd === null)) continue;
    // A service that isn't there needs no reload.
    await new Promise<void>((resolve) => execFile(program, args, { timeout: 20_000 }, () => resolve()));
  }
}

function requireRoot(root: string): void {
  if (root === "/" && process.geteuid?.() !== 0) throw new EdgeError("install-root");
}
