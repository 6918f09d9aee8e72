import {
  type FreeDiscovery,
  formatDiscovery,
  MAX_AMOUNT,
  parseDiscovery,
  type TollDiscovery,
} from "@tolldns/sdk";
import { expect } from "chai";
import { codeOf } from "./support/errors.ts";

const discovery: TollDiscovery = {
  charges: true,
  protocol: 1,
  operator: new Uint8Array(32).fill(1),
  ledger: new Uint8Array(32).fill(2),
  escrow: new Uint8Array(32).fill(3),
  genesis: new Uint8Array(32).fill(4),
  tickPrice: 15n,
  classes: { standard: 1, large: 3 },
  k: 32,
  t: 10,
  maxUnits: 65_536,
  expiryDays: { min: 2, max: 60 },
  minReserve: 1_000n,
  free: false,
  dohPath: "/dns-query",
  dotPort: 853,
  udpPort: 53,
};
const wire = () => JSON.parse(JSON.stringify(formatDiscovery(discovery))) as Record<string, unknown>;

describe("discovery document", () => {
  it("comes back from its JSON as it was, unknown fields ignored", () => {
    expect(parseDiscovery(wire())).to.deep.equal(discovery);
    expect(parseDiscovery({ ...wire(), later: true })).to.deep.equal(discovery);
  });

  it("of a gateway that charges nothing has no terms, and comes back without", () => {
    const free: FreeDiscovery = {
      protocol: 1,
      charges: false,
      free: true,
      dohPath: "/dns-query",
      dotPort: 853,
      udpPort: 0,
    };
    const json = JSON.parse(JSON.stringify(formatDiscovery(free)));
    expect(Object.keys(json)).to.have.members(["protocol", "free", "doh_path", "dot_port", "udp_port"]);
    expect(parseDiscovery(json)).to.deep.equal(free);
    for (const field of ["free", "doh_path", "dot_port", "udp_port"])
      expect(() => parseDiscovery({ ...json, [field]: undefined })).to.throw(field);
  });

  it("is refused without terms when unpaid queries aren't served either", () => {
    const json = { protocol: 1, free: false, doh_path: "/dns-query", dot_port: 853, udp_port: 53 };
    expect(() => parseDiscovery(json)).to.throw("free");
  });

  it("is refused with some of the terms, so that a price can't be dropped on the way", () => {
    const { protocol, doh_path, dot_port, udp_port, ...terms } = wire();
    for (const [field, value] of Object.entries(terms).filter(([name]) => name !== "free")) {
      const some = { protocol, free: true, doh_path, dot_port, udp_port, [field]: value };
      expect(
        codeOf(() => parseDiscovery(some)),
        field,
      ).to.equal("discovery-field");
    }
  });

  for (const field of Object.keys(wire()).filter((name) => name !== "protocol"))
    it(`is refused without ${field} and names it`, () => {
      const { [field]: _, ...rest } = wire();
      expect(codeOf(() => parseDiscovery(rest))).to.equal("discovery-field");
      expect(() => parseDiscovery(rest)).to.throw(field);
    });

  for (const [field, bad] of [
    ["operator", "not base58 0OIl"],
    ["ledger", "11111"],
    ["tick_price", 15],
    ["tick_price", "-1"],
    ["tick_price", "015"],
    ["tick_price", (MAX_AMOUNT + 1n).toString()],
    ["min_reserve", "1.5"],
    ["classes", { large: 3 }],
    ["classes", { standard: 0 }],
    ["classes", { standard: 65 }],
    ["classes", { standard: 1, "Bad Name": 1 }],
    ["classes", []],
    ["k", -1],
    ["t", 1.5],
    ["max_units", 0],
    ["expiry_days", { min: 5, max: 4 }],
    ["expiry_days", null],
    ["free", "yes"],
    ["doh_path", "dns-query"],
    ["doh_path", "/with space"],
    ["dot_port", 65_536],
    ["udp_port", "53"],
  ] as const)
    it(`refuses ${field} = ${JSON.stringify(bad)}`, () => {
      expect(codeOf(() => parseDiscovery({ ...wire(), [field]: bad }))).to.equal("discovery-field");
    });

  it("refuses another protocol version and what is no object", () => {
    expect(codeOf(() => parseDiscovery({ ...wire(), protocol: 2 }))).to.equal("discovery-protocol");
    for (const bad of [null, undefined, "x", 1, [], true])
      expect(codeOf(() => parseDiscovery(bad))).to.equal("discovery-field");
  });

  it("takes no class from the prototype", () => {
    const classes = JSON.parse('{"standard":1,"__proto__":{"x":1}}');
    expect(codeOf(() => parseDiscovery({ ...wire(), classes }))).to.equal("discovery-field");
  });
});
