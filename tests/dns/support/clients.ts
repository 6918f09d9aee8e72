import { createSocket } from "node:dgram";
import { type ClientHttp2Session, connect as connectHttp2, type OutgoingHttpHeaders } from "node:http2";
import { request } from "node:https";
import { connect as connectTcp, isIPv6, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from "node:tls";

/** Clients that share no code with the listeners they speak to. */

/** Sends datagrams and resolves to as many answers as asked for, or fewer when nothing more comes for `quietMs`. */
export function askUdp(
  port: number,
  messages: readonly Uint8Array[],
  want = messages.length,
  host = "127.0.0.1",
  quietMs = 2000,
): Promise<Buffer[]> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const answers: Buffer[] = [];
    let timer = setTimeout(done, quietMs);
    function done() {
      clearTimeout(timer);
      socket.close(() => resolve(answers));
    }
    socket.on("message", (answer) => {
      answers.push(answer);
      if (answers.length >= want) return done();
      clearTimeout(timer);
      timer = setTimeout(done, quietMs);
    });
    for (const message of messages) socket.send(message, port, host);
  });
}

/** A raw connection that cuts what comes into messages with a length before them. */
export class StreamClient {
  readonly socket: Socket;
  readonly answers: Buffer[] = [];
  closed = false;
  #bytes = Buffer.alloc(0);
  #wake: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    const wake = () => {
      for (const one of this.#wake.splice(0)) one();
    };
    socket.on("data", (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      while (this.#bytes.length >= 2 && this.#bytes.length >= 2 + this.#bytes.readUInt16BE(0)) {
        const end = 2 + this.#bytes.readUInt16BE(0);
        this.answers.push(this.#bytes.subarray(2, end));
        this.#bytes = this.#bytes.subarray(end);
      }
      wake();
    });
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      wake();
    });
  }

  send(...messages: Uint8Array[]): void {
    this.socket.write(frame(...messages));
  }

  /** Resolves when `check` holds, rejects after five seconds. */
  async until(check: (client: this) => boolean): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!check(this)) {
      if (Date.now() > deadline)
        throw new Error(`waited in vain; ${this.answers.length} answers, closed ${this.closed}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#wake.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  end(): void {
    this.socket.destroy();
  }
}

/** Messages with their lengths before them. */
export function frame(...messages: Uint8Array[]): Buffer {
  return Buffer.concat(
    messages.flatMap((message) => [Buffer.of(message.length >> 8, message.length & 255), message]),
  );
}

export async function openTcp(port: number, host = "127.0.0.1"): Promise<StreamClient> {
  const socket = connectTcp({ port, host });
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return new StreamClient(socket);
}

export async function openTls(
  port: number,
  ca: string,
  options: ConnectionOptions = {},
): Promise<StreamClient & { readonly socket: TLSSocket }> {
  const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca, ...options });
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("closed")));
  });
  return new StreamClient(socket) as StreamClient & { readonly socket: TLSSocket };
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
}

export async function openHttp2(
  port: number,
  ca: string,
  settings: object = {},
): Promise<ClientHttp2Session> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca, settings });
  session.on("error", () => {});
  await new Promise((resolve, reject) => session.once("connect", resolve).once("error", reject));
  return session;
}

export function ask2(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body?: Uint8Array,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined });
    let status = 0;
    let given: Record<string, string | string[] | undefined> = {};
    const parts: Buffer[] = [];
    stream.on("response", (fields) => {
      status = fields[":status"] ?? 0;
      given = fields as typeof given;
    });
    stream.on("data", (chunk: Buffer) => parts.push(chunk));
    stream.on("end", () => resolve({ status, headers: given, body: Buffer.concat(parts) }));
    stream.on("error", reject);
    if (body !== undefined) stream.end(body);
  });
}

export function ask1(
  port: number,
  ca: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Uint8Array,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", servername: "localhost", port, ca, method, path, headers, agent: false },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (chunk: Buffer) => parts.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(parts),
          }),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
