/** Clients that count what goes over the wire: encrypted bytes where it is encrypted, payload of datagrams and TCP else. */
import { createSocket } from "node:dgram";
import { Agent, request as httpRequest } from "node:http";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { buildQuery, encodeName, TYPE } from "@tolldns/dns";

export interface Exchange {
  readonly answer: Buffer;
  /** Times a client waits for a server. */
  readonly trips: number;
}

export interface CountingClient {
  /** Asks for an address, with EDNS options. */
  ask(name: string, options?: Uint8Array): Promise<Exchange>;
  /** Bytes both ways since the start. */
  bytes(): number;
  close(): void;
}

const message = (name: string, options: Uint8Array | undefined) =>
  buildQuery({ name: encodeName(name), type: TYPE.A, ...(options === undefined ? {} : { options }) });

/** DNS over a byte stream, one question at a time. */
function overStream(stream: NodeJS.ReadWriteStream): (query: Uint8Array) => Promise<Buffer> {
  let held = Buffer.alloc(0);
  let settle: ((answer: Buffer) => void) | null = null;
  stream.on("data", (part: Buffer) => {
    held = Buffer.concat([held, part]);
    if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return;
    const length = held.readUInt16BE(0);
    const answer = held.subarray(2, 2 + length);
    held = held.subarray(2 + length);
    settle?.(Buffer.from(answer));
  });
  return (query) =>
    new Promise((resolve) => {
      settle = resolve;
      const head = Buffer.alloc(2);
      head.writeUInt16BE(query.length);
      stream.write(Buffer.concat([head, query]));
    });
}

/** UDP, and TCP on the same port where an answer is cut, its connection kept. */
export async function udpClient(port: number): Promise<CountingClient> {
  const socket = createSocket("udp4");
  const tcp: Socket = connectTcp(port, "127.0.0.1");
  tcp.setNoDelay(true);
  await new Promise((resolve) => tcp.once("connect", resolve));
  const stream = overStream(tcp);
  let bytes = 0;
  let settle: ((answer: Buffer) => void) | null = null;
  socket.on("message", (answer) => {
    bytes += answer.length;
    settle?.(answer);
  });
  return {
    async ask(name, options) {
      const query = message(name, options);
      bytes += query.length;
      const answer = await new Promise<Buffer>((resolve) => {
        settle = resolve;
        socket.send(query, port, "127.0.0.1");
      });
      if (((answer[2] as number) & 2) === 0) return { answer, trips: 1 };
      return { answer: await stream(query), trips: 2 };
    },
    bytes: () => bytes + tcp.bytesRead + tcp.bytesWritten,
    close() {
      socket.close();
      tcp.destroy();
    },
  };
}

/** A TLS connection over a socket whose bytes are counted. */
async function tlsOver(port: number, ca: string, protocols: string[]) {
  const raw = connectTcp(port, "127.0.0.1");
  raw.setNoDelay(true);
  const socket = connectTls({ socket: raw, ca, servername: "localhost", ALPNProtocols: protocols });
  await new Promise((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  return { raw, socket };
}

export async function dotClient(port: number, ca: string): Promise<CountingClient> {
  const { raw, socket } = await tlsOver(port, ca, ["dot"]);
  const stream = overStream(socket);
  return {
    ask: async (name, options) => ({ answer: await stream(message(name, options)), trips: 1 }),
    bytes: () => raw.bytesRead + raw.bytesWritten,
    close: () => socket.destroy(),
  };
}

export interface HttpAnswer {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface HttpClient extends CountingClient {
  post(path: string, body: Uint8Array): Promise<HttpAnswer>;
}

export async function dohClient(port: number, ca: string): Promise<HttpClient> {
  const { raw, socket } = await tlsOver(port, ca, ["h2"]);
  const session: ClientHttp2Session = connectHttp2(`https://localhost:${port}`, {
    createConnection: () => socket,
    settings: { maxHeaderListSize: 65_536 },
  });
  const post = (path: string, body: Uint8Array) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": path,
        "content-type": "application/dns-message",
      });
      let headers = {};
      const parts: Buffer[] = [];
      stream.on("response", (given) => {
        headers = given;
      });
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("error", reject);
      stream.on("end", () => resolve({ body: Buffer.concat(parts), headers }));
      stream.end(body);
    });
  return {
    post,
    async ask(name, options) {
      return { answer: (await post("/dns-query", message(name, options))).body, trips: 1 };
    },
    bytes: () => raw.bytesRead + raw.bytesWritten,
    close: () => session.destroy(),
  };
}

/** Evidence from a feed over a kept connection: the second request. */
export function feedClient(url: string): {
  get(name: string): Promise<Buffer>;
  bytes(): number;
  close(): void;
} {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<Socket>();
  return {
    get: (name) =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest(
          `${url}/v1/routes/${name}`,
          { agent, headers: { accept: "application/octet-stream" } },
          (incoming) => {
            const parts: Buffer[] = [];
            incoming.on("data", (part: Buffer) => parts.push(part));
            incoming.on("end", () => resolve(Buffer.concat(parts)));
          },
        );
        outgoing.on("socket", (socket) => sockets.add(socket));
        outgoing.on("error", reject);
        outgoing.end();
      }),
    bytes: () => [...sockets].reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
    close: () => agent.destroy(),
  };
}
