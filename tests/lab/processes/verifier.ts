/**
 * A verifier as a process of its own, by the same start function as `tolldns verifier`. Told to collude, it takes every answer of one
 * backend for silence and reports accordingly: reports in perfect order, about answers that never were.
 */
import { createUpstream, DnsError } from "@tolldns/dns";
import {
  type Asker,
  createConnection,
  type OpenBackend,
  startVerifier,
  type VerifierStatus,
} from "@tolldns/keepers";
import { createSignerNode } from "@tolldns/sdk/node";
import { formatTarget, readChallengeSet } from "@tolldns/sdk/policy";
import { askerOf, openBackend } from "../../../keepers/src/verifier/probe/backend.ts";
import { keySeedOf } from "../../keepers/world/seeds.ts";
import { firstArgument, serve } from "./serve.ts";

export interface VerifierArguments {
  readonly rpcUrl: string;
  readonly program: string;
  /** Name behind the hot key. */
  readonly key: string;
  readonly store: string;
  /** Text of the challenge set. */
  readonly set: string;
  readonly reference: { readonly host: string; readonly port: number };
  /** PEM of the relays' authorities. */
  readonly ca: readonly string[];
  readonly probes: number;
  /** Address to serve reports at. */
  readonly host: string;
  readonly port: number;
}

const TIMEOUT_MS = 1_500;
const told = await firstArgument<VerifierArguments>();
/** The backend it lies about; null: none. */
let accused: string | null = null;

const open: OpenBackend = (target) => {
  const name = formatTarget(target);
  const askers = openBackend(target, told.ca, TIMEOUT_MS);
  return new Map([...askers].map(([transport, asker]) => [transport, colluding(name, asker)]));
};

function colluding(name: string, asker: Asker): Asker {
  return {
    async ask(question, signal) {
      const answer = await asker.ask(question, signal);
      if (accused === name) throw new DnsError("exchange-timeout", "what a colluder claims");
      return answer;
    },
    close: asker.close,
  };
}

const { host: address, port } = told.reference;
const reference = askerOf(createUpstream({ protocol: "udp", address, port, timeoutMs: TIMEOUT_MS }));
const key = createSignerNode(keySeedOf(told.key));
const verifier = await startVerifier({
  connection: createConnection(told.rpcUrl),
  program: told.program,
  key,
  store: { path: told.store },
  sets: [readChallengeSet(told.set)],
  reference,
  openBackend: open,
  privateTargets: true,
  listen: { host: told.host, port: told.port },
  settings: { probes: told.probes, timeoutMs: TIMEOUT_MS, intervalSeconds: 0.5, spreadSeconds: 1 },
});
serve(
  null,
  {
    status: (): VerifierStatus => verifier.status(),
    accuse(name: string | null) {
      accused = name;
    },
  },
  async () => {
    await verifier.close();
    await reference.close();
  },
);
