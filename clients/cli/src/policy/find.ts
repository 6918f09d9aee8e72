import {
  hearReports,
  readTargetHistory,
  type TargetHistory,
  type ToldIncident,
  tellIncidents,
} from "@tolldns/policy";
import { fromBase58, toHex } from "@tolldns/sdk";
import { formatTarget, type TargetAccount, targetId } from "@tolldns/sdk/policy";
import { CliError } from "../errors.ts";
import type { Rpc } from "../wallet/rpc.ts";
import { incidentAt } from "./incident.ts";
import type { PlacedLine } from "./logs.ts";
import type { PolicyProgram } from "./program.ts";
import { readTarget } from "./targets.ts";
import { fullTime } from "./when.ts";

/** What incidents are looked for with. */
export interface FindParts {
  readonly rpc: Rpc;
  readonly program: PolicyProgram;
  readonly targets: readonly TargetAccount[];
  readonly decisions: readonly PlacedLine[];
  /** The chain's time, Unix seconds. */
  readonly now: number;
}

/** An incident and the history it is of. */
export interface FoundIncident {
  readonly incident: ToldIncident;
  readonly history: TargetHistory;
}

/** The registered target that a text means. @throws CliError usage, target-missing */
export function chooseTarget(targets: readonly TargetAccount[], text: string): TargetAccount {
  const wanted = readTarget(text);
  const id = toHex(targetId(wanted));
  const found = targets.find((one) => toHex(one.id) === id);
  if (found !== undefined) return found;
  const there = targets.map(({ name }) => name).join(", ");
  throw new CliError(
    "target-missing",
    `nobody registered ${formatTarget(wanted)}`,
    there === ""
      ? "There are no targets yet: `tolldns policy register <target>` makes one."
      : `These are there: ${there}. \`tolldns policy register <target>\` adds one.`,
  );
}

/** Seconds of history read at first, and how many windows at least; more only where an incident began earlier. */
const REACH = 3_600;
const WINDOWS = 30;

/** The incident of these targets that lasted at a moment; without one, the one that began last. @throws CliError incident-missing */
export async function findIncident(
  parts: FindParts,
  candidates: readonly TargetAccount[],
  at: number | undefined,
): Promise<FoundIncident> {
  const moved = candidates.filter(({ standing }) => standing.transitions > 0n);
  const latest = moved.toSorted((a, b) => Number(b.standing.since - a.standing.since));
  // Without a moment only the target that changed last can have the last incident.
  const read = at === undefined ? latest.slice(0, 1) : latest;
  const found = (
    await Promise.all(read.map((target) => readIncidents(parts, target, at ?? Number(target.standing.since))))
  ).flat();
  const incidents = found.map(({ incident }) => incident);
  const best =
    at === undefined
      ? incidents.toSorted((a, b) => b.from - a.from)[0]
      : incidentAt(incidents, at, parts.now, parts.program.config.terms.window);
  const hit = found.find(({ incident }) => incident === best);
  if (hit !== undefined) return hear(parts, hit);
  const [near] = at === undefined ? [] : incidents.toSorted((a, b) => away(a, at) - away(b, at));
  throw new CliError(
    "incident-missing",
    at === undefined
      ? "nothing ever went wrong: no state on chain changed, nobody was out of use here"
      : `nothing was wrong at ${fullTime(at)}`,
    near === undefined
      ? "`tolldns policy status` shows the present states; `tolldns policy log` what gateway and edge decided by themselves."
      : `The nearest incident was of ${near.target.name}, from ${fullTime(near.from)}: name that time with --at.`,
  );
}

const away = ({ from, until }: ToldIncident, at: number): number =>
  Math.max(from - at, at - (until ?? Number.POSITIVE_INFINITY), 0);

/** Incidents of a target around a moment; reads further back until the first one read has its beginning. */
async function readIncidents(
  { rpc, program, decisions }: FindParts,
  { kind, name }: TargetAccount,
  at: number,
): Promise<FoundIncident[]> {
  const { policy } = program.deployment;
  const genesis = fromBase58(await rpc.call<string>("getGenesisHash"));
  for (let reach = Math.max(REACH, WINDOWS * program.config.terms.window); ; reach *= 4) {
    const since = Math.max(0, at - reach);
    const history = await readTargetHistory({
      call: (method, params) => rpc.call(method, params),
      program: policy,
      genesis,
      target: { kind, name },
      since,
    });
    const [first] = history.changes;
    if (first === undefined || first.from === "healthy" || since === 0)
      return tellIncidents({ history, decisions, heard: [] }).map((incident) => ({ incident, history }));
  }
}

/** Milliseconds for all verifiers together. */
const PATIENCE_MS = 4_000;

/** Asks verifiers what they saw in the windows that moved the target, and tells the incident again with it. */
async function hear({ decisions }: FindParts, { incident, history }: FoundIncident): Promise<FoundIncident> {
  const begins = incident.steps.flatMap((step) => (step.kind === "change" ? [step.change.begin] : []));
  const { heard } = await hearReports({
    history,
    begins: [...new Set(begins)],
    get: getText,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const told = tellIncidents({ history, decisions, heard }).find(({ from }) => from === incident.from);
  return { incident: told ?? incident, history };
}

/** A verifier's word over HTTP, never longer than asked for. */
export async function getText(url: string, signal: AbortSignal, maxBytes: number): Promise<string> {
  return Buffer.from(await getBytes(url, signal, maxBytes)).toString("utf8");
}

/** Same, as bytes. @throws Error for anything but 200, and for a body above `maxBytes` */
export async function getBytes(url: string, signal: AbortSignal, maxBytes: number): Promise<Uint8Array> {
  const response = await fetch(url, { signal, redirect: "error" });
  if (!response.ok || response.body === null) throw new Error(`${url} answers ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > maxBytes) throw new Error(`${url} sends more than ${maxBytes} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
