import { toBase64Url } from "@tolldns/sdk";
import {
  createEventParser,
  createFeed,
  type FeedAnswer,
  type FeedEvent,
  type FeedRequest,
  MAX_EVIDENCE_BYTES,
  webTransport,
} from "@tolldns/sdk/feed";
import { expect } from "chai";
import fc from "fast-check";
import { startHostileFeed } from "../dotdns/support/hostile-feed.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const hash = (seed: number) => new Uint8Array(32).fill(seed);
const text = (seed: number) => toBase64Url(hash(seed));

/** A feed whose answers are given, and what was asked of it. */
function scripted(answer: Partial<FeedAnswer> & { readonly json?: unknown; readonly text?: string }) {
  const asked: FeedRequest[] = [];
  const body = answer.body ?? [utf8(answer.text ?? JSON.stringify(answer.json))];
  const feed = createFeed("https://feed.example/base/", async (request) => {
    asked.push(request);
    return {
      status: answer.status ?? 200,
      contentType: answer.contentType ?? "application/json",
      body: (async function* () {
        yield* body as Iterable<Uint8Array>;
      })(),
    };
  });
  return { feed, asked };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: { code?: string }) => error.code ?? String(error),
  );

const ROOT = {
  epoch: 7,
  status: "final",
  previousRoot: text(1),
  root: text(2),
  updatesRoot: text(3),
  count: 4,
  digest: text(5),
  frozenAt: 1_790_000_000,
  finalAt: 1_790_000_060,
};

describe("a feed's client", () => {
  it("asks for evidence as JSON and as bytes, under an epoch of choice", async () => {
    const route = { name: "example.dns", epoch: 7, root: text(2), evidence: toBase64Url(utf8("proof")) };
    const json = scripted({ json: route });
    expect(await json.feed.route("example.dns")).to.deep.equal({
      name: "example.dns",
      epoch: 7n,
      root: hash(2),
      evidence: utf8("proof"),
    });
    const bytes = scripted({ text: "proof", contentType: "application/octet-stream" });
    expect(await bytes.feed.evidence("example.dns", { epoch: 3n })).to.deep.equal(utf8("proof"));
    expect([...json.asked, ...bytes.asked].map(({ url, accept }) => `${url} ${accept}`)).to.deep.equal([
      "https://feed.example/base/v1/routes/example.dns application/json",
      "https://feed.example/base/v1/routes/example.dns?epoch=3 application/octet-stream",
    ]);
  });

  it("reads roots, with what an epoch under way does not have yet", async () => {
    const running = {
      ...ROOT,
      epoch: 8,
      status: 3,
      root: null,
      updatesRoot: null,
      count: null,
      digest: null,
      finalAt: null,
    };
    const { feed, asked } = scripted({ json: [running, ROOT] });
    const roots = await feed.roots({ from: 8n });
    expect(asked[0]?.url).to.equal("https://feed.example/base/v1/roots?from=8");
    expect(roots.map(({ epoch, status, root }) => ({ epoch, status, root }))).to.deep.equal([
      { epoch: 8n, status: "voting", root: null },
      { epoch: 7n, status: "final", root: hash(2) },
    ]);
  });

  it("hands in updates with numbers beyond 2^53 intact, and learns what became of them", async () => {
    const submitted = scripted({ status: 202, json: { updateHash: text(9) } });
    const version = 2n ** 60n;
    const update = {
      name: "example.dns",
      generation: 2,
      version,
      expiresAt: 1_800_000_000n,
      records: utf8("records"),
      signer: hash(1),
      signature: new Uint8Array(64),
    };
    expect(await submitted.feed.submit(update)).to.deep.equal(hash(9));
    const body = JSON.parse(submitted.asked[0]?.body ?? "");
    expect([body.version, body.expiresAt]).to.deep.equal([String(version), 1_800_000_000]);
    const state = scripted({ json: { state: "final", epoch: 7, update: {} } });
    expect(await state.feed.updateState(hash(9))).to.deep.equal({ state: "final", epoch: 7n });
  });

  it("tells errors apart, each with its code", async () => {
    const problem = { code: "update-version", message: "not above the last one", hint: "Take 5." };
    const cases: [string, Parameters<typeof scripted>[0]][] = [
      ["feed-unknown", { status: 404, json: problem }],
      ["feed-refused", { status: 422, json: problem }],
      ["feed-status", { status: 404, text: "<html>" }],
      ["feed-status", { status: 502, text: "" }],
      ["feed-status", { status: 301, text: "" }],
      ["feed-form", { text: "{" }],
      ["feed-form", { json: [] }],
      ["feed-form", { json: { name: "example.dns", epoch: -1, root: text(1), evidence: "" } }],
      ["feed-form", { json: { name: "example.dns", epoch: 1, root: "AAAA", evidence: "" } }],
      ["feed-form", { json: { name: "example.dns", epoch: 1, root: text(1), evidence: "=" } }],
    ];
    for (const [code, answer] of cases)
      expect(await codeOf(scripted(answer).feed.route("example.dns")), JSON.stringify(answer)).to.equal(code);
    const refused = await scripted({ status: 422, json: problem })
      .feed.route("example.dns")
      .catch((error: { context: unknown }) => error.context);
    expect(refused).to.include({ refusal: "update-version: not above the last one", advice: "Take 5." });
    const wrongType = scripted({ text: "proof", contentType: "text/html" });
    expect(await codeOf(wrongType.feed.evidence("example.dns"))).to.equal("feed-form");
    const broken = createFeed("http://feed.example", () => Promise.reject(new Error("refused")));
    expect(await codeOf(broken.roots())).to.equal("feed-unreachable");
  });

  it("reads no more than an answer may hold", async () => {
    let sent = 0;
    const feed = createFeed("http://feed.example", async () => ({
      status: 200,
      contentType: "application/octet-stream",
      body: (async function* () {
        for (;;) {
          sent += 1_024;
          yield new Uint8Array(1_024);
        }
      })(),
    }));
    expect(await codeOf(feed.evidence("example.dns"))).to.equal("feed-size");
    expect(sent).to.be.at.most(MAX_EVIDENCE_BYTES + 2_048);
  });

  it("refuses addresses that are none, and shows no password of theirs", () => {
    for (const url of [
      "feed.example",
      "ftp://feed.example",
      "https://feed.example/?a",
      "https://u:p@feed.example",
    ])
      try {
        createFeed(url, () => Promise.reject(new Error()));
        expect.fail(url);
      } catch (error) {
        expect((error as { code: string }).code).to.equal("feed-url");
        expect((error as Error).message).not.to.include("u:p");
      }
  });

  it("follows events over a real connection until it is told to stop", async () => {
    const server = await startHostileFeed(() => null);
    const stop = new AbortController();
    const events: FeedEvent[] = [];
    const reading = (async () => {
      for await (const event of createFeed(server.url, webTransport(globalThis.fetch)).events(stop)) {
        events.push(event);
        if (events.length === 2) stop.abort();
      }
    })();
    while (server.listeners() === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    server.tell("something-new", { any: "thing" });
    server.tell("update", { name: "example.dns", updateHash: text(9), version: 3 });
    server.tell("root", ROOT);
    await reading;
    await server.close();
    expect(events[0]).to.deep.equal({
      kind: "update",
      name: "example.dns",
      updateHash: hash(9),
      version: 3n,
    });
    expect(events[1]).to.deep.include({ kind: "root" });
  });

  it("says so when a stream of events is broken", async () => {
    const read = async (part: string) => {
      const { feed } = scripted({ text: part, contentType: "text/event-stream" });
      for await (const _ of feed.events());
    };
    expect(await codeOf(read("event: root\ndata: {}\n\n"))).to.equal("feed-form");
    expect(await codeOf(read(`data: ${"x".repeat(70_000)}\n\n`))).to.equal("feed-stream");
  });
});

describe("the parser of server-sent events", () => {
  const STREAM =
    ": hello\n\nevent: a\ndata: 1\ndata: 2\r\n\r\ndata:ü\n\nid: 5\nretry: 1\n\nevent: b\rdata\r\rdata: cut";
  const EXPECTED = [
    { name: "a", data: "1\n2" },
    { name: "message", data: "ü" },
    { name: "b", data: "" },
  ];

  it("finds the same events however the bytes are cut", () => {
    const bytes = utf8(STREAM);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
        const parser = createEventParser(1_000);
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const found = places.slice(1).flatMap((end, i) => parser.push(bytes.subarray(places[i], end)));
        expect(found).to.deep.equal(EXPECTED);
      }),
      { seed: 20_261_121, numRuns: 200 },
    );
  });

  it("holds no more than its limit", () => {
    expect(() => createEventParser(10).push(utf8("data: 12345678901"))).to.throw(RangeError);
    const parser = createEventParser(10);
    expect(() => parser.push(utf8("data: 123\ndata: 123\n"))).to.throw(RangeError);
    expect(createEventParser(10).push(utf8(`: ${"x".repeat(8)}\n\ndata: 1\n\n`))).to.have.length(1);
  });
});
