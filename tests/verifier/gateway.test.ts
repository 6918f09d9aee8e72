import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPayingPath, type PayingPath } from "@tolldns/edge";
import type { RunningGateway } from "@tolldns/gateway";
import type { Asker, OpenGateway } from "@tolldns/keepers";
import { type ChainTrust, type Challenge, formatTarget, type GatewayTarget } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { openBackend } from "../../keepers/src/verifier/probe/backend.ts";
import { challengesFor, openDoor } from "../../keepers/src/verifier/probe/door.ts";
import { runProbe } from "../../keepers/src/verifier/probe/probe.ts";
import { createReference } from "../../keepers/src/verifier/probe/reference.ts";
import { createAcceptableRoots } from "../../keepers/src/verifier/roots.ts";
import { createRegistry } from "../dotdns/support/registry.ts";
import { type RoutesStand, startRoutesStand } from "../dotdns/support/stand.ts";
import { type Stand, type StandGateway, startStand } from "../edge/support/stand.ts";
import { FIXTURE_SET, referenceAt, wordsOf } from "./support/prober.ts";
import { type ChallengeZone, startChallengeZone } from "./support/zone.ts";

const targetOf = (url: string): GatewayTarget => {
  const { hostname, port } = new URL(url);
  return { kind: "gateway", host: hostname, port: Number(port) };
};
const ofSurface = (surface: string): Challenge =>
  FIXTURE_SET.challenges.find((one) => one.surface === surface) ?? expect.fail(surface);

describe("gateways as verifiers ask them", function () {
  this.timeout(90_000);
  let zone: ChallengeZone;
  let reference: Asker;
  let stand: RoutesStand;
  let path: PayingPath;
  let folder: string;
  let gateway: RunningGateway;
  let now = 1_000;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "tolldns-verifier-path-"));
    zone = await startChallengeZone();
    reference = referenceAt((await zone.reference()).port);
    const resolver = await zone.resolver();
    stand = await startRoutesStand();
    stand.registry.publish("hello", { zone: "@ 300 A 192.0.2.1" });
    stand.registry.publish("second", { zone: "@ 300 A 192.0.2.2" });
    stand.registry.finalize();
    const upstreams = [{ kind: "udp", host: resolver.address, port: resolver.port }] as const;
    gateway = await stand.gateway([await stand.feed()], { upstreams });
    path = await openPayingPath({ stateDir: folder });
  });
  after(async () => {
    await path?.close();
    await stand?.close();
    await reference?.close();
    await zone?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const rootsNow = (): readonly ChainTrust[] => {
    const { domain, epoch, root, earlier } = stand.registry.roots();
    const older = [...earlier].reverse().map((one) => ({ ...one, domain }));
    return [{ domain, epoch, root }, ...older];
  };

  /** Puts a challenge to the gateway at this URL. */
  async function probe(
    url: string,
    ca: string,
    challenge: Challenge,
    transport: "udp" | "dot" | "doh",
    asking: PayingPath = path,
  ) {
    const openGateway: OpenGateway = (target) => asking.open({ url: formatTarget(target), ca });
    const door = openDoor(targetOf(url), { openBackend, openGateway });
    const tools = {
      reference: createReference(reference, () => now, 4_000),
      roots: createAcceptableRoots(
        async () => rootsNow(),
        () => now,
      ),
      timeoutMs: 4_000,
      elapsed: () => performance.now(),
    };
    const signal = new AbortController().signal;
    await door.prepare(4_000, signal);
    expect(door.transports.has("tcp"), "no edge begins over TCP").to.equal(false);
    return wordsOf(
      await runProbe(
        { at: 0, challenge, transport, label: `g${transport}x${challenge.number}` },
        door,
        tools,
        signal,
      ),
    );
  }
  const urlOf = (one: RunningGateway) => `https://127.0.0.1:${one.addresses.doh?.port}`;

  for (const challenge of challengesFor(
    FIXTURE_SET.challenges,
    { kind: "gateway", host: "a", port: 443 },
    { roots: true },
  ))
    it(`${challenge.number} ${challenge.surface} of ${challenge.name} ${challenge.surface === "toll-refused" ? "is not put to one that charges nothing" : "holds over every transport"}`, async () => {
      for (const transport of ["udp", "dot", "doh"] as const) {
        if (!challenge.transports.includes(transport)) continue;
        const words = await probe(urlOf(gateway), gateway.authority as string, challenge, transport);
        const right =
          challenge.surface === "toll-refused" ? "unfit it takes questions without a toll" : "ok none";
        expect(words, transport).to.equal(right);
      }
    });

  const genuine = (name = "hello") => stand.registry.last().evidence(name);
  const LIES: readonly (readonly [string, string, () => Uint8Array | null | undefined, string])[] = [
    ["dns-inclusion", "no proof", () => null, "wrong proof"],
    ["dns-inclusion", "SERVFAIL", () => undefined, "failed rcode"],
    ["dns-inclusion", "bytes that are no proof", () => new Uint8Array(40), "wrong proof"],
    ["dns-inclusion", "another name's proof", () => genuine("second"), "wrong proof"],
    [
      "dns-inclusion",
      "a proof under a root of its own",
      () => {
        const own = createRegistry();
        own.publish("hello", { zone: "@ 300 A 203.0.113.66", version: 9n });
        return own.finalize().evidence("hello");
      },
      "wrong proof",
    ],
    ["dns-inclusion", "a proof cut short", () => genuine().slice(0, -1), "wrong proof"],
    ["dns-absence", "a proof that another name is there", () => genuine(), "wrong proof"],
  ];
  for (const [surface, what, claim, words] of LIES)
    it(`${surface} fails on ${what}: ${words}`, async () => {
      const liar = await stand.liar(claim);
      expect(await probe(liar.url, liar.ca, ofSurface(surface), "dot")).to.equal(words);
      expect(await probe(liar.url, liar.ca, ofSurface(surface), "doh")).to.equal(words);
    });

  it("a proof under the root before holds for a minute, and is stale after", async () => {
    const old = genuine();
    const liar = await stand.liar(() => old);
    stand.registry.publish("third", { zone: "@ 300 A 192.0.2.3" });
    stand.registry.finalize();
    const roots = createAcceptableRoots(
      async () => rootsNow(),
      () => now,
    );
    const openGateway: OpenGateway = (target) => path.open({ url: formatTarget(target), ca: liar.ca });
    const door = openDoor(targetOf(liar.url), { openBackend, openGateway });
    const tools = {
      reference: createReference(reference, () => now, 4_000),
      roots,
      timeoutMs: 4_000,
      elapsed: () => 0,
    };
    const ask = async () =>
      wordsOf(
        await runProbe(
          { at: 0, challenge: ofSurface("dns-inclusion"), transport: "dot", label: "x" },
          door,
          tools,
          new AbortController().signal,
        ),
      );
    expect(await ask()).to.equal("ok none");
    now += 61;
    expect(await ask()).to.equal("wrong stale");
  });

  it("one whose terms can't be read is silent or refuses, and is asked again later", async () => {
    const gone = await stand.liar(() => null);
    const { url, ca } = gone;
    await gone.close();
    expect(await probe(url, ca, ofSurface("dns-inclusion"), "dot")).to.match(
      /^(failed transport|silent time)$/,
    );
  });

  describe("that charge", () => {
    let paid: Stand;
    let tolled: StandGateway;
    let wallet: PayingPath;
    before(async () => {
      paid = await startStand();
      tolled = await paid.addGateway();
      const { wallet: purse, limits } = paid.edgeOptions([]);
      wallet = await openPayingPath({
        stateDir: join(paid.folder, "verifier"),
        ...(purse === undefined ? {} : { wallet: purse }),
        ...(limits === undefined ? {} : { limits }),
      });
    });
    after(async () => {
      await wallet?.close();
      await paid?.close();
    });

    for (const challenge of FIXTURE_SET.challenges.filter(({ surface }) => surface === "toll-refused"))
      it(`refuse a toll ${JSON.stringify(challenge.expect)} as they must, over every transport`, async () => {
        for (const transport of ["udp", "dot", "doh"] as const)
          expect(await probe(tolled.url, tolled.ca, challenge, transport, wallet), transport).to.equal(
            "ok none",
          );
      });

    it("and answer what was not paid for, or refuse it with another error, fail", async () => {
      const challenge = FIXTURE_SET.challenges.find(
        ({ expect: one }) => one.kind === "refused" && one.toll === "unknown",
      ) as Challenge;
      const other = {
        ...challenge,
        expect: { kind: "refused", toll: "none", error: "session-unknown" },
      } as const;
      expect(await probe(tolled.url, tolled.ca, other, "dot", wallet)).to.equal("failed toll");
    });

    it("are paid for each probe, in one session, like by any edge", async () => {
      const before = tolled.gateway.status().paid;
      // Its upstream is a fixture that knows no such name: what it says is wrong, but it is paid and answered.
      const words = await probe(tolled.url, tolled.ca, ofSurface("positive"), "dot", wallet);
      expect(words).to.match(/^wrong /);
      expect(tolled.gateway.status().paid).to.equal(before + 1);
    });
  });
});
