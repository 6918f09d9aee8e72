import { isTollError, toHex } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import {
  formatData,
  formatRecord,
  formatZone,
  parseZone,
  RECORD_TYPES,
  typeNumber,
  type ZoneRecord,
} from "@tolldns/sdk/zone";
import { expect } from "chai";
import { type Answer, encode } from "dns-packet";
import fc from "fast-check";

const ORIGIN = wireName("example");
const read = (text: string) => parseZone(text, ORIGIN).records;
const one = (text: string): ZoneRecord => {
  const records = read(text);
  expect(records).to.have.length(1);
  return records[0] as ZoneRecord;
};
const problemOf = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (isTollError<string, { line: number; problem: string }>(error, "zone-syntax"))
      return `${error.context.line}: ${error.context.problem}`;
    throw error;
  }
  return "";
};

describe("zone files", () => {
  it("reads owners, TTLs, classes and origins as RFC 1035 and 2308 have them", () => {
    const records = read(`$TTL 1h
@       IN 600 A 192.0.2.1 ; a comment
        A 192.0.2.2
www     CNAME @
$ORIGIN deep.example.dns.
a\\.b   30 IN TXT ( "one; two"
             "three" )
MAIL    MX 10 mx.example.org.
`);
    expect(records.map((record) => formatRecord(record))).to.deep.equal([
      "example.dns. 600 IN A 192.0.2.1",
      "example.dns. 3600 IN A 192.0.2.2",
      "www.example.dns. 3600 IN CNAME example.dns.",
      'a\\.b.deep.example.dns. 30 IN TXT "one; two" "three"',
      "mail.deep.example.dns. 3600 IN MX 10 mx.example.org.",
    ]);
  });

  it("makes the same bytes as another encoder for the types it knows", () => {
    const cases: [string, Answer][] = [
      ["A 192.0.2.1", { type: "A", name: ".", data: "192.0.2.1" }],
      ["AAAA 2001:DB8::ff:0:1", { type: "AAAA", name: ".", data: "2001:db8::ff:0:1" }],
      ["CNAME www", { type: "CNAME", name: ".", data: "www.example.dns" }],
      ["PTR Host.Example.ORG.", { type: "PTR", name: ".", data: "host.example.org" }],
      ["MX 5 mail", { type: "MX", name: ".", data: { preference: 5, exchange: "mail.example.dns" } }],
      ['TXT "a b" c\\065d', { type: "TXT", name: ".", data: ["a b", "cAd"] }],
      [
        "SRV 1 2 443 @",
        { type: "SRV", name: ".", data: { priority: 1, weight: 2, port: 443, target: "example.dns" } },
      ],
      [
        'CAA 128 issue "ca.example.net"',
        {
          type: "CAA",
          name: ".",
          data: { flags: 128, tag: "issue", value: "ca.example.net", issuerCritical: true },
        },
      ],
      [
        "TLSA 3 1 1 00ff AB",
        {
          type: "TLSA",
          name: ".",
          data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from("00ffab", "hex") },
        },
      ],
      [
        "SSHFP 4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789",
        {
          type: "SSHFP",
          name: ".",
          data: {
            algorithm: 4,
            hash: 2,
            fingerprint: "123456789abcdef67890123456789abcdef67890123456789abcdef123456789",
          },
        },
      ],
      [
        'NAPTR 10 20 "u" "SIP+D2U" "!^.*$!sip:a@b!" .',
        {
          type: "NAPTR",
          name: ".",
          data: {
            order: 10,
            preference: 20,
            flags: "u",
            services: "SIP+D2U",
            regexp: "!^.*$!sip:a@b!",
            replacement: ".",
          },
        },
      ],
    ];
    for (const [text, expected] of cases) {
      // Before the data of the only record stand a header of 12 bytes, its owner, the root, and 10 more.
      expect(toHex(one(`@ ${text}`).data), text).to.equal(
        encode({ type: "response", answers: [expected] })
          .subarray(23)
          .toString("hex"),
      );
    }
  });

  it("makes the bytes of RFC 9460, appendix D.2", () => {
    const cases: [string, string][] = [
      ["HTTPS 0 foo.example.com.", "000003666f6f076578616d706c6503636f6d00"],
      ["SVCB 1 .", "000100"],
      ["SVCB 16 foo.example.com. port=53", "001003666f6f076578616d706c6503636f6d00000300020035"],
      ["SVCB 1 foo.example.com. key667=hello", "000103666f6f076578616d706c6503636f6d00029b000568656c6c6f"],
      [
        'SVCB 1 foo.example.com. key667="hello\\210qoo"',
        "000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f",
      ],
      [
        'SVCB 1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
        "000103666f6f076578616d706c6503636f6d000006002020010db800000000000000000000000120010db8000000000000000000530001",
      ],
      [
        "SVCB 16 foo.example.org. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)",
        "001003666f6f076578616d706c65036f7267000000000400010004000100090268320568332d313900040004c0000201",
      ],
      [
        'SVCB 16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
        "001003666f6f076578616d706c65036f726700000100 0c08665c6f6f2c626172026832".replace(" ", ""),
      ],
    ];
    for (const [text, hex] of cases) {
      const { data, type } = one(`@ ${text}`);
      expect(toHex(data), text).to.equal(hex);
      expect(toHex(one(`@ TYPE${type} ${formatData(type, data)}`).data), text).to.equal(hex);
    }
  });

  it("skips what is the zone's own and says so", () => {
    const { records, skipped } = parseZone(
      "@ SOA ns. me. 1 2 3 4 5\n@ NS ns.example.net.\n@ A 192.0.2.1\n@ RRSIG whatever\n",
      ORIGIN,
    );
    expect(records).to.have.length(1);
    expect(skipped).to.deep.equal([
      { line: 1, type: "SOA" },
      { line: 2, type: "NS" },
      { line: 4, type: "RRSIG" },
    ]);
  });

  const wrong: [string, string, RegExp][] = [
    ["an address that is none", "@ A 192.0.2.256", /^1: 192\.0\.2\.256 is no IPv4/],
    ["two lines at once", "@ A 192.0.2.1\n\n@ AAAA 1::2::3", /^3: 1::2::3 is no IPv6/],
    ["data that is missing", "@ MX 10", /^1: a name is missing/],
    ["data too much", "@ A 192.0.2.1 192.0.2.2", /^1: A has more data/],
    ["a type no route holds", "@ DNAME x", /^1: a route can't hold type DNAME/],
    ["words that are no record", "this is nonsense", /^1: a route can't hold type IS/],
    ["a delegation below the name", "sub NS ns.example.net.", /^1: a route can't delegate/],
    ["another class", "@ CH A 192.0.2.1", /^1: class CH/],
    ["a parenthesis never closed", "@ A 192.0.2.1\n@ TXT ( a\nb", /^2: a parenthesis is never closed/],
    ["a quotation mark never closed", '@ TXT "a\n', /^1: a quotation mark/],
    ["a text of 256 bytes", `@ TXT ${"x".repeat(256)}`, /^1: a text has at most 255/],
    ["a label of 64 bytes", `${"x".repeat(64)} A 192.0.2.1`, /^1: .*a label has 1 to 63/],
    ["letters beyond ASCII in a name", "bücher A 192.0.2.1", /^1: bücher: write the A-label/],
    ["an include", "$INCLUDE /etc/passwd", /^1: \$INCLUDE is not taken/],
    ["no owner to inherit", " A 192.0.2.1", /^1: the first record names no owner/],
    ["a parameter twice", "@ HTTPS 1 . port=1 port=2", /^1: port stands twice/],
    ["generic data of another length", "@ TYPE1 \\# 4 c00002", /^1: \\# 4 is followed by 3/],
  ];
  for (const [what, text, expected] of wrong) {
    it(`refuses ${what}, naming the line`, () => expect(problemOf(text)).to.match(expected));
  }

  it("reads back whatever it writes, also bytes that are no data of their type", () => {
    const label = fc
      .uint8Array({ minLength: 1, maxLength: 20 })
      .map((bytes) => bytes.map((byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte)));
    const owner = fc
      .array(label, { maxLength: 4 })
      .map((labels) => Uint8Array.from([...labels.flatMap((one) => [one.length, ...one]), ...ORIGIN]));
    const record = fc.record({
      owner,
      type: fc.constantFrom(...RECORD_TYPES.map((name) => typeNumber(name) as number)),
      ttl: fc.integer({ min: 0, max: 86_400 }),
      data: fc.uint8Array({ maxLength: 80 }),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        // Names in data are written in lower case, so a first pass settles them.
        const settled = read(formatZone(records, ORIGIN));
        expect(settled.map(({ owner, type, ttl }) => ({ owner, type, ttl }))).to.deep.equal(
          records.map(({ owner, type, ttl }) => ({ owner, type, ttl })),
        );
        expect(settled.map(({ data }) => toHex(data).length)).to.deep.equal(
          records.map(({ data }) => 2 * data.length),
        );
        expect(read(formatZone(settled, ORIGIN))).to.deep.equal(settled);
      }),
      { numRuns: 300 },
    );
  });

  it("never fails but with zone-syntax, whatever it is given", () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        "@",
        "IN",
        "A",
        "TXT",
        "HTTPS",
        "(",
        ")",
        '"',
        "\\",
        "\n",
        "\n ",
        ";",
        "$TTL",
        "1h",
        "alpn=",
        "\\#",
      ),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        problemOf(words.join(" "));
      }),
      { numRuns: 1_000 },
    );
  });
});
