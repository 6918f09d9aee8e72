import { once } from "node:events";
import { createServer } from "node:http";

const PREFIX = "/.well-known/acme-challenge/";
const MAX_CONNECTIONS = 64;
const TIMEOUT_MS = 10_000;

/** Answers HTTP-01 challenges (RFC 8555 section 8.3), and nothing else. */
export interface Challenges {
  set(token: string, keyAuthorization: string): void;
  remove(token: string): void;
  close(): void;
}

/** Listens only while a certificate is being obtained. @throws what listening throws */
export async function openChallenges(host: string, port: number): Promise<Challenges> {
  const answers = new Map<string, string>();
  const server = createServer(
    { requestTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS },
    (request, response) => {
      const path = request.url ?? "";
      const isAsked = request.method === "GET" && path.startsWith(PREFIX);
      const answer = isAsked ? answers.get(path.slice(PREFIX.length)) : undefined;
      response.writeHead(answer === undefined ? 404 : 200, {
        "content-type": "application/octet-stream",
        connection: "close",
      });
      response.end(answer);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(TIMEOUT_MS, (socket) => socket.destroy());
  await once(server.listen({ host, port, exclusive: true }), "listening");
  return {
    set: (token, keyAuthorization) => void answers.set(token, keyAuthorization),
    remove: (token) => void answers.delete(token),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
