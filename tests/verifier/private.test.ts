import { parseTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { isPrivateTarget } from "../../keepers/src/verifier/private.ts";

describe("targets at addresses that only this network reaches", () => {
  const backend = (host: string) => isPrivateTarget(parseTarget("backend", `udp://${host}:53`));
  const gateway = (host: string) => isPrivateTarget(parseTarget("gateway", `https://${host}:8443`));

  for (const host of [
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9", "169.254.1.1"],
    ...[
      "172.16.0.1",
      "172.31.255.255",
      "192.168.1.1",
      "[::]",
      "[::1]",
      "[fc00::1]",
      "[fdff::1]",
      "[fe80::1]",
    ],
    ...["[::ffff:a00:1]", "[::ffff:7f00:1]"],
  ])
    it(`knows ${host} for one`, () => {
      expect([backend(host), gateway(host)]).to.deep.equal([true, true]);
    });

  for (const host of [
    ...["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"],
    ...["172.15.255.255", "172.32.0.0", "192.167.0.1", "[2620:fe::fe]", "[fec0::1]", "[::ffff:909:909]"],
  ])
    it(`takes ${host} for public`, () => {
      expect([backend(host), gateway(host)]).to.deep.equal([false, false]);
    });

  it("goes by the name of a gateway that has one", () => {
    expect(["localhost", "dns.localhost", "dns.example.org"].map(gateway)).to.deep.equal([true, true, false]);
  });
});
