import { open, rename } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bytesEqualConstantTime } from "@tolldns/sdk";
import { describeError, EdgeError } from "../errors.ts";
import { http } from "../http.ts";
import type { ListenAddress } from "../options.ts";
import type { RunningEdge } from "../status.ts";

export interface ControlServer {
  readonly url: string;
  readonly tokenFile: string;
  close(): Promise<void>;
}

/** Files in the state folder by which other programs find the endpoint. */
export const TOKEN_FILE = "control.token";
export const ADDRESS_FILE = "control.json";

/**
 * The control endpoint: `GET /status`, `POST /stop`, `POST /resume`, `POST /refresh`, all with `authorization: Bearer …`. Loopback only;
 * the Host header must name this machine, so that no web page reaches it through DNS.
 */
export async function startControl(
  edge: Pick<RunningEdge, "status" | "stopPayments" | "resume" | "refresh">,
  listen: ListenAddress,
  stateDir: string,
  token: string,
): Promise<ControlServer> {
  const expected = Buffer.from(`Bearer ${token}`);

  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (!["127.0.0.1", "localhost", "[::1]", listen.host].includes(host)) return [403, { error: "host" }];
    const given = Buffer.from(request.headers.authorization ?? "");
    if (!bytesEqualConstantTime(given, expected)) {
      const { code, number, hint } = new EdgeError("control-unauthorised");
      return [401, { error: code, number, hint }];
    }
    switch (`${request.method} ${request.url}`) {
      case "GET /status":
        return [200, edge.status()];
      case "POST /stop":
        // Answered once nothing more can be signed; revoking goes on behind it.
        await edge.stopPayments();
        return [200, { stopped: true }];
      case "POST /resume":
        await edge.resume();
        return [200, { stopped: false }];
      case "POST /refresh":
        await edge.refresh();
        return [200, edge.status()];
      default:
        return [404, { error: "unknown" }];
    }
  }

  const server = http.createServer((request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    answer(request)
      .catch((error: unknown): [number, unknown] => [
        500,
        error instanceof EdgeError
          ? { error: error.code, number: error.number, hint: error.hint, detail: error.message }
          : { error: "unexpected", detail: describeError(error) },
      ])
      .then(([status, body]) => {
        response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
        response.end(`${statusJson(body)}\n`);
      });
  });
  server.requestTimeout = 10_000;
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${listen.host.includes(":") ? `[${listen.host}]` : listen.host}:${port}`;
  const tokenFile = join(stateDir, TOKEN_FILE);
  await writePrivate(tokenFile, `${token}\n`);
  await writePrivate(
    join(stateDir, ADDRESS_FILE),
    `${JSON.stringify({ url, tokenFile, pid: process.pid })}\n`,
  );
  return {
    url,
    tokenFile,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** JSON with amounts as decimal strings. */
export function statusJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === "bigint" ? item.toString() : item));
}

async function writePrivate(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, "w", 0o600);
  await file.chmod(0o600);
  await file.writeFile(text);
  await file.close();
  await rename(`${path}.new`, path);
}
