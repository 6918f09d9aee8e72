import { toHex } from "@tolldns/sdk";
import { wireName } from "@tolldns/sdk/names";
import { canonicalizeRecords, createAnswerer, parseRecords, type RouteAnswer } from "@tolldns/sdk/routes";
import { formatName, parseZone, typeName, typeNumber } from "@tolldns/sdk/zone";
import { expect } from "chai";
import fc from "fast-check";

const ZONE = wireName("example");

/** Asks a zone in text; answers the outcome and, in short, owner and type of each record. */
function asker(text: string) {
  const answer = createAnswerer(
    parseRecords(canonicalizeRecords(parseZone(text, ZONE).records, ZONE), ZONE),
    ZONE,
  );
  return (name: string, type: string): string => shown(answer(wire(name), typeNumber(type) ?? 255));
}

function shown({ outcome, records, target }: RouteAnswer): string {
  const parts = records.map(({ owner, type }) => `${formatName(owner, ZONE)} ${typeName(type)}`);
  return [outcome, ...parts, ...(target === undefined ? [] : [`-> ${formatName(target)}`])].join(", ");
}

function wire(name: string): Uint8Array {
  const labels = name === "@" ? [] : name.replace(/\.$/, "").split(".");
  const tail = name.endsWith(".") ? Uint8Array.of(0) : ZONE;
  return Uint8Array.from([...labels.flatMap((one) => [one.length, ...Buffer.from(one, "latin1")]), ...tail]);
}

describe("DNS answers from a record set", () => {
  // The zone of RFC 4592, section 2.2.1, without what a route can't hold.
  const ask = asker(`
*                3600 TXT "this is a wildcard"
*                3600 MX  10 host1
sub.*            3600 TXT "this is not a wildcard"
host1            3600 A   192.0.2.1
_ssh._tcp.host1  3600 SRV 0 0 22 host1
_ssh._tcp.host2  3600 SRV 0 0 22 host2
`);
  const rfc4592: readonly [string, string, string][] = [
    ["host3", "MX", "answer, host3 MX"],
    ["host3", "A", "nodata"],
    ["foo.bar", "TXT", "answer, foo.bar TXT"],
    ["host1", "MX", "nodata"],
    ["sub.*", "MX", "nodata"],
    ["_telnet._tcp.host1", "SRV", "nxdomain"],
    ["ghost.*", "MX", "nxdomain"],
    ["_tcp.host2", "SRV", "nodata"],
    ["*", "MX", "answer, * MX"],
  ];
  for (const [name, type, expected] of rfc4592)
    it(`answers ${name} ${type} as RFC 4592 does: ${expected}`, () =>
      expect(ask(name, type)).to.equal(expected));

  it("follows CNAMEs within the set, through wildcards too, and says where they leave it", () => {
    const chain = asker(
      "a 60 CNAME b\nb 60 CNAME c.w\n*.w 60 CNAME d\nd 60 A 192.0.2.1\nout 60 CNAME a.example.net.",
    );
    expect(chain("a", "A")).to.equal("answer, a CNAME, b CNAME, c.w CNAME, d A");
    expect(chain("a", "CNAME")).to.equal("answer, a CNAME");
    expect(chain("a", "MX")).to.equal("nodata, a CNAME, b CNAME, c.w CNAME");
    expect(chain("out", "A")).to.equal("answer, out CNAME, -> a.example.net.");
  });

  it("says NXDOMAIN of where a chain of CNAMEs ends, and ends one that goes round", () => {
    const chain = asker(
      "a 60 CNAME missing\none 60 CNAME two\ntwo 60 CNAME three\nthree 60 CNAME one\nself 60 CNAME self",
    );
    expect(chain("a", "A")).to.equal("nxdomain, a CNAME");
    expect(chain("one", "A")).to.equal("loop, one CNAME, two CNAME, three CNAME");
    expect(chain("self", "A")).to.equal("loop, self CNAME");
  });

  it("answers all of a type, whatever the case of the question, and everything to ANY", () => {
    const all = asker("@ 60 A 192.0.2.1\n@ 60 A 192.0.2.2\n@ 60 TXT x\na 60 CNAME @");
    expect(all("@", "A")).to.equal("answer, @ A, @ A");
    expect(all("@", "ANY")).to.equal("answer, @ A, @ A, @ TXT");
    expect(all("A", "A")).to.equal("answer, a CNAME, @ A, @ A");
    expect(all("a", "ANY")).to.equal("answer, a CNAME");
  });

  it("knows no name in an empty set, not even the name itself, and nothing of other names", () => {
    const none = asker("");
    expect(none("@", "A")).to.equal("nxdomain");
    expect(none("a.b", "A")).to.equal("nxdomain");
    for (const name of ["example.net.", "xexample.dns.", "dns.", "."]) {
      expect(none(name, "A")).to.equal("outside");
      expect(ask(name, "A")).to.equal("outside");
    }
  });

  it("agrees with a server that looks at every record for every question", () => {
    const label = fc.constantFrom("a", "b", "*", "c");
    const owner = fc.array(label, { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(owner, fc.constantFrom("A", "TXT")), { maxLength: 6, selector: String }),
        owner,
        fc.constantFrom("A", "TXT", "MX"),
        (rows, asked, type) => {
          const name = (labels: readonly string[]) => labels.join(".") || "@";
          const text = rows.map(
            ([labels, kind]) => `${name(labels)} 60 ${kind} ${kind === "A" ? "192.0.2.1" : "x"}`,
          );
          expect(asker(text.join("\n"))(name(asked), type).split(",")[0]).to.equal(
            plainly(rows, asked, type),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives owners as they were asked for and data untouched", () => {
    const text = "*.w 60 TXT wild";
    const answer = createAnswerer(
      parseRecords(canonicalizeRecords(parseZone(text, ZONE).records, ZONE), ZONE),
      ZONE,
    );
    const [record] = answer(wire("X.W"), 16).records;
    expect(toHex(record?.owner ?? new Uint8Array())).to.equal(toHex(wire("x.w")));
    expect(record?.ttl).to.equal(60);
    expect(Buffer.from(record?.data ?? []).toString("latin1")).to.equal("\x04wild");
  });
});

/** The outcome by RFC 4592's definitions, word for word. */
function plainly(
  rows: readonly (readonly [readonly string[], string])[],
  asked: readonly string[],
  type: string,
): string {
  const isBelow = (one: readonly string[], above: readonly string[]) =>
    one.length >= above.length && above.every((label, i) => one[one.length - above.length + i] === label);
  const exists = (labels: readonly string[]) => rows.some(([owner]) => isBelow(owner, labels));
  const at = (labels: readonly string[]) => {
    const types = rows.filter(([owner]) => owner.join(".") === labels.join(".")).map(([, kind]) => kind);
    return types.includes(type) ? "answer" : "nodata";
  };
  if (exists(asked)) return at(asked);
  let encloser = asked.slice(1);
  while (encloser.length > 0 && !exists(encloser)) encloser = encloser.slice(1);
  const source = ["*", ...encloser];
  return exists(source) ? at(source) : "nxdomain";
}
