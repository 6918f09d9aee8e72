/** An edge as a process of its own, by the same start function as `tolldns edge`. */
import { type EdgeOptions, type EdgeStatus, startEdge } from "@tolldns/edge";
import { firstArgument, serve } from "./serve.ts";

export interface EdgeReady {
  readonly addresses: readonly { readonly host: string; readonly port: number }[];
}

const log: EdgeOptions["log"] = (line) =>
  void process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`);
const edge = await startEdge({ ...(await firstArgument<EdgeOptions>()), log });
const ready: EdgeReady = { addresses: edge.addresses };
serve(ready, { status: (): EdgeStatus => edge.status() }, () => edge.close());
