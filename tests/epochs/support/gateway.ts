import { startGateway } from "@tolldns/gateway";

// An honest gateway as a process of its own: `node gateway.ts '{...}'`. Prints where it is once it answers.

/** What the process is told. */
export interface GatewayArguments {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly quorum: string;
  readonly genesis: string;
  readonly feeds: readonly string[];
  /** 0 the first time; a gateway is where it was when it comes back. */
  readonly dohPort: number;
  readonly dotPort: number;
}

const told = JSON.parse(process.argv[2] ?? "{}") as GatewayArguments;
const gateway = await startGateway({
  listen: { host: "127.0.0.1", dot: told.dotPort, doh: told.dohPort },
  certificate: { kind: "development", folder: told.folder, names: ["localhost", "127.0.0.1"] },
  // Nobody is there: whatever is asked in this demonstration is below `dns`.
  upstreams: [{ kind: "udp", host: "127.0.0.1", port: 9 }],
  limits: { freeRate: 1e6, clientRate: 1e6, clientBurst: 1e6, responseRate: 1e6 },
  log: { level: "error" },
  routes: {
    feeds: told.feeds,
    chain: { rpcUrl: told.rpcUrl, quorum: told.quorum, genesis: told.genesis },
    policy: { recheckSeconds: 2 },
  },
});
const { doh, dot } = gateway.addresses;
const line = { url: `https://127.0.0.1:${doh?.port}`, dotPort: dot?.port, ca: gateway.authority };
process.stdout.write(`${JSON.stringify(line)}\n`);
process.once("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
