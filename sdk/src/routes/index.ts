/** Routes: record sets, updates, the map of all routes with its proofs, traces, receipts, evidence, and DNS answers from a record set. Pure: no socket, no file. */
export * from "./answer.ts";
export { ROUTE_ERRORS, type RouteErrors } from "./errors.ts";
export * from "./evidence.ts";
export {
  emptyHash,
  hashDomain,
  hashLeaf,
  hashMapNode,
  hashNode,
  isEmptyHash,
  type Sha256,
  sha256,
} from "./hash.ts";
export { rootOfListProof } from "./list.ts";
export { createList, MAX_LIST, type MerkleList } from "./list-tree.ts";
export { LEAVES_AT_ONCE, type NamedEntry, RouteMap, type Subtree, type SubtreeView } from "./map.ts";
export {
  decodeMapProof,
  encodeMapProof,
  MAX_PROOF,
  type MapProof,
  type Place,
  type ProofNode,
  rootOfMapProof,
  rootsOfMapProof,
} from "./proof.ts";
export * from "./receipt.ts";
export {
  canonicalizeRecords,
  encodeRecord as encodeRouteRecord,
  hashRecords,
  MAX_RECORDS_LENGTH,
  MAX_TTL,
  MIN_TTL,
  parseRecords,
  type RouteRecord,
} from "./records.ts";
export * from "./trace.ts";
export * from "./update.ts";
