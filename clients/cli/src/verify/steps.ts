import { bytesEqual, formatAddress, isTollError, toHex } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import {
  decodeEvidence,
  decodeMapProof,
  type Evidence,
  hashRecords,
  hashUpdate,
  hashWireName,
  type RouteRecord,
  rootOfMapProof,
  verifyEvidence,
} from "@tolldns/sdk/routes";

/** One link of the chain of evidence. */
export interface Step {
  readonly step: string;
  /** Null where an earlier step failed, or there is nothing to check it by. */
  readonly ok: boolean | null;
  /** What was found, or why not. */
  readonly detail: string;
  /** The same for programs. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What the evidence itself shows, before anybody says which root is final. */
export interface Examined {
  readonly steps: readonly Step[];
  readonly epoch: bigint | null;
  /** The root that proof and records lead to; null if they lead nowhere. */
  readonly root: Uint8Array | null;
  readonly signer: Uint8Array | null;
  readonly records: readonly RouteRecord[];
  readonly status: "present" | "absent" | "expired" | "broken";
}

/** Where each error of the SDK's verifier belongs. */
const FAILS_AT: Readonly<Record<string, string>> = {
  "evidence-form": "evidence",
  "evidence-name": "name",
  "evidence-records": "records",
  "evidence-root": "path",
  "evidence-signature": "signature",
  "evidence-expired": "term",
};
const ORDER = ["evidence", "name", "records", "update", "path", "signature", "term"] as const;

/**
 * Takes evidence apart, link by link, by the SDK's verifier against the root that it leads to by itself; whether that root is
 * the one, the caller asks of the chain.
 * @param now Unix seconds
 */
export function examine(bytes: Uint8Array, name: Uint8Array, domain: Uint8Array, now: bigint): Examined {
  const found = open(bytes, name, domain);
  const { evidence, root } = found;
  let failure: { readonly at: string; readonly why: string } | null = found.failure;
  let records: readonly RouteRecord[] = [];
  if (evidence !== null && root !== null && failure === null)
    try {
      const trust = { name, domain, epoch: evidence.epoch, root, verify: verifyEd25519Node };
      // First without a clock: an expired route is shown all the same.
      const shown = verifyEvidence(bytes, { ...trust, now: 0n });
      if (shown.status === "present") records = shown.records;
      verifyEvidence(bytes, { ...trust, now });
    } catch (error) {
      if (!isTollError(error)) throw error;
      failure = { at: FAILS_AT[error.code] ?? "evidence", why: `${error.message} (${error.code})` };
    }
  const shape = { evidence, root, records, domain, name, bytes };
  const wanted = evidence?.route === undefined && evidence !== null ? ORDER.slice(0, 5) : ORDER;
  const failsAt = failure === null ? wanted.length : wanted.indexOf(failure.at as (typeof ORDER)[number]);
  const steps = wanted
    .filter((step) => evidence?.route !== undefined || evidence === null || !ONLY_PRESENT.has(step))
    .map((step): Step => {
      const place = wanted.indexOf(step);
      if (place > failsAt) return { step, ok: null, detail: "not checked", facts: {} };
      if (place === failsAt && failure !== null) return { step, ok: false, detail: failure.why, facts: {} };
      return { step, ok: true, ...describe(step, shape) };
    });
  return {
    steps,
    epoch: evidence?.epoch ?? null,
    root: failsAt <= wanted.indexOf("path") ? null : root,
    signer: evidence?.route?.signer ?? null,
    records,
    status:
      failure !== null
        ? failure.at === "term"
          ? "expired"
          : "broken"
        : evidence?.route === undefined
          ? "absent"
          : "present",
  };
}

/** Steps that only a name that is there has. */
const ONLY_PRESENT: ReadonlySet<string> = new Set(["records", "update", "signature", "term"]);

/** The evidence and the root it leads to. */
function open(bytes: Uint8Array, name: Uint8Array, domain: Uint8Array) {
  let evidence: Evidence | null = null;
  try {
    evidence = decodeEvidence(bytes);
    const proof = decodeMapProof(evidence.proof);
    const nameHash = hashWireName(name);
    const { route } = evidence;
    const entry =
      route === undefined
        ? undefined
        : {
            generation: route.generation,
            version: route.version,
            updateHash: hashUpdate({ ...route, nameHash, recordsHash: hashRecords(route.records) }, domain),
          };
    const root = rootOfMapProof(proof, nameHash, entry) ?? null;
    const failure =
      root === null ? { at: "name", why: "the proof is not about this name, or of the other kind" } : null;
    return { evidence, root, failure };
  } catch (error) {
    if (!isTollError(error)) throw error;
    return { evidence, root: null, failure: { at: "evidence", why: `${error.message} (${error.code})` } };
  }
}

interface Shape {
  readonly evidence: Evidence | null;
  readonly root: Uint8Array | null;
  readonly records: readonly RouteRecord[];
  readonly domain: Uint8Array;
  readonly name: Uint8Array;
  readonly bytes: Uint8Array;
}

function describe(
  step: (typeof ORDER)[number],
  { evidence, root, records, domain, name, bytes }: Shape,
): Pick<Step, "detail" | "facts"> {
  const { route, proof, epoch } = evidence as Evidence;
  const nameHash = hashWireName(name);
  if (step === "evidence")
    return {
      detail: `${bytes.length} bytes, of epoch ${epoch}`,
      facts: { bytes: bytes.length, epoch },
    };
  if (step === "name") return { detail: `hash ${toHex(nameHash)}`, facts: { nameHash } };
  if (step === "path") {
    const { place, nodes } = decodeMapProof(proof);
    const what = { name: "its leaf", empty: "an empty place", other: "another name's leaf in its place" };
    return {
      detail: `${what[place.kind]}, ${nodes.length} steps up to root ${toHex(root as Uint8Array)}`,
      facts: { place: place.kind, depth: nodes.length, proofBytes: proof.length, root },
    };
  }
  if (route === undefined) return { detail: "", facts: {} };
  const recordsHash = hashRecords(route.records);
  if (step === "records")
    return {
      detail: `${records.length} records, ${route.records.length} bytes, hash ${toHex(recordsHash)}`,
      facts: { count: records.length, bytes: route.records.length, recordsHash },
    };
  if (step === "update") {
    const updateHash = hashUpdate({ ...route, nameHash, recordsHash }, domain);
    const { generation, version } = route;
    return {
      detail: `version ${version} in registration ${generation}, hash ${toHex(updateHash)}`,
      facts: { version, generation, updateHash },
    };
  }
  if (step === "signature")
    return {
      detail: `Ed25519 by ${formatAddress(route.signer)}`,
      facts: { signer: formatAddress(route.signer), signature: route.signature },
    };
  return { detail: `until ${moment(route.expiresAt)}`, facts: { expiresAt: route.expiresAt } };
}

/** A time for people. */
export function moment(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1_000);
  return Number.isNaN(date.getTime())
    ? `second ${seconds}`
    : `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Is the root that the evidence leads to this one? */
export function rootStep(examined: Examined, root: Uint8Array | null, whose: string): Step {
  const { root: found, epoch } = examined;
  if (found === null) return { step: "root", ok: null, detail: "not checked", facts: {} };
  if (root === null)
    return {
      step: "root",
      ok: false,
      detail: `${whose} has no final root of epoch ${epoch}: it is not final, or too old`,
      facts: { epoch },
    };
  const ok = bytesEqual(found, root);
  return {
    step: "root",
    ok,
    detail: ok ? `is the one ${whose} has` : `${whose} has ${toHex(root)}: the evidence is false`,
    facts: { expected: root, found },
  };
}
