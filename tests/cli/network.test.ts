import { createSocket, type Socket } from "node:dgram";
import { createStack, findNetwork, type Stack } from "@tolldns/cli";
import { type FixtureInternet, startFixtureInternet } from "@tolldns/cli/fixture-internet";
import { expect } from "chai";
import { decode, encode } from "dns-packet";

describe("where names come from", () => {
  let stack: Stack;
  let world: FixtureInternet;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    stack = createStack();
    world = stack.add("world", await startFixtureInternet());
  });
  afterEach(async () => {
    await stack.close();
    for (const socket of sockets.splice(0)) socket.close();
  });

  /** The machine's resolver of a closed network, as a fixture: says NXDOMAIN to everything, or nothing at all. */
  const startClosed = (silent: boolean) =>
    new Promise<string>((resolve) => {
      const socket = createSocket("udp4");
      sockets.push(socket);
      socket.on("message", (message, from) => {
        if (silent) return;
        const { id, questions } = decode(message);
        socket.send(
          encode({ type: "response", id: id ?? 0, flags: 0x8183 & 0x7fff, questions: questions ?? [] }),
          from.port,
          from.address,
        );
      });
      socket.bind(0, "127.0.0.1", () => resolve(`127.0.0.1:${socket.address().port}`));
    });

  it("are the machine's resolvers when they know names", async () => {
    const network = await findNetwork("auto", undefined, stack, [`127.0.0.1:${world.resolver.port}`]);
    expect(network.kind).to.equal("real");
    expect(network.upstreams).to.deep.equal([{ kind: "udp", host: "127.0.0.1", port: world.resolver.port }]);
    expect(network.freeUpstreams).to.deep.equal([`udp://127.0.0.1:${world.resolver.port}`]);
  });

  it("are only those of the machine's resolvers that work", async () => {
    const machine = [await startClosed(false), `127.0.0.1:${world.resolver.port}`];
    const network = await findNetwork("auto", undefined, stack, machine);
    expect(network.kind).to.equal("real");
    expect(network.freeUpstreams).to.deep.equal([`udp://127.0.0.1:${world.resolver.port}`]);
  });

  for (const [what, silent] of [
    ["deny every name", false],
    ["don't answer", true],
  ] as const) {
    it(`are the fixture internet, and it says why, when the machine's resolvers ${what}`, async () => {
      const network = await findNetwork("auto", undefined, stack, [await startClosed(silent)]);
      expect(network.kind).to.equal("fixture");
      expect(network.note).to.include("because the network is closed here");
      expect(network.privateNames).to.deep.equal(["welcome.test"]);
    });
  }

  it("are the upstreams that the user names, whatever the machine has", async () => {
    const network = await findNetwork("auto", ["tls://192.0.2.1:8853#dns.example.net"], stack);
    expect(network.upstreams).to.deep.equal([
      { kind: "dot", host: "192.0.2.1", port: 8853, name: "dns.example.net" },
    ]);
  });
});
