import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { Connection } from "@solana/web3.js";
import type { FaultSettings } from "@tolldns/chain";
import { closeSocket } from "../../chain/rig.ts";
import type { Place } from "../places/place.ts";
import type { ChainReady } from "../processes/chain.ts";
import { type Served, startScript } from "../processes/child.ts";

/** The embedded chain with the real bytecode, in a place of its own. */
export interface LabChain {
  /** Where the lab's own processes reach it. */
  readonly rpcUrl: string;
  /** Where the lab itself does, from outside of all places. */
  readonly windowUrl: string;
  readonly connection: Connection;
  readonly child: Served<ChainReady>;
  fault(settings: Partial<FaultSettings>): Promise<void>;
  airdrop(address: string, sol: number): Promise<void>;
  close(): Promise<void>;
}

const PORT = 8899;
/** Short slots: what takes minutes on a cluster takes seconds here. */
const SLOT_MS = 100;

export async function startLabChain(place: Place, folder: string): Promise<LabChain> {
  const windows = { rpc: join(folder, "rpc.sock"), ws: join(folder, "ws.sock") };
  const child = await startScript<ChainReady>(place, "chain", "../processes/chain.ts", {
    dataDir: join(folder, "chain"),
    host: place.address(1),
    port: PORT,
    slotMs: SLOT_MS,
    windows,
  });
  const [rpc, ws] = [await openWindow(windows.rpc), await openWindow(windows.ws)];
  const windowUrl = `http://127.0.0.1:${rpc.port}`;
  const wsEndpoint = `ws://127.0.0.1:${ws.port}`;
  const connection = new Connection(windowUrl, { commitment: "confirmed", wsEndpoint });
  return {
    rpcUrl: child.ready.rpcUrl,
    windowUrl,
    connection,
    child,
    fault: (settings) => child.ask("fault", settings),
    airdrop: async (address, sol) => {
      await child.ask("airdrop", { address, lamports: BigInt(sol) * 1_000_000_000n });
    },
    async close() {
      await closeSocket(connection);
      await rpc.close();
      await ws.close();
      await child.end();
    },
  };
}

/** A port of loopback that leads to a Unix socket. */
async function openWindow(path: string): Promise<{ readonly port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((here) => {
    sockets.add(here);
    const there = connect(path);
    here.on("close", () => sockets.delete(here));
    here.on("error", () => there.destroy());
    there.on("error", () => here.destroy());
    here.pipe(there).pipe(here);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
