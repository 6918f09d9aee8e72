import { expect } from "chai";
import { TABLE, type Values } from "../../clients/cli/src/config/table.ts";
import { type GatewaySettings, gatewayOptions } from "../../clients/cli/src/roles/gateway.ts";
import { parseUpstream } from "../../clients/cli/src/roles/upstreams.ts";

/** Every default of a gateway, with changes. */
function settings(changes: Partial<Values<typeof TABLE.gateway>>): GatewaySettings {
  const defaults = Object.entries(TABLE.gateway).map(([name, { default: value }]) => [name, value]);
  return { ...Object.fromEntries(defaults), ...changes } as GatewaySettings;
}
const codeOf = (run: () => unknown): string => {
  try {
    run();
    return "taken";
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("settings of a gateway's upstreams", () => {
  it("name operator and quota after the address, in any order", () => {
    expect(parseUpstream("udp://192.0.2.1")).to.deep.equal({ kind: "udp", host: "192.0.2.1" });
    expect(parseUpstream("udp://192.0.2.1:5353;per-day=1000;operator=one;per-second=20")).to.deep.equal({
      kind: "udp",
      host: "192.0.2.1",
      port: 5353,
      operator: "one",
      quota: { perSecond: 20, perDay: 1000 },
    });
    expect(parseUpstream("tls://192.0.2.1#dns.example;operator=two")).to.deep.equal({
      kind: "dot",
      host: "192.0.2.1",
      name: "dns.example",
      operator: "two",
    });
    expect(parseUpstream("https://dns.example/q#192.0.2.1;per-day=5")).to.deep.equal({
      kind: "doh",
      url: "https://dns.example/q",
      host: "192.0.2.1",
      quota: { perDay: 5 },
    });
  });

  it("refuse what is none", () => {
    for (const wrong of [
      "udp://192.0.2.1;",
      "udp://192.0.2.1;perday=5",
      "udp://192.0.2.1;per-day=0",
      "udp://192.0.2.1;per-day=1e9",
      "udp://192.0.2.1;per-day=5;per-day=6",
      "udp://192.0.2.1;operator=",
      "udp://dns.example;operator=one",
    ])
      expect(
        codeOf(() => parseUpstream(wrong)),
        wrong,
      ).to.equal("option-invalid");
  });

  it("make fallback and confirmation", () => {
    const { fallback, confirm, router } = gatewayOptions(
      settings({
        confirmAsk: 3,
        confirmAgree: 2,
        confirmPercent: 25,
        fallbackQuorum: ["udp://192.0.2.1", "udp://192.0.2.2", "udp://192.0.2.3"],
        fallbackCentral: ["tls://192.0.2.9#big.example"],
        canaryNames: ["example.org"],
        compareAnswers: false,
      }),
      "/data",
    );
    expect(confirm).to.deep.equal({ ask: 3, agree: 2, share: 0.25 });
    expect(fallback?.quorum).to.deep.include({ ask: 3, agree: 2 });
    expect(fallback?.quorum?.upstreams.length).to.equal(3);
    expect(fallback?.central).to.deep.equal([{ kind: "dot", host: "192.0.2.9", name: "big.example" }]);
    expect(router?.canary).to.deep.equal({ compare: false, names: ["example.org"] });
  });

  it("are no fallback and no confirmation where none are named", () => {
    const options = gatewayOptions(settings({}), "/data");
    expect(options).not.to.have.property("confirm");
    expect(options.fallback).to.deep.equal({});
  });

  it("refuse what can't be agreed on", () => {
    const two = ["udp://192.0.2.1", "udp://192.0.2.2"];
    for (const wrong of [
      { confirmAsk: 2 },
      { confirmAgree: 2 },
      { confirmAsk: 2, confirmAgree: 3 },
      { fallbackQuorum: two, fallbackAsk: 3 },
      { fallbackQuorum: two, fallbackAgree: 3 },
    ])
      expect(
        codeOf(() => gatewayOptions(settings(wrong), "/data")),
        JSON.stringify(wrong),
      ).to.equal("option-invalid");
  });
});
