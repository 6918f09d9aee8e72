import { bytesEqual, formatAddress, isTollError, toHex } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import {
  decodeEvidence,
  decodeMapProof,
  emptyHash,
  hashEntry,
  hashMapNode,
  hashRecords,
  hashUpdate,
  hashWireName,
  type MapProof,
  type RouteRecord,
  sha256,
  verifyEvidence,
} from "@tolldns/sdk/routes";
import type { ChainRoots } from "./chain.ts";

/** One check, in the words of the page. */
export interface Step {
  readonly title: string;
  readonly detail: string;
  readonly state: "ok" | "bad" | "skipped";
}

/** A place on the way from leaf to root. */
export interface PathNode {
  readonly hash: Uint8Array;
  /** What is hashed in beside it; null for the root. */
  readonly sibling: Uint8Array | null;
  /** Bit of the name hashes at which the two part, 0 the first; null for the root. */
  readonly level: number | null;
  /** It is the left half of what is above it. */
  readonly isLeft: boolean;
}

export interface Checked {
  readonly epoch: bigint;
  readonly status: "present" | "absent" | "refused";
  /** Why it was refused, and what to do. */
  readonly refusal: string | null;
  readonly steps: readonly Step[];
  /** From the leaf upwards; the last is the root it leads to. */
  readonly path: readonly PathNode[];
  /** What stands at the leaf: the name, nothing, or another name. */
  readonly leaf: MapProof["place"]["kind"];
  readonly root: Uint8Array | null;
  readonly version: bigint | null;
  readonly expiresAt: bigint | null;
  readonly signer: string | null;
  readonly records: readonly RouteRecord[];
}

/** In the order they are made in (docs/reference/routes.md, "Evidence"). */
const ORDER = [
  "evidence-form",
  "evidence-epoch",
  "evidence-name",
  "evidence-records",
  "evidence-root",
  "evidence-signature",
  "evidence-expired",
] as const;

/**
 * Checks evidence as any client does, by verifyEvidence, and takes the way from leaf to root apart for drawing. All of it here, in the
 * browser: the feed is believed nothing, of the chain only the roots.
 */
export function checkEvidence(bytes: Uint8Array, label: string, chain: ChainRoots, now: bigint): Checked {
  const evidence = decodeEvidence(bytes);
  const proof = decodeMapProof(evidence.proof);
  const { epoch, route } = evidence;
  const root = chain.recent.find((one) => one.epoch === epoch)?.root ?? null;
  const name = wireName(label);
  let failed: (typeof ORDER)[number] | undefined;
  let refusal: string | null = null;
  let records: readonly RouteRecord[] = [];
  try {
    const trust = { name, domain: chain.domain, epoch, root: root ?? emptyHash(), now };
    const verified = verifyEvidence(bytes, trust);
    if (verified.status === "present") records = verified.records;
  } catch (error) {
    if (!isTollError(error)) throw error;
    failed = ORDER.find((code) => code === error.code) ?? "evidence-form";
    refusal = `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}. ${error.hint}`;
  }
  if (root === null) failed = "evidence-epoch";
  const nameHash = hashWireName(name);
  const leaf = leafOf(proof, nameHash, route, chain.domain);
  const path = climb(proof, nameHash, leaf);
  const facts = { label, epoch, root, nameHash, path, proof, route, chain };
  return {
    epoch,
    status: failed === undefined ? (route === undefined ? "absent" : "present") : "refused",
    refusal: root === null ? `The chain does not have epoch ${epoch} among its last final ones.` : refusal,
    steps: describeSteps(facts, failed),
    path,
    leaf: proof.place.kind,
    root,
    version: route?.version ?? null,
    expiresAt: route?.expiresAt ?? null,
    signer: route === undefined ? null : formatAddress(route.signer),
    records,
  };
}

type Route = NonNullable<ReturnType<typeof decodeEvidence>["route"]>;

/** The hash at the place the proof is of. */
function leafOf(
  proof: MapProof,
  nameHash: Uint8Array,
  route: Route | undefined,
  domain: Uint8Array,
): Uint8Array {
  if (proof.place.kind === "empty") return emptyHash();
  if (proof.place.kind === "other") return hashEntry(proof.place.nameHash, proof.place.entry);
  if (route === undefined) return emptyHash();
  const { generation, version, expiresAt, records } = route;
  const update = { nameHash, generation, version, expiresAt, recordsHash: hashRecords(records) };
  return hashEntry(nameHash, { generation, version, updateHash: hashUpdate(update, domain) });
}

function climb({ nodes }: MapProof, nameHash: Uint8Array, leaf: Uint8Array): PathNode[] {
  const path: PathNode[] = [];
  let hash = leaf;
  for (const { level, sibling } of nodes) {
    const isLeft = (((nameHash[level >> 3] as number) >> (7 - (level & 7))) & 1) === 0;
    path.push({ hash, sibling, level, isLeft });
    hash = isLeft ? hashMapNode(sha256, level, hash, sibling) : hashMapNode(sha256, level, sibling, hash);
  }
  return [...path, { hash, sibling: null, level: null, isLeft: true }];
}

export const short = (bytes: Uint8Array): string => `${toHex(bytes).slice(0, 8)}…`;

const steps = (count: number): string =>
  count === 0 ? "no step: nothing else is in the map" : count === 1 ? "one step" : `${count} steps`;

interface Facts {
  readonly label: string;
  readonly epoch: bigint;
  readonly root: Uint8Array | null;
  readonly nameHash: Uint8Array;
  readonly path: readonly PathNode[];
  readonly proof: MapProof;
  readonly route: Route | undefined;
  readonly chain: ChainRoots;
}

function describeSteps(
  { label, epoch, root, nameHash, path, proof, route, chain }: Facts,
  failed?: (typeof ORDER)[number],
): Step[] {
  const end = path.at(-1)?.hash ?? emptyHash();
  const equals = root !== null && bytesEqual(end, root) ? "equals" : "is not";
  const told: Record<(typeof ORDER)[number], readonly [title: string, detail: string]> = {
    "evidence-form": [
      "The evidence is whole",
      `a proof of ${steps(path.length - 1)}${route === undefined ? " that the name is not there" : `, version ${route.version}`}`,
    ],
    "evidence-epoch": [
      `The chain has a final root of epoch ${epoch}`,
      root === null
        ? `not in ${chain.account}`
        : `${short(root)}, read by RPC from ${chain.account.slice(0, 8)}…`,
    ],
    "evidence-name": [
      `It is about ${label}.dns`,
      `name hash ${short(nameHash)}${proof.place.kind === "other" ? "; another name has its place" : ""}`,
    ],
    "evidence-records": [
      "The records are a record set",
      route === undefined
        ? "none"
        : `${route.records.length} bytes, hash ${short(hashRecords(route.records))}`,
    ],
    "evidence-root": [
      "The way leads to the chain's root",
      `${short(end)} ${equals} ${root === null ? "unknown" : short(root)}`,
    ],
    "evidence-signature": [
      "The owner's side signed it",
      route === undefined ? "nothing to sign" : `Ed25519 by ${formatAddress(route.signer).slice(0, 8)}…`,
    ],
    "evidence-expired": [
      "It has not expired",
      route === undefined
        ? "nothing to expire"
        : `valid until ${new Date(Number(route.expiresAt) * 1_000).toISOString().slice(0, 10)}`,
    ],
  };
  const at = failed === undefined ? ORDER.length : ORDER.indexOf(failed);
  const isNeeded = (code: string) => route !== undefined || !/records|signature|expired/.test(code);
  return ORDER.flatMap((code, index) => {
    if (!isNeeded(code)) return [];
    const [title, detail] = told[code];
    return [{ title, detail, state: index < at ? "ok" : index === at ? "bad" : "skipped" } as const];
  });
}
