import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import {
  chmod,
  chown,
  copyFile,
  link,
  lstat,
  open,
  readFile,
  readlink,
  rename,
  symlink,
  unlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "@tolldns/policy/disk";
import { EdgeError } from "../errors.ts";
import type { PlannedFile } from "./plan.ts";

/** What stands at a path: enough to tell whether it is what we left there. */
export type Found =
  | { readonly kind: "absent" }
  | { readonly kind: "link"; readonly target: string }
  | {
      readonly kind: "file";
      readonly sha256: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      /** Nanoseconds, decimal. */
      readonly mtime: string;
      readonly atime: string;
    };

export async function look(path: string): Promise<Found> {
  const stats: BigIntStats | null = await lstat(path, { bigint: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw error;
    },
  );
  if (stats === null) return { kind: "absent" };
  if (stats.isSymbolicLink()) return { kind: "link", target: await readlink(path) };
  if (!stats.isFile()) throw new EdgeError("install-changed", `${path} is neither a file nor a link`);
  return {
    kind: "file",
    sha256: sha256(await readFile(path)),
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtime: stats.mtimeNs.toString(),
    atime: stats.atimeNs.toString(),
  };
}

/** Same content (and target); times and modes aside. */
export function isSameContent(a: Found, b: Found): boolean {
  if (a.kind === "file" && b.kind === "file") return a.sha256 === b.sha256;
  if (a.kind === "link" && b.kind === "link") return a.target === b.target;
  return a.kind === b.kind;
}

export function foundOfPlan(content: PlannedFile["content"]): Found {
  if ("link" in content) return { kind: "link", target: content.link };
  const sum = sha256(Buffer.from(content.file));
  return { kind: "file", sha256: sum, mode: 0o644, uid: 0, gid: 0, mtime: "0", atime: "0" };
}

/** Throws if the file has the immutable bit (chattr +i), with which some guard resolv.conf. @throws EdgeError install-immutable */
export async function checkMutable(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => null);
  if (stats === null || !stats.isFile()) return;
  const text = await new Promise<string>((resolve) =>
    execFile("lsattr", ["-d", "--", path], (error, stdout) => resolve(error === null ? stdout : "")),
  );
  if (/^\S*i\S*\s/.test(text)) throw new EdgeError("install-immutable", path);
}

/**
 * Keeps the original under `backup`: the very inode by a hard link, so that its times, owner, mode and attributes come back
 * as they were. Where links can't be made (another file system, a mount point), a copy.
 */
export async function keepOriginal(path: string, backup: string): Promise<void> {
  if ((await look(path)).kind === "absent") return;
  await unlink(backup).catch(ignoreMissing);
  await link(path, backup).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EXDEV" && error.code !== "EPERM" && error.code !== "EMLINK") throw error;
    const target = await readlink(path).catch(() => null);
    const partial = `${backup}.new`;
    await unlink(partial).catch(ignoreMissing);
    if (target === null) await copyFile(path, partial);
    else await symlink(target, partial);
    await rename(partial, backup);
  });
  await syncFolder(dirname(backup));
}

/** Puts new content at `path` at once: whoever reads sees the old or the new. */
export async function replaceFile(path: string, content: PlannedFile["content"]): Promise<void> {
  const temporary = `${path}.tolldns-new`;
  await unlink(temporary).catch(ignoreMissing);
  if ("link" in content) await symlink(content.link, temporary);
  else {
    const file = await open(temporary, "wx", 0o644);
    await file.writeFile(content.file);
    await file.chmod(0o644);
    await file.sync();
    await file.close();
  }
  await rename(temporary, path).catch(async (error: NodeJS.ErrnoException) => {
    await unlink(temporary).catch(ignoreMissing);
    // A mount point, as containers make of resolv.conf, can't be replaced but can be written.
    if (error.code === "EBUSY" && "file" in content) return writeInPlace(path, Buffer.from(content.file));
    if (error.code === "EPERM") throw new EdgeError("install-immutable", path);
    throw error;
  });
  await syncFolder(dirname(path));
}

/** Brings the original back from `backup` and takes the backup away. */
export async function restoreOriginal(path: string, backup: string, original: Found): Promise<void> {
  if (original.kind === "absent") await unlink(path).catch(ignoreMissing);
  else if ((await look(backup)).kind === "absent") {
    // Restored before a crash.
  } else if (original.kind === "file") await restoreFile(path, backup, original);
  else await rename(backup, path);
  await unlink(backup).catch(ignoreMissing);
  await syncFolder(dirname(path)).catch(ignoreMissing);
}

async function restoreFile(path: string, backup: string, original: Found & { kind: "file" }): Promise<void> {
  await chown(backup, original.uid, original.gid);
  await chmod(backup, original.mode);
  const { mtimeNs } = await lstat(backup, { bigint: true });
  if (mtimeNs.toString() !== original.mtime) await setTimes(backup, original);
  await rename(backup, path).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EBUSY" && error.code !== "EXDEV") throw error;
    await writeInPlace(path, await readFile(backup));
    await chown(path, original.uid, original.gid);
    await chmod(path, original.mode);
    await setTimes(path, original);
  });
}

/** To the microsecond: Node takes floating-point seconds. */
async function setTimes(path: string, original: Found & { kind: "file" }): Promise<void> {
  await utimes(path, Number(original.atime) / 1e9, Number(original.mtime) / 1e9);
}

async function writeInPlace(path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes, { flush: true });
}

export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
