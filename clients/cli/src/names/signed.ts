import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatAddress, fromHex, toHex } from "@tolldns/sdk";

/** The update that was signed last here, so that the next one builds on it before it is final. */
export interface LastSigned {
  readonly generation: number;
  readonly version: bigint;
  readonly updateHash: Uint8Array;
  /** Canonical wire form. */
  readonly records: Uint8Array;
}

const fileOf = (data: string, label: string, domain: Uint8Array): string =>
  join(data, "names", "signed", `${label}-${formatAddress(domain).slice(0, 8)}.json`);

/** What was signed last for a name of this cluster, or undefined. */
export function readSigned(data: string, label: string, domain: Uint8Array): LastSigned | undefined {
  try {
    const { generation, version, updateHash, records } = JSON.parse(
      readFileSync(fileOf(data, label, domain), "utf8"),
    ) as Readonly<Record<"generation" | "version" | "updateHash" | "records", string>>;
    return {
      generation: Number(generation),
      version: BigInt(version),
      updateHash: fromHex(updateHash),
      records: fromHex(records),
    };
  } catch {
    return undefined;
  }
}

/** Puts back what stood before an update that every feed would refuse; undefined if nothing did. */
export function restoreSigned(
  data: string,
  label: string,
  domain: Uint8Array,
  before: LastSigned | undefined,
) {
  if (before !== undefined) writeSigned(data, label, domain, before);
  else rmSync(fileOf(data, label, domain), { force: true });
}

/** Keeps it before it leaves: two different updates of one version would be the owner's own confusion. */
export function writeSigned(data: string, label: string, domain: Uint8Array, signed: LastSigned) {
  const file = fileOf(data, label, domain);
  mkdirSync(join(data, "names", "signed"), { recursive: true, mode: 0o700 });
  const { generation, version, updateHash, records } = signed;
  const text = JSON.stringify({
    generation,
    version: String(version),
    updateHash: toHex(updateHash),
    records: toHex(records),
  });
  writeFileSync(`${file}.new`, `${text}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
