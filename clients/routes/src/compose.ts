import { CLASS, EDE, RCODE, TYPE } from "@tolldns/dns/wire/constants";
import type { WireRecord } from "@tolldns/dns/wire/records";
import type { RouteRecord } from "@tolldns/sdk/routes";
import type { Verified } from "./judge.ts";
import { type Reply, soaOf } from "./write.ts";

/** `dns.` in wire form. */
export const ZONE = Uint8Array.of(3, 0x64, 0x6e, 0x73, 0);

/** Most seconds an answer that something is not there holds (RFC 2308 allows hours; an epoch may bring it any time). */
const NEGATIVE_SECONDS = 300;
/** TTL of answers while the chain can't be asked, and of names that have lapsed, seconds (after RFC 8767, section 4). */
const SHORT_SECONDS = 30;

export interface ComposeTerms {
  /** Unix seconds. */
  readonly now: number;
  readonly epochSeconds: number;
  /** The chain has not told lately: what is answered may soon be old. */
  readonly isStale: boolean;
}

/** A reply, and the name outside of the record set at which its chain of CNAMEs goes on. */
export interface Composed extends Reply {
  readonly target?: Uint8Array;
}

/** Makes the DNS answer out of verified evidence: TTLs end with the route, and what is not there is told for an epoch at most. */
export function composeReply(
  verified: Verified,
  name: Uint8Array,
  type: number,
  terms: ComposeTerms,
): Composed {
  const { route, epoch, evidence } = verified;
  const negative = Math.max(1, Math.min(NEGATIVE_SECONDS, terms.epochSeconds, shortIf(terms)));
  const base = { evidence, answers: [], authority: [] };
  if (route === null || route.records.length === 0)
    return { ...base, rcode: RCODE.NXDOMAIN, authority: [soaOf(ZONE, epoch, negative)] };
  const left = Math.floor(route.expiresAt - terms.now);
  if (left <= 0)
    return {
      ...base,
      rcode: RCODE.NXDOMAIN,
      authority: [soaOf(ZONE, epoch, Math.min(negative, SHORT_SECONDS))],
      ede: { code: EDE.OTHER, text: "tolldns: the route has expired" },
    };
  const found = route.answer(name, type);
  const longest = Math.min(left, shortIf(terms));
  const answers = found.records.map((record) => toWire(record, longest));
  const soa = soaOf(verified.name, epoch, Math.min(negative, left));
  switch (found.outcome) {
    case "answer":
      return { ...base, rcode: RCODE.NOERROR, answers, ...(found.target ? { target: found.target } : {}) };
    case "nodata":
      if (type === TYPE.SOA && name.length === verified.name.length)
        return { ...base, rcode: RCODE.NOERROR, answers: [soa] };
      return { ...base, rcode: RCODE.NOERROR, answers, authority: [soa] };
    case "nxdomain":
      return { ...base, rcode: RCODE.NXDOMAIN, answers, authority: [soa] };
    default:
      return {
        ...base,
        rcode: RCODE.SERVFAIL,
        ede: { code: EDE.OTHER, text: "tolldns: the name's CNAMEs go round" },
      };
  }
}

/** What `dns` itself answers: it is there, and holds nothing but its SOA. */
export function composeApex(type: number, epoch: bigint): Reply {
  const soa = soaOf(ZONE, epoch, SHORT_SECONDS);
  if (type === TYPE.SOA) return { rcode: RCODE.NOERROR, answers: [soa], authority: [] };
  return { rcode: RCODE.NOERROR, answers: [], authority: [soa] };
}

/** What no rule of registration allows needs no proof that it isn't there. */
export function composeImpossible(epoch: bigint): Reply {
  return { rcode: RCODE.NXDOMAIN, answers: [], authority: [soaOf(ZONE, epoch, NEGATIVE_SECONDS)] };
}

function shortIf({ isStale }: ComposeTerms): number {
  return isStale ? SHORT_SECONDS : Number.POSITIVE_INFINITY;
}

function toWire({ owner, type, ttl, data }: RouteRecord, longest: number): WireRecord {
  return { owner, type, class: CLASS.IN, ttl: Math.max(1, Math.min(ttl, longest)), data };
}
