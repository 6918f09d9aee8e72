import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { choosePorts, explainTaken, isCliError, type PortChoice, type PortWish } from "@tolldns/cli";
import { expect } from "chai";
import { ROOT, temporaryFolder } from "./run.ts";

describe("choosing ports", () => {
  const folder = temporaryFolder();
  const busy: Server[] = [];
  let open: PortChoice[] = [];
  afterEach(() => {
    for (const choice of open) choice.close();
    open = [];
  });
  after(() => {
    for (const server of busy) server.close();
    folder.remove();
  });

  async function choose(data: string, wishes: readonly PortWish[]): Promise<PortChoice> {
    const choice = await choosePorts(data, wishes);
    open.push(choice);
    return choice;
  }

  const takePort = () =>
    new Promise<number>((resolve) => {
      const server = createServer();
      busy.push(server);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  /** One that nobody has, and the next neither. */
  async function freePort(): Promise<number> {
    const { ports, close } = await choosePorts(folder.path, [{ ...wish(0, { pair: true }), name: "free" }]);
    close();
    return ports.free ?? 0;
  }
  const wish = (port: number, rest: Partial<PortWish> = {}): PortWish => ({
    name: "resolver",
    port,
    fixed: false,
    udp: false,
    pair: false,
    ...rest,
  });

  it("takes another one when the usual one is taken, says so, and keeps it for next time", async () => {
    const taken = await takePort();
    const first = await choose(folder.path, [wish(taken)]);
    expect(first.ports.resolver).to.not.equal(taken);
    expect(first.moved).to.deep.equal(["resolver"]);
    first.close();
    const { ports, moved } = await choose(folder.path, [wish(taken)]);
    expect({ ports, moved }).to.deep.equal({ ports: first.ports, moved: first.moved });
  });

  it("lets no two runs choose the same before they use it, nor the second of a pair, until the first lets go", async () => {
    const usual = await freePort();
    const folders = Array.from({ length: 8 }, () => temporaryFolder());
    const chosen = await Promise.all(folders.map(({ path }) => choose(path, [wish(usual, { pair: true })])));
    const numbers = chosen.flatMap(({ ports: { resolver = 0 } }) => [resolver, resolver + 1]);
    expect(new Set(numbers).size, numbers.join()).to.equal(16);
    expect(chosen.filter(({ moved }) => moved.length === 0)).to.have.length(1);
    const fixed = choose(folder.path, [wish(usual + 1, { fixed: true })]);
    expect(isCliError(await fixed.catch((error) => error), "ports-taken")).to.equal(true);
    for (const one of chosen) one.close();
    expect((await choose(folder.path, [wish(usual + 1, { fixed: true })])).ports.resolver).to.equal(
      usual + 1,
    );
    for (const one of folders) one.remove();
  });

  it("keeps what it chose from other processes, and lets go of it when killed", async () => {
    const usual = await freePort();
    const wishes = JSON.stringify([wish(usual)]);
    const text = `import { choosePorts } from "@tolldns/cli";
      const { ports } = await choosePorts(${JSON.stringify(folder.path)}, ${wishes});
      console.log(ports.resolver); setInterval(() => {}, 1e9);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", text], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = await once(child.stdout, "data");
      expect(Number(String(line))).to.equal(usual);
      expect((await choose(folder.path, [wish(usual)])).moved).to.deep.equal(["resolver"]);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    const other = temporaryFolder();
    expect((await choose(other.path, [wish(usual)])).ports.resolver).to.equal(usual);
    other.remove();
  });

  it("says which port somebody took at the last moment, and what to do", async () => {
    const choice = await choose(folder.path, [{ ...wish(0), name: "witness 1" }]);
    const port = choice.ports["witness 1"];
    const error = explainTaken(Object.assign(new Error("listen"), { code: "EADDRINUSE", port }), choice);
    expect(isCliError(error, "ports-taken")).to.equal(true);
    expect((error as Error).message).to.include(`port ${port} for witness 1`);
    const other = new Error("no space");
    expect(explainTaken(other, choice)).to.equal(other);
  });

  it("refuses when the user named it", async () => {
    const taken = await takePort();
    const error = await choose(folder.path, [wish(taken, { fixed: true })]).then(
      () => undefined,
      (reason) => reason,
    );
    expect(isCliError(error, "ports-taken")).to.equal(true);
    expect(error.message).to.include(String(taken));
    expect(error.exit).to.equal(3);
  });

  it("looks at UDP too, and at the next port of a pair", async () => {
    const socket = createSocket("udp4");
    const udp = await new Promise<number>((resolve) =>
      socket.bind(0, "127.0.0.1", () => resolve(socket.address().port)),
    );
    const other = temporaryFolder();
    expect((await choose(other.path, [wish(udp, { udp: true })])).ports.resolver).to.not.equal(udp);
    socket.close();
    const second = await takePort();
    const pair = await choose(other.path, [{ ...wish(second - 1, { pair: true }), name: "rpc" }]);
    expect(pair.ports.rpc).to.not.equal(second - 1);
    other.remove();
  });

  it("gives no port twice", async () => {
    const other = temporaryFolder();
    const names = Array.from({ length: 12 }, (_, i) => ({
      ...wish(0, { pair: i % 2 === 0 }),
      name: `n${i}`,
    }));
    const { ports } = await choose(other.path, names);
    const all = names.flatMap(({ name, pair }) => [
      ports[name] ?? 0,
      ...(pair ? [(ports[name] ?? 0) + 1] : []),
    ]);
    expect(new Set(all).size).to.equal(all.length);
    other.remove();
  });
});
