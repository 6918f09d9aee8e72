import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The dashboard's key, made once: an open page and a bookmark outlive a restart. */
export function readDashboardKey(data: string): string {
  const file = join(data, "dashboard.key");
  try {
    const key = readFileSync(file, "utf8").trim();
    if (/^[\w-]{22}$/.test(key)) return key;
  } catch {
    // Made below.
  }
  const key = randomBytes(16).toString("base64url");
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}
