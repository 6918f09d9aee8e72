import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { questionFor, readMessage, TYPE, type Upstream } from "@tolldns/dns";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import { expect } from "chai";
import { createLog } from "../../clients/gateway/src/observe/log.ts";
import { startRecursor } from "../../clients/gateway/src/recursor/supervise.ts";
import { type SignedHierarchy, startSignedHierarchy } from "../e2e/signed-hierarchy.ts";
import { temporaryFolder } from "./support/booths.ts";
import { clientOf } from "./support/gateways.ts";
import { startProcess } from "./support/process.ts";

/** `test.` is a special name (RFC 6761), which Knot Resolver would answer itself. */
const KNOT_EXTRA = ["policy.add(policy.suffix(policy.PASS, policy.todnames({ 'test.' })))"];
const SILENT = createLog({ level: "error", write: () => {} }, () => 0);

describe("a recursor beside the gateway", function () {
  this.timeout(60_000);
  let hierarchy: SignedHierarchy;

  before(async () => {
    hierarchy = await startSignedHierarchy();
  });

  after(async () => {
    await hierarchy?.close();
  });

  const kinds = [
    { kind: "unbound" as const, program: "/usr/sbin/unbound" },
    { kind: "knot-resolver" as const, program: "/usr/sbin/kresd" },
  ];
  for (const { kind, program } of kinds) {
    describe(kind, () => {
      const folder = temporaryFolder();
      let gateway: RunningGateway;
      let client: Upstream;

      before(async () => {
        if (!existsSync(program)) throw new Error(`install ${kind}: ${program} is missing`);
        gateway = await startGateway({
          listen: { tcp: 0 },
          recursor: {
            kind,
            folder: join(folder.path, "recursor"),
            rootHints: hierarchy.rootHints,
            trustAnchors: hierarchy.trustAnchors,
            extra: kind === "unbound" ? hierarchy.unbound : KNOT_EXTRA,
          },
          log: { level: "error" },
        });
        client = clientOf(gateway, "tcp");
      });

      after(async () => {
        await client?.close();
        await gateway?.close();
        folder.remove();
      });

      const ask = async (name: string, type: number, dnssecOk = false) =>
        readMessage(await client.ask(questionFor(name, type, { dnssecOk })));

      it("resolves from the root and validates", async () => {
        const message = await ask("www.example.test", TYPE.A, true);
        expect(message.rcode).to.equal(0);
        expect(message.flags & 0x20, "authentic").to.equal(0x20);
        const address = message.answers.find((record) => record.type === TYPE.A);
        expect(address?.data.join(".")).to.equal(hierarchy.expected.www);
        expect(message.answers.some((record) => record.type === TYPE.RRSIG)).to.equal(true);
        expect(gateway.status().recursor).to.equal("running");
      });

      it("refuses what is signed wrongly, and proves what isn't there", async () => {
        expect((await ask("www.bogus.test", TYPE.A)).rcode).to.equal(2);
        const absent = await ask("absent.example.test", TYPE.A, true);
        expect(absent.rcode).to.equal(3);
        expect(absent.authority.some((record) => record.type === TYPE.NSEC3)).to.equal(true);
      });
    });
  }

  it("is started again when it ends, and ended with the gateway", async () => {
    const folder = temporaryFolder();
    const recursor = await startRecursor(
      {
        kind: "unbound",
        folder: folder.path,
        rootHints: hierarchy.rootHints,
        trustAnchors: hierarchy.trustAnchors,
        extra: hierarchy.unbound,
      },
      SILENT,
    );
    const first = recursor.pid as number;
    process.kill(first, "SIGKILL");
    for (let i = 0; i < 300 && (recursor.pid === null || recursor.pid === first); i++) await pause(20);
    expect(recursor.pid).not.to.equal(first);
    for (let i = 0; i < 300 && recursor.state() !== "running"; i++) await pause(20);
    expect(recursor.state()).to.equal("running");
    const second = recursor.pid as number;
    await recursor.close();
    expect(isAlive(second)).to.equal(false);
    folder.remove();
  });

  it("ends with a gateway that is killed", async () => {
    const folder = temporaryFolder();
    const gateway = await startProcess(folder.path, {
      listen: { tcp: 0 },
      log: { level: "error" },
      recursor: {
        kind: "unbound",
        folder: join(folder.path, "recursor"),
        rootHints: hierarchy.rootHints,
        trustAnchors: hierarchy.trustAnchors,
        extra: hierarchy.unbound,
      },
    });
    const [pid] = readFileSync(`/proc/${gateway.pid}/task/${gateway.pid}/children`, "utf8")
      .trim()
      .split(" ")
      .map(Number);
    expect(isAlive(pid as number)).to.equal(true);
    await gateway.kill();
    for (let i = 0; i < 200 && isAlive(pid as number); i++) await pause(20);
    expect(isAlive(pid as number)).to.equal(false);
    folder.remove();
  });

  it("is named when it isn't installed", async () => {
    const folder = temporaryFolder();
    const start = startRecursor(
      { kind: "unbound", folder: folder.path, program: "no-such-resolver" },
      SILENT,
    );
    const error = (await start.catch((thrown: unknown) => thrown)) as { code: string };
    expect(error.code).to.equal("recursor-missing");
    folder.remove();
  });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
