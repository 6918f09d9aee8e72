import { type ErrorTable, errorsOf } from "../errors.ts";

/** Context of each route error. */
export interface RouteErrors {
  "records-size": { got: number };
  "records-form": { at: number; reason: string };
  "records-owner": { at: number };
  "records-type": { at: number; type: number };
  "records-ttl": { at: number; ttl: number };
  "records-data": { at: number; type: number; reason: string };
  "records-order": { at: number };
  "records-cname": { at: number };
  "update-form": { got: number };
  "update-domain": Record<string, never>;
  "update-version": { got: string };
  "proof-form": { reason: string };
  "trace-order": { index: number; reason: string };
  "list-size": { got: number };
  "list-index": { index: number; size: number };
  "evidence-form": { reason: string };
  "evidence-epoch": { got: string; expected: string };
  "evidence-name": { reason: string };
  "evidence-records": { reason: string };
  "evidence-root": { epoch: string };
  "evidence-signature": { signer: string };
  "evidence-expired": { expiresAt: string; now: string };
}

/** Route errors, 240-269. */
export const ROUTE_ERRORS: ErrorTable<RouteErrors> = {
  "records-size": {
    number: 240,
    message: "a record set has at most 4096 bytes",
    hint: "Publish fewer or shorter records; a CNAME can point at a zone of any size.",
  },
  "records-form": {
    number: 241,
    message: "not DNS records in wire form",
    hint: "Write owner, type, class 1, TTL, length and data one after another, names uncompressed and in lower case.",
  },
  "records-owner": {
    number: 242,
    message: "a record's owner is not the name or below it",
    hint: "Give each record an owner that ends in the registered name.",
  },
  "records-type": {
    number: 243,
    message: "a type that a route can't hold",
    hint: "Use A, AAAA, CNAME, TXT, MX, SRV, PTR, CAA, TLSA, SSHFP, SVCB, HTTPS, URI or NAPTR.",
  },
  "records-ttl": {
    number: 244,
    message: "TTLs are 30 to 86400 s and alike within a type of an owner",
    hint: "Give all records of one type at one owner the same TTL.",
  },
  "records-data": {
    number: 245,
    message: "record data is not of its type",
    hint: "Check the record against the RFC of its type; names in it are uncompressed and in lower case.",
  },
  "records-order": {
    number: 246,
    message: "records are not in canonical order, or one is there twice",
    hint: "Sort by owner, type and data (RFC 4034, section 6) with canonicalizeRecords.",
  },
  "records-cname": {
    number: 247,
    message: "a CNAME stands alone at its owner",
    hint: "Remove the other records of that owner, or the CNAME.",
  },
  "update-form": {
    number: 248,
    message: "not an update",
    hint: "An update has 133 bytes and begins with its tag; the bytes were cut or are something else.",
  },
  "update-domain": {
    number: 249,
    message: "the update is for another cluster",
    hint: "Sign it anew with the domain of this cluster.",
  },
  "update-version": {
    number: 250,
    message: "the version is not above the last one",
    hint: "Take the version that is final and add 1; within a new registration begin at 1.",
  },
  "proof-form": {
    number: 251,
    message: "not a proof",
    hint: "The bytes were cut, extended or made by something else; ask another feed.",
  },
  "trace-order": {
    number: 252,
    message: "an epoch has at most one update a name, in order of name hash, and 16384 in all",
    hint: "Keep the highest version of each name; leave what is too much to the next epoch.",
  },
  "list-size": {
    number: 253,
    message: "a list has at most 16384 leaves",
    hint: "Split it into several lists.",
  },
  "list-index": {
    number: 254,
    message: "the list has no such place",
    hint: "Places run from 0 to the list's size less one.",
  },
  "evidence-form": {
    number: 255,
    message: "not evidence",
    hint: "The bytes were cut or extended; ask another feed and report this one.",
  },
  "evidence-epoch": {
    number: 256,
    message: "the evidence is of another epoch than the root",
    hint: "Read that epoch's root from the chain, or ask the feed for the last final epoch.",
  },
  "evidence-name": {
    number: 257,
    message: "the evidence is about another name",
    hint: "Ask another feed and report this one: it answered a question nobody asked.",
  },
  "evidence-records": {
    number: 258,
    message: "the records in the evidence are not a record set of the name",
    hint: "Ask another feed and report this one.",
  },
  "evidence-root": {
    number: 259,
    message: "the evidence does not lead to the root",
    hint: "Something in it is false, or it is of another cluster; ask another feed and report this one.",
  },
  "evidence-signature": {
    number: 260,
    message: "the update is not signed by the signer it names",
    hint: "Ask another feed and report this one.",
  },
  "evidence-expired": {
    number: 261,
    message: "the route has expired",
    hint: "The name has lapsed or its route wasn't renewed; there is no answer until its owner publishes again.",
  },
};

export const fail = /* #__PURE__ */ errorsOf(ROUTE_ERRORS);
