/** An RPC that can be cut off: how a network that is down looks to who asks. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export async function startCuttable(
  target: string,
): Promise<{ readonly url: string; cut: boolean; close(): Promise<void> }> {
  const state = { url: "", cut: false, close: async () => {} };
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (state.cut) return response.destroy();
    const headers = { "content-type": "application/json" };
    const answer = await fetch(target, { method: "POST", headers, body: Buffer.concat(parts) });
    response.writeHead(answer.status, headers);
    return response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return state;
}
