/** The embedded chain as a process of its own, on an address others reach, and by two files for the lab itself, which may be elsewhere. */
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { type ChainOptions, type FaultSettings, startChain } from "@tolldns/chain";
import { firstArgument, serve } from "./serve.ts";

export interface ChainArguments extends ChainOptions {
  /** Unix sockets to listen on, for RPC and WebSocket. */
  readonly windows: { readonly rpc: string; readonly ws: string };
}

export interface ChainReady {
  readonly rpcUrl: string;
}

const { windows, ...options } = await firstArgument<ChainArguments>();
const chain = await startChain(options);
for (const [path, url] of [
  [windows.rpc, chain.rpcUrl],
  [windows.ws, chain.wsUrl],
] as const) {
  const { hostname, port } = new URL(url);
  const window = createServer((here) => {
    const there = connect(Number(port), hostname);
    here.on("error", () => there.destroy());
    there.on("error", () => here.destroy());
    here.pipe(there).pipe(here);
  });
  await once(window.listen(path), "listening");
}
const ready: ChainReady = { rpcUrl: chain.rpcUrl };
serve(
  ready,
  {
    fault: (settings: Partial<FaultSettings>) => chain.faults.set(settings),
    airdrop: ({ address, lamports }: { address: string; lamports: bigint }) =>
      chain.airdrop(address, lamports),
  },
  () => chain.close(),
);
