import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Signer, toBase64Url, toHex } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { sha256 } from "@tolldns/sdk/routes";
import { expect } from "chai";
import type { EpochFacts } from "../../keepers/src/quorum/facts.ts";
import { createEar, type VoteRules } from "../../keepers/src/quorum/hear.ts";
import type { Statement } from "../../keepers/src/quorum/plan.ts";
import { keyOf } from "../programs/world/keys.ts";

const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const RIGHT: Statement = { previousRoot: hash(6), root: hash(1), updatesRoot: hash(2), count: 3 };
const WRONG: Statement = { ...RIGHT, root: hash(4) };

/** Rules of the form the real ones have; tests/sdk holds those to their vectors. */
const RULES: VoteRules = {
  isVote: (witness, digest, signature) => verifyEd25519Node(witness, messageOf(digest), signature),
  digestOf: ({ number }, { previousRoot, root, updatesRoot, count }) =>
    sha256(Buffer.from([number, toHex(previousRoot), toHex(root), toHex(updatesRoot), count].join(" "))),
};
const messageOf = (digest: Uint8Array): Uint8Array => Buffer.concat([Buffer.from("tolldns vote\0"), digest]);

const members = [0, 1, 2].map((index) => keyOf(`epochs hear ${index}`));
const epoch = {
  number: 9n,
  seed: hash(5),
  previousRoot: hash(6),
  members: members.map(({ publicKey }, operator) => ({
    witness: publicKey,
    operator,
    weight: 1n,
    vote: null,
    struck: false,
    slashed: false,
  })),
} as unknown as EpochFacts;

const digestOf = (statement: Statement) => RULES.digestOf(epoch, statement);
function voteOf(member: Signer, statement: Statement, more: object = {}) {
  const digest = digestOf(statement);
  return {
    witness: toBase64Url(member.publicKey),
    digest: toBase64Url(digest),
    signature: toBase64Url(member.sign(messageOf(digest))),
    ...more,
  };
}
const told = ({ previousRoot, root, updatesRoot, count }: Statement) => ({
  digest: "",
  previousRoot: toBase64Url(previousRoot),
  root: toBase64Url(root),
  updatesRoot: toBase64Url(updatesRoot),
  count,
});

describe("votes read from witnesses", () => {
  const servers: Server[] = [];
  /** A fixture feed: answers `GET /v1/votes` with what it is given. */
  async function feed(answer: (epoch: string | null) => { status?: number; body: string }): Promise<string> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "", "http://feed");
      const { status = 200, body } =
        url.pathname === "/v1/votes" ? answer(url.searchParams.get("epoch")) : { status: 404, body: "" };
      response.writeHead(status, status === 302 ? { location: body } : {}).end(body);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const say = (body: object) => feed(() => ({ body: JSON.stringify(body) }));
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const [first, second, third] = members as [Signer, Signer, Signer];
  const listen = async (...urls: readonly string[]) => createEar(RULES, () => {}).listen(epoch, urls, 100n);

  it("are taken from several feeds, each once, with what their digest stands for", async () => {
    const [a, b] = [
      await say({ votes: [voteOf(first, RIGHT), voteOf(second, RIGHT)], statements: [told(RIGHT)] }),
      await say({ votes: [voteOf(second, RIGHT), voteOf(third, RIGHT)], statements: [told(RIGHT)] }),
    ];
    const heard = await listen(a, b);
    expect(heard.votes.map(({ member }) => member).sort()).to.deep.equal([0, 1, 2]);
    expect(heard.votes.every(({ heardAt }) => heardAt === 100n)).to.equal(true);
    expect(heard.statements.get(toHex(digestOf(RIGHT)))).to.deep.equal(RIGHT);
  });
  it("count at every seat of their key, so that who registered another's key keeps no vote from it", async () => {
    const copied = epoch.members.map((member) => ({ ...member, witness: second.publicKey }));
    const url = await say({ votes: [voteOf(second, RIGHT)], statements: [told(RIGHT)] });
    const heard = await createEar(RULES, () => {}).listen({ ...epoch, members: copied }, [url], 100n);
    expect(heard.votes.map(({ member }) => member)).to.deep.equal([0, 1, 2]);
  });
  it("ask for the epoch under way", async () => {
    let asked: string | null = null;
    await listen(
      await feed((number) => {
        asked = number;
        return { body: "{}" };
      }),
    );
    expect(asked).to.equal("9");
  });
  it("keep the moment they were heard first", async () => {
    const ear = createEar(RULES, () => {});
    const url = await say({ votes: [voteOf(first, RIGHT)] });
    await ear.listen(epoch, [url], 100n);
    const { votes } = await ear.listen(epoch, [url], 107n);
    expect(votes.map(({ heardAt }) => heardAt)).to.deep.equal([100n]);
  });
  it("are refused when forged, of strangers, malformed or for nothing", async () => {
    const stranger = keyOf("epochs hear stranger");
    const url = await say({
      votes: [
        voteOf(first, RIGHT, { signature: voteOf(second, RIGHT).signature }),
        voteOf(stranger, RIGHT),
        voteOf(first, RIGHT, { digest: "AAAA" }),
        voteOf(first, RIGHT, { witness: 7 }),
        null,
        "vote",
      ],
      statements: [told(RIGHT), null],
    });
    const { votes, statements } = await listen(url);
    expect([votes.length, statements.has(toHex(digestOf(RIGHT)))]).to.deep.equal([0, false]);
  });
  it("of a member that signed two digests are both kept, and no third", async () => {
    const other = { ...RIGHT, count: 4 };
    const url = await say({ votes: [RIGHT, WRONG, other].map((statement) => voteOf(first, statement)) });
    const { votes } = await listen(url);
    expect(votes.map(({ digest }) => toHex(digest))).to.deep.equal(
      [RIGHT, WRONG].map((s) => toHex(digestOf(s))),
    );
  });
  it("stand for nothing a feed made up", async () => {
    const url = await say({
      votes: [voteOf(first, RIGHT)],
      statements: [told(WRONG), { ...told(RIGHT), count: -1 }, { ...told(RIGHT), count: 0.5 }],
    });
    const { statements } = await listen(url);
    expect([RIGHT, WRONG].filter((one) => statements.has(toHex(digestOf(one))))).to.deep.equal([]);
  });
  it("for an epoch without updates need nobody to tell what they stand for", async () => {
    const { previousRoot } = epoch;
    const nothing = { previousRoot, root: previousRoot, updatesRoot: hash(0), count: 0 };
    const { statements } = await listen();
    expect(statements.get(toHex(digestOf(nothing)))).to.deep.equal(nothing);
  });
  it("come in spite of feeds that fail, lead elsewhere, talk without end or aren't there", async () => {
    const good = await say({ votes: [voteOf(first, RIGHT)] });
    const bad = [
      await feed(() => ({ status: 500, body: "" })),
      await feed(() => ({ status: 302, body: `${good}/v1/votes` })),
      await feed(() => ({ body: "[".repeat(1 << 20) })),
      "http://127.0.0.1:1",
      "file:///etc/hostname",
    ];
    const { votes } = await listen(...bad, good);
    expect(votes).to.have.length(1);
  });
  it("are asked of a few feeds at a time, and of every one in turn", async () => {
    const asked = new Set<number>();
    const urls = await Promise.all(
      Array.from({ length: 15 }, (_, index) =>
        feed(() => {
          asked.add(index);
          return { body: "{}" };
        }),
      ),
    );
    const ear = createEar(RULES, () => {});
    await ear.listen(epoch, urls, 1n);
    expect(asked.size).to.be.below(15);
    for (let look = 0; look < 4; look++) await ear.listen(epoch, urls, 1n);
    expect(asked.size).to.equal(15);
  });
  it("of an epoch drawn anew after a fork are not mixed up with those before it", async () => {
    const ear = createEar(RULES, () => {});
    const url = await say({ votes: [voteOf(first, RIGHT)] });
    await ear.listen(epoch, [url], 1n);
    const { votes } = await ear.listen({ ...epoch, seed: hash(7), members: [] }, [url], 1n);
    expect(votes).to.deep.equal([]);
  });
});
