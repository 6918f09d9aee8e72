import { questionFor, readMessage, TYPE } from "@tolldns/dns";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import { DISCOVERY_PATH, parseDiscovery, SESSION_PATH } from "@tolldns/sdk";
import { expect } from "chai";
import { temporaryFolder } from "./support/booths.ts";
import { askDoh, clientOf, httpClientOf, read } from "./support/gateways.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "./support/upstream.ts";

describe("a gateway that charges nothing", function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let upstream: FixtureUpstream;
  let gateway: RunningGateway;

  before(async () => {
    upstream = await startUpstream(alwaysA("192.0.2.7"));
    gateway = await startGateway({
      listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
      certificate: { kind: "development", folder: folder.path },
      upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
      log: { level: "error" },
    });
  });
  after(async () => {
    await gateway?.close();
    await upstream?.close();
    folder.remove();
  });

  const expected = () => ({
    protocol: 1,
    charges: false,
    free: true,
    dohPath: "/dns-query",
    dotPort: gateway.addresses.dot?.port,
    udpPort: gateway.addresses.udp?.port,
  });

  it("publishes a document without terms, takes no payment and answers", async () => {
    const client = httpClientOf(gateway);
    try {
      const said = await client.send(DISCOVERY_PATH);
      expect(parseDiscovery(JSON.parse(said.body.toString()))).to.deep.equal(expected());
      expect((await client.send(SESSION_PATH, { body: new Uint8Array(227) })).status).to.equal(404);
      expect(read((await askDoh(client, "free.example")).body)).to.include({ rcode: 0, answers: 1 });
    } finally {
      client.close();
    }
  });

  it("publishes the same as TXT", async () => {
    const client = clientOf(gateway, "tcp");
    try {
      const answer = readMessage(await client.ask(questionFor("toll.tolldns", TYPE.TXT, { class: 3 })));
      const data = Buffer.from(answer.answers[0]?.data ?? []);
      let json = "";
      for (let at = 0; at < data.length; at += 1 + (data[at] as number))
        json += data.subarray(at + 1, at + 1 + (data[at] as number)).toString();
      expect(parseDiscovery(JSON.parse(json))).to.deep.equal(expected());
    } finally {
      await client.close();
    }
  });
});
