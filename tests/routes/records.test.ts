import { concatBytes, toHex } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import {
  canonicalizeRecords,
  encodeRouteRecord,
  hashRecords,
  MAX_RECORDS_LENGTH,
  parseRecords,
  type RouteRecord,
} from "@tolldns/sdk/routes";
import { parseZone } from "@tolldns/sdk/zone";
import { expect } from "chai";
import fc from "fast-check";

const ZONE = wireName("example");
const of = (text: string) => parseZone(text, ZONE).records;
const canonical = (text: string) => canonicalizeRecords(of(text), ZONE);
const refused = (action: () => unknown) => expect(action).to.throw().with.property("code");

const EVERY_TYPE = `
@       300 A      192.0.2.1
@       300 AAAA   2001:db8::1
alias   300 CNAME  elsewhere.example.net.
@       300 TXT    "v=spf1 -all" "and more"
@       300 MX     10 mail
_d._tcp 300 SRV    0 5 853 mail
1       300 PTR    host
@       300 CAA    0 issue "ca.example.net"
_443    300 TLSA   3 1 1 00aa
@       300 SSHFP  4 2 00ff
svc     300 SVCB   1 . alpn=dot port=853
@       300 HTTPS  1 . alpn=h2,h3 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1
_u      300 URI    10 1 "https://example.net/"
_n      300 NAPTR  100 10 "S" "SIP+D2U" "" _sip._udp
*.w     300 TXT    "wild"
`;

describe("record sets", () => {
  it("hold every type that routes may have", () => {
    const bytes = canonical(EVERY_TYPE);
    const records = parseRecords(bytes, ZONE);
    expect(records).to.have.length(15);
    expect(toHex(concatBytes(...records.map(encodeRouteRecord)))).to.equal(toHex(bytes));
  });

  it("have one form and one hash, whatever the order, case and repetition of what comes in", () => {
    const records = of(EVERY_TYPE);
    const form = toHex(canonicalizeRecords(records, ZONE));
    const upper = (bytes: Uint8Array) =>
      bytes.map((byte) => (byte >= 0x61 && byte <= 0x7a ? byte - 32 : byte));
    const mixed = fc.tuple(
      fc.shuffledSubarray([...records], { minLength: records.length }),
      fc.subarray([...records]),
      fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }),
    );
    fc.assert(
      fc.property(mixed, ([first, again, cases]) => {
        const given = [...first, ...again].map((record, i) =>
          cases[i] === true ? { ...record, owner: upper(record.owner) } : record,
        );
        expect(toHex(canonicalizeRecords(given, ZONE))).to.equal(form);
      }),
    );
    const cname = { owner: ZONE, type: 5, ttl: 60, data: Uint8Array.of(1, 0x41, 0) };
    expect(parseRecords(canonicalizeRecords([cname], ZONE), ZONE)[0]?.data).to.deep.equal(
      Uint8Array.of(1, 0x61, 0),
    );
    expect(toHex(hashRecords(canonical(EVERY_TYPE)))).to.equal(
      toHex(hashRecords(canonicalizeRecords(records, ZONE))),
    );
  });

  it("stand in the order of RFC 4034, section 6.1: by labels from the right", () => {
    const owners = ["", "a", "yljkjljk.a", "z.a", "zabc.a", "z", "\\001.z", "*.z", "\\200.z"];
    const records = of(owners.map((owner) => `${owner || "@"} 60 A 192.0.2.1`).join("\n"));
    const sorted = parseRecords(canonicalizeRecords([...records].reverse(), ZONE), ZONE);
    expect(sorted.map(({ owner }) => toHex(owner))).to.deep.equal(records.map(({ owner }) => toHex(owner)));
  });

  it("are read to the same records that were written, or refused, and nothing else", () => {
    const form = canonical(EVERY_TYPE);
    fc.assert(
      fc.property(fc.nat(form.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = form.map((byte, i) => (i === at ? byte ^ change : byte));
        let records: RouteRecord[];
        try {
          records = parseRecords(bytes, ZONE);
        } catch (error) {
          expect(error)
            .to.have.property("code")
            .that.matches(/^records-/);
          return;
        }
        expect(toHex(canonicalizeRecords(records, ZONE))).to.equal(toHex(bytes));
        expect(toHex(hashRecords(bytes))).not.to.equal(toHex(hashRecords(form)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("have up to 4096 bytes", () => {
    const text = (length: number) => of(`@ 60 TXT "${"x".repeat(length)}"`);
    const many = (last: number) => [
      ...Array.from({ length: 14 }, (_, i) => ({ ...text(250)[0], owner: ownerOf(`${i}`) }) as RouteRecord),
      { ...text(last)[0], owner: ownerOf("last") } as RouteRecord,
    ];
    const spare = MAX_RECORDS_LENGTH - canonicalizeRecords(many(0), ZONE).length;
    const full = canonicalizeRecords(many(spare), ZONE);
    expect(full.length).to.equal(MAX_RECORDS_LENGTH);
    expect(parseRecords(full, ZONE)).to.have.length(15);
    refused(() => canonicalizeRecords(many(spare + 1), ZONE)).equal("records-size");
  });

  const bad: readonly [string, number, string, string][] = [
    ["A of 3 bytes", 1, "c00002", "records-data"],
    ["A of 5 bytes", 1, "c000020100", "records-data"],
    ["AAAA of 15 bytes", 28, "00".repeat(15), "records-data"],
    ["a CNAME that is compressed", 5, "c00c", "records-data"],
    ["a CNAME without its root", 5, "0161", "records-data"],
    ["MX without a name", 15, "000a", "records-data"],
    ["TXT of nothing", 16, "", "records-data"],
    ["SRV that is cut", 33, "000000050355", "records-data"],
    ["CAA without a tag", 257, "0000", "records-data"],
    ["CAA with a hyphen in its tag", 257, "00022d61", "records-data"],
    ["TLSA without data", 52, "030101", "records-data"],
    ["SSHFP without a fingerprint", 44, "0402", "records-data"],
    ["URI without a target", 256, "000a0001", "records-data"],
    ["NAPTR that is cut", 35, "0064000a0153", "records-data"],
    ["HTTPS with a key twice", 65, "00010000030002005000030002005000".slice(0, 30), "records-data"],
    ["HTTPS with a port of three bytes", 65, "000100000300030050ff", "records-data"],
    ["HTTPS with an empty protocol", 65, "0001000001000100", "records-data"],
    ["HTTPS without default protocols but no others", 65, "00010000020000", "records-data"],
    ["HTTPS with a mandatory key that is missing", 65, "000100000000020003", "records-data"],
    ["HTTPS with five bytes of IPv4", 65, "0001000004000501020304ff", "records-data"],
    ["NS", 2, "00", "records-type"],
    ["SOA", 6, "00", "records-type"],
    ["OPT", 41, "", "records-type"],
    ["DNAME", 39, "00", "records-type"],
  ];
  for (const [what, type, hex, code] of bad)
    it(`refuse ${what}`, () => {
      const data = Uint8Array.from(Buffer.from(hex, "hex"));
      refused(() => parseRecords(encodeRouteRecord({ owner: ZONE, type, ttl: 60, data }), ZONE)).equal(code);
      refused(() => canonicalizeRecords([{ owner: ZONE, type, ttl: 60, data }], ZONE)).equal(code);
    });

  it("take TTLs of 30 to 86400 s, alike within a type of an owner", () => {
    const at = (...ttls: number[]) =>
      canonicalizeRecords(
        ttls.map((ttl, i) => ({ owner: ZONE, type: 1, ttl, data: Uint8Array.of(192, 0, 2, i) })),
        ZONE,
      );
    expect(parseRecords(at(30), ZONE)).to.have.length(1);
    expect(parseRecords(at(86_400, 86_400), ZONE)).to.have.length(2);
    for (const ttls of [[29], [86_401], [60, 61], [0]]) refused(() => at(...ttls)).equal("records-ttl");
    expect(parseRecords(canonical("@ 60 A 192.0.2.1\n@ 90 AAAA ::1\nw 30 A 192.0.2.1"), ZONE)).to.have.length(
      3,
    );
  });

  it("leave a CNAME alone at its owner, and let others stand below it", () => {
    for (const text of [
      "a 60 CNAME b\na 60 A 192.0.2.1",
      "a 60 CNAME b\na 60 MX 1 b",
      "a 60 CNAME b\na 60 CNAME c",
    ])
      refused(() => canonical(text)).equal("records-cname");
    expect(parseRecords(canonical("a 60 CNAME b\nb.a 60 A 192.0.2.1"), ZONE)).to.have.length(2);
  });

  it("belong to the name or stand below it", () => {
    for (const owner of ["other.dns.", "xexample.dns.", "dns.", "."])
      refused(() => canonicalizeRecords(of(`${owner} 60 A 192.0.2.1`), ZONE)).equal("records-owner");
    const owner = ownerOf("a".repeat(63));
    expect(
      parseRecords(canonicalizeRecords([{ owner, type: 1, ttl: 60, data: new Uint8Array(4) }], ZONE), ZONE),
    ).to.have.length(1);
  });
});

function ownerOf(label: string): Uint8Array {
  return concatBytes(Uint8Array.of(label.length), new TextEncoder().encode(label), ZONE);
}
