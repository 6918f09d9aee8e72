/** Numbers of the DNS protocol that code compares with (IANA DNS parameters). */

/** Record types (IANA DNS parameters). */
export const TYPE = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  NSEC3: 50,
  SVCB: 64,
  HTTPS: 65,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const;

/** Classes. */
export const CLASS = { IN: 1, CH: 3, ANY: 255 } as const;

/** Response codes; those above 15 need an OPT record (RFC 6891 section 6.1.3). */
export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

/** Header flags, as bits of the second 16-bit word (RFC 1035 section 4.1.1, RFC 4035 section 3). */
export const FLAG = {
  QR: 0x8000,
  AA: 0x0400,
  TC: 0x0200,
  RD: 0x0100,
  RA: 0x0080,
  AD: 0x0020,
  CD: 0x0010,
} as const;

/** EDNS option codes; the last one is of the range for local use (RFC 6891, section 9): see docs/reference/routes.md. */
export const OPTION = {
  SUBNET: 8,
  COOKIE: 10,
  KEEPALIVE: 11,
  PADDING: 12,
  EDE: 15,
  ROUTE_EVIDENCE: 65_313,
} as const;

/** Extended error codes (RFC 8914 section 4). */
export const EDE = {
  OTHER: 0,
  STALE_ANSWER: 3,
  FORGED_ANSWER: 4,
  DNSSEC_BOGUS: 6,
  CACHED_ERROR: 13,
  NOT_READY: 14,
  BLOCKED: 15,
  CENSORED: 16,
  FILTERED: 17,
  PROHIBITED: 18,
  STALE_NXDOMAIN: 19,
  NOT_AUTHORITATIVE: 20,
  NOT_SUPPORTED: 21,
  NO_REACHABLE_AUTHORITY: 22,
  NETWORK_ERROR: 23,
  INVALID_DATA: 24,
} as const;

/** Bytes of the fixed header. */
export const HEADER_BYTES = 12;
/** Longest name on the wire, the root byte included (RFC 1035 section 2.3.4). */
export const MAX_NAME_BYTES = 255;
/** Longest label (RFC 1035 section 2.3.4). */
export const MAX_LABEL_BYTES = 63;
/** Longest message on a stream (RFC 1035 section 4.2.2). */
export const MAX_MESSAGE_BYTES = 65_535;
