import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { questionFor, TYPE } from "@tolldns/dns";
import { expect } from "chai";
import { type Opened, open, pause } from "./support/stand-in.ts";

const TRAP = "trap.example";

/** The name a query asks for; "" for the root. */
function nameOf(query: Uint8Array): string {
  const labels: string[] = [];
  for (let at = 12; query[at]; at += (query[at] as number) + 1)
    labels.push(Buffer.from(query.subarray(at + 1, at + 1 + (query[at] as number))).toString("latin1"));
  return labels.join(".").toLowerCase();
}

/** A server that says "no such data" to everything, and once the trap is sprung nothing to its name, as a resolver whose question a stranger's servers let time out. */
async function startTrapped(): Promise<{
  socket: Socket;
  port: number;
  asked: string[];
  spring: () => void;
}> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  let isSprung = false;
  socket.on("message", (bytes, from) => {
    const name = nameOf(bytes);
    asked.push(name);
    if (isSprung && name === TRAP) return;
    const end = bytes.indexOf(0, 12) + 5;
    const answer = Buffer.from(bytes.subarray(0, end));
    answer.writeUInt16BE(0x8180, 2);
    answer.fill(0, 6, 12);
    socket.send(answer, from.port, from.address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return { socket, port: socket.address().port, asked, spring: () => (isSprung = true) };
}

describe("a gateway that a stranger asks first", function () {
  this.timeout(60_000);
  let opened: Opened | undefined;
  const servers: Awaited<ReturnType<typeof startTrapped>>[] = [];
  afterEach(async () => {
    await opened?.close();
    for (const { socket } of servers.splice(0)) socket.close();
  });

  it("does not try its backends by the stranger's name, which he can let fail", async () => {
    servers.push(await startTrapped(), await startTrapped());
    const made = open({
      upstreams: servers.map(({ port }) => ({ kind: "udp" as const, host: "127.0.0.1", port })),
    });
    opened = made;
    const question = questionFor(TRAP, TYPE.A);
    await made.ask(question);
    // Others ask all the while, so that no backend is idle and tried for that.
    for (let i = 0; i < 40; i++) {
      await made.ask(questionFor(`n${i}.example`, TYPE.A));
      await pause(25);
    }
    for (const { spring } of servers) spring();
    await made.ask(question).catch(() => {});
    await pause(2_000);
    expect(made.upstreams().map(({ standing }) => standing)).to.deep.equal(["in", "in"]);
    expect(made.log.filter(({ kind }) => kind === "eject")).to.deep.equal([]);
  });
});
