import { createConnection, startWitness } from "@tolldns/keepers";
import { createSignerNode } from "@tolldns/sdk/node";
import { keySeedOf } from "../../keepers/world/seeds.ts";

// A witness as a process of its own, so that it can be killed: `node witness.ts '{...}'`. Prints the address of its feed once it answers.

/** What the process is told; keys are made from names. */
export interface WitnessArguments {
  readonly rpcUrl: string;
  readonly quorum: string;
  /** Name behind the witness key and behind that of the fee payer. */
  readonly key: string;
  readonly payer: string;
  readonly port: number;
  readonly path: string;
  readonly intervalSeconds: number;
  readonly patience: number;
}

const told = JSON.parse(process.argv[2] ?? "{}") as WitnessArguments;
const witness = await startWitness({
  connection: createConnection(told.rpcUrl),
  quorum: told.quorum,
  store: { path: told.path },
  listen: { host: "127.0.0.1", port: told.port },
  key: createSignerNode(keySeedOf(told.key)),
  feePayer: createSignerNode(keySeedOf(told.payer)),
  policy: { intervalSeconds: told.intervalSeconds },
  voting: { patience: told.patience, pause: 0.5, omissionMargin: 3, attest: false },
  log: () => {},
});
process.stdout.write(`${witness.url}\n`);
process.once("SIGTERM", () => void witness.close().then(() => process.exit(0)));
