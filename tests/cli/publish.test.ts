import { createServer, type Server } from "node:http";
import { PROGRAMS } from "@tolldns/migrations";
import { fromBase64Url, toBase64Url } from "@tolldns/sdk";
import { hashName, wireName } from "@tolldns/sdk/names";
import { decodeQuorumConfig, deriveQuorumConfig, QUORUM_PROGRAM_ID } from "@tolldns/sdk/quorum";
import { hashRecords, hashUpdate, parseRecords, verifyUpdate } from "@tolldns/sdk/routes";
import { formatRecord } from "@tolldns/sdk/zone";
import { expect } from "chai";
import { createRpc } from "../../clients/cli/src/wallet/rpc.ts";
import { type CliRig, startCliRig } from "./rig.ts";

/** What `POST /v1/updates` is sent. */
interface Sent {
  readonly name: string;
  readonly generation: number;
  readonly version: number;
  readonly expiresAt: number;
  readonly records: string;
  readonly signer: string;
  readonly signature: string;
}

describe("publishing records from the command line", function () {
  this.timeout(180_000);
  let rig: CliRig;
  let feed: Server;
  let domain = new Uint8Array();
  let delegate = "";
  /** The feed's next answer is a refusal with these words. */
  let refusal: string | null = null;
  const sent: Sent[] = [];

  before(async () => {
    // A fixture: no epoch is final on this chain, so all a feed is asked is to take updates.
    feed = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (part: string) => {
        body += part;
      });
      request.on("end", () => {
        response.setHeader("content-type", "application/json");
        if (refusal !== null) {
          response.writeHead(422);
          response.end(JSON.stringify({ code: "update-refused", message: refusal, hint: "Sign another." }));
          return;
        }
        sent.push(JSON.parse(body));
        response.writeHead(202);
        response.end(JSON.stringify({ updateHash: toBase64Url(new Uint8Array(32)) }));
      });
    });
    await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
    const { port } = feed.address() as { port: number };
    rig = await startCliRig({ programs: PROGRAMS }, `feeds = ["http://127.0.0.1:${port}"]\n`);
    await rig.fund("alice");
    delegate = await rig.fund("bob");
    await rig.ok("alice", "name", "register", "example.dns");
    const account = await createRpc(rig.chain.rpcUrl).readAccount(
      deriveQuorumConfig(QUORUM_PROGRAM_ID).address,
    );
    domain = new Uint8Array(decodeQuorumConfig(account?.data ?? new Uint8Array()).domain);
  });
  after(async () => {
    await rig?.close();
    feed?.close();
  });

  const last = (): Sent => sent.at(-1) ?? expect.fail("nothing was sent");
  const recordsOf = ({ records }: Sent) =>
    parseRecords(fromBase64Url(records), wireName("example")).map((one) =>
      formatRecord(one, wireName("example")),
    );

  it("signs the whole record set for this name, registration, version and cluster", async () => {
    const told = await rig.ok("alice", "name", "set", "example.dns", "A", "192.0.2.1");
    const update = last();
    expect(update).to.include({ name: "example.dns", generation: 1, version: 1 });
    const signed = {
      update: {
        nameHash: hashName("example"),
        generation: 1,
        version: 1n,
        expiresAt: BigInt(update.expiresAt),
        recordsHash: hashRecords(fromBase64Url(update.records)),
      },
      signer: fromBase64Url(update.signer),
      signature: fromBase64Url(update.signature),
    };
    expect(verifyUpdate(signed, domain)).to.equal(true);
    expect(told).to.include({
      version: "1",
      updateHash: Buffer.from(hashUpdate(signed.update, domain)).toString("hex"),
    });
    expect(update.expiresAt).to.equal(Number((await rig.ok("alice", "name", "show", "example")).expiresAt));
  });

  it("builds on what was signed last, before that is final", async () => {
    await rig.ok("alice", "name", "add", "www.example.dns", "CNAME", "example.dns.");
    expect(last().version).to.equal(2);
    expect(recordsOf(last())).to.deep.equal(["@ 300 IN A 192.0.2.1", "www 300 IN CNAME example.dns."]);
    const { pending, version } = await rig.ok("alice", "name", "records", "example.dns");
    expect(version).to.equal(null);
    expect(pending.version).to.equal("2");
    expect(pending.records).to.have.length(2);
  });

  it("never builds on what a feed refused, and says why it was", async () => {
    refusal = "not today";
    const refused = await rig.refused("alice", "name", "set", "example.dns", "TXT", "unwanted");
    refusal = null;
    expect(refused).to.include({ code: "feed-refused", exit: 4, hint: "Sign another." });
    expect(refused.message).to.include("not today");
    await rig.ok("alice", "name", "remove", "www.example.dns");
    expect(recordsOf(last())).to.deep.equal(["@ 300 IN A 192.0.2.1"]);
    expect(last().version).to.equal(3);
  });

  it("refuses what no route can hold before anything is signed", async () => {
    const before = sent.length;
    await rig.ok("alice", "name", "set", "www.example.dns", "CNAME", "example.dns.");
    expect(await rig.refused("alice", "name", "add", "www.example.dns", "A", "192.0.2.2")).to.include({
      code: "records-invalid",
      exit: 2,
    });
    expect(sent.length).to.equal(before + 1);
  });

  it("takes a delegate's signature, and nobody else's", async () => {
    expect((await rig.refused("bob", "name", "set", "example.dns", "A", "192.0.2.9")).code).to.equal(
      "name-foreign",
    );
    await rig.ok("alice", "name", "delegate", "example.dns", delegate);
    await rig.ok("bob", "name", "set", "example.dns", "A", "192.0.2.9");
    expect(recordsOf(last())).to.include("@ 300 IN A 192.0.2.9");
    await rig.ok("alice", "name", "dismiss", "example.dns", delegate);
    expect((await rig.refused("bob", "name", "refresh", "example.dns")).code).to.equal("name-foreign");
  });

  it("posts on chain where it is told to, also with no feed in reach", async () => {
    const gone = "http://127.0.0.1:9";
    expect(
      await rig.refused("alice", "name", "set", "example.dns", "A", "192.0.2.4", "--feeds", gone),
    ).to.include({
      code: "feed-missing",
      exit: 3,
    });
    const posting = ["name", "set", "example.dns", "A", "192.0.2.5", "--on-chain", "--feeds", gone];
    const { version, feed: taken, signature } = await rig.ok("alice", ...posting);
    expect(taken).to.equal(null);
    expect(signature).to.be.a("string");
    const { posted } = await rig.ok("alice", "name", "show", "example.dns");
    expect(posted.version).to.equal(version);
  });

  it("says that a wait was in vain, and where the update stays", async () => {
    const late = await rig.refused("alice", "name", "refresh", "example.dns", "--wait", "--timeout", "1");
    expect(late).to.include({ code: "not-final", exit: 1 });
    expect(late.hint).to.include("--on-chain");
  });
});
