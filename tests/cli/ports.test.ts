import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:net";
import { choosePorts, isCliError, type PortWish } from "@tolldns/cli";
import { expect } from "chai";
import { temporaryFolder } from "./run.ts";

describe("choosing ports", () => {
  const folder = temporaryFolder();
  const busy: Server[] = [];
  after(() => {
    for (const server of busy) server.close();
    folder.remove();
  });

  const takePort = () =>
    new Promise<number>((resolve) => {
      const server = createServer();
      busy.push(server);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
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
    const first = await choosePorts(folder.path, [wish(taken)]);
    expect(first.ports.resolver).to.not.equal(taken);
    expect(first.moved).to.deep.equal(["resolver"]);
    expect(await choosePorts(folder.path, [wish(taken)])).to.deep.equal(first);
  });

  it("refuses when the user named it", async () => {
    const taken = await takePort();
    const error = await choosePorts(folder.path, [wish(taken, { fixed: true })]).then(
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
    expect((await choosePorts(other.path, [wish(udp, { udp: true })])).ports.resolver).to.not.equal(udp);
    socket.close();
    const second = await takePort();
    const pair = await choosePorts(other.path, [{ ...wish(second - 1, { pair: true }), name: "rpc" }]);
    expect(pair.ports.rpc).to.not.equal(second - 1);
    other.remove();
  });

  it("gives no port twice", async () => {
    const other = temporaryFolder();
    const names = Array.from({ length: 12 }, (_, i) => ({
      ...wish(0, { pair: i % 2 === 0 }),
      name: `n${i}`,
    }));
    const { ports } = await choosePorts(other.path, names);
    const all = names.flatMap(({ name, pair }) => [
      ports[name] ?? 0,
      ...(pair ? [(ports[name] ?? 0) + 1] : []),
    ]);
    expect(new Set(all).size).to.equal(all.length);
    other.remove();
  });
});
