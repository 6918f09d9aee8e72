import { wireName } from "@tolldns/sdk/names";
import { canonicalizeRecords } from "@tolldns/sdk/routes";
import { formatRecord, parseZone, typeNumber, type ZoneRecord } from "@tolldns/sdk/zone";
import { expect } from "chai";
import {
  addRecord,
  parseOne,
  parseOwner,
  parseRecords,
  removeRecords,
  replaceRecords,
} from "../../clients/cli/src/names/edit.ts";

const ZONE = wireName("example");
const zone = (text: string): readonly ZoneRecord[] => parseZone(text, ZONE).records;
const shown = (records: readonly ZoneRecord[]) => records.map((one) => formatRecord(one, ZONE));
const one = (name: string, type: string, ...data: string[]) => parseOne(parseOwner(name), type, data, 300);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return String((error as { code?: unknown }).code);
  }
  return "";
};

describe("records on the command line", () => {
  it("takes a full name apart into the registered one and what is below it", () => {
    expect(parseOwner("example.dns")).to.deep.equal({ label: "example", relative: "@" });
    expect(parseOwner("WWW.Example.dns.")).to.deep.equal({ label: "example", relative: "www" });
    expect(parseOwner("*.cdn.bücher")).to.deep.equal({ label: "xn--bcher-kva", relative: "*.cdn" });
    expect(parseOwner("_dmarc.example.dns")).to.deep.equal({ label: "example", relative: "_dmarc" });
    expect(codeOf(() => parseOwner("-.dns"))).to.equal("label-invalid");
  });

  it("reads a record whose quotation marks the shell took off", () => {
    expect(shown([one("example.dns", "txt", "hello there; you (all)")])).to.deep.equal([
      '@ 300 IN TXT "hello there; you (all)"',
    ]);
    expect(shown([one("example.dns", "TXT", "a b", "c")])).to.deep.equal(['@ 300 IN TXT "a b" "c"']);
    expect(shown([one("www.example.dns", "MX", "10", "mail")])).to.deep.equal([
      "www 300 IN MX 10 mail.example.dns.",
    ]);
  });

  it("refuses what no route holds, and data of another type", () => {
    expect(codeOf(() => one("example.dns", "NS", "ns.example.org."))).to.equal("records-invalid");
    expect(codeOf(() => one("example.dns", "A", "2001:db8::1"))).to.equal("records-invalid");
    expect(codeOf(() => one("example.dns", "A"))).to.equal("records-invalid");
    expect(codeOf(() => parseRecords("@ A 192.0.2.1\n@ A nonsense", "example"))).to.equal("records-invalid");
  });

  it("never takes a second line out of a record's data", () => {
    expect(codeOf(() => one("example.dns", "A", "192.0.2.1\n@ 300 IN A 192.0.2.2"))).to.equal(
      "records-invalid",
    );
  });

  it("replaces the records of an owner and type, and leaves the others", () => {
    const before = zone("@ A 192.0.2.1\n@ A 192.0.2.2\n@ TXT x\nwww A 192.0.2.3");
    expect(shown(replaceRecords(before, [one("example.dns", "A", "192.0.2.9")]))).to.deep.equal([
      '@ 300 IN TXT "x"',
      "www 300 IN A 192.0.2.3",
      "@ 300 IN A 192.0.2.9",
    ]);
  });

  it("puts an address in place of a CNAME, and a CNAME in place of all", () => {
    const before = zone("www CNAME @\n@ A 192.0.2.1\n@ TXT x");
    const after = replaceRecords(before, [one("www.example.dns", "A", "192.0.2.9")]);
    expect(shown(after)).to.deep.equal([
      "@ 300 IN A 192.0.2.1",
      '@ 300 IN TXT "x"',
      "www 300 IN A 192.0.2.9",
    ]);
    expect(shown(replaceRecords(after, [one("www.example.dns", "CNAME", "@")])).at(-1)).to.equal(
      "www 300 IN CNAME example.dns.",
    );
    expect(() => canonicalizeRecords(after, ZONE)).to.not.throw();
  });

  it("adds one with its TTL for all of its kind, as record sets must have it, and none twice", () => {
    const before = zone("@ 60 A 192.0.2.1\n@ 60 TXT x");
    const once = addRecord(before, one("example.dns", "A", "192.0.2.2"));
    expect(shown(once)).to.deep.equal(["@ 300 IN A 192.0.2.1", '@ 60 IN TXT "x"', "@ 300 IN A 192.0.2.2"]);
    expect(addRecord(once, one("example.dns", "A", "192.0.2.2"))).to.have.length(3);
    expect(() => canonicalizeRecords(once, ZONE)).to.not.throw();
  });

  it("removes an owner, a type or one record, and says when there is nothing to remove", () => {
    const before = zone("@ A 192.0.2.1\n@ A 192.0.2.2\n@ TXT x\nwww A 192.0.2.3");
    const [first] = before as [ZoneRecord];
    const a = typeNumber("A") as number;
    expect(removeRecords(before, ZONE)).to.have.length(1);
    expect(removeRecords(before, ZONE, a)).to.have.length(2);
    expect(removeRecords(before, ZONE, a, first.data)).to.have.length(3);
    expect(codeOf(() => removeRecords(before, wireName("other")))).to.equal("records-invalid");
  });
});
