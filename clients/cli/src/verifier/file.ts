import { readFileSync } from "node:fs";
import { bytesEqual, formatAddress, toHex } from "@tolldns/sdk";
import {
  decodeRound,
  deriveRound,
  type HealthReport,
  type ProbeRecord,
  type Round,
} from "@tolldns/sdk/policy";
import { decodeNode } from "@tolldns/sdk/stake";
import { CliError } from "../errors.ts";
import { type PolicyProgram, readRoster } from "../policy/program.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** Most bytes of a window's file: 4 096 probes with large answers. */
const MOST_BYTES = 64 * 1024 * 1024;
const PATIENCE_MS = 30_000;

/** Reads a window's file from disk or from a verifier. @throws CliError evidence-missing */
export async function readEvidence(source: string): Promise<Uint8Array> {
  const isUrl = /^https?:\/\//.test(source);
  try {
    if (!isUrl) return readFileSync(source);
    const { getBytes } = await import("../policy/find.ts");
    return await getBytes(source, AbortSignal.timeout(PATIENCE_MS), MOST_BYTES);
  } catch (cause) {
    throw new CliError(
      "evidence-missing",
      `${source} can't be had: ${cause instanceof Error ? cause.message : String(cause)}`,
      isUrl
        ? "Verifiers keep probes for a week or so; another of the same window saw it too, and mirrors may have it."
        : "Name a file of a window (.car), or its address at a verifier.",
      { cause },
    );
  }
}

/** One probe for people: when, over what, which challenge, what came of it and how fast. */
export function tellProbe(
  { index, at, transport, challenge, outcome, reason, latency }: ProbeRecord,
  challenges: readonly { readonly surface: string; readonly name: string }[],
): string {
  const asked = challenges[challenge];
  const what = asked === undefined ? `challenge ${challenge}` : `${asked.surface} ${asked.name}`;
  const fast = latency === 255 ? "" : `, under ${2 ** latency} ms`;
  const why = outcome === "ok" ? "" : `: ${reason}`;
  return `${String(index).padStart(4)}  +${(at / 1_000).toFixed(3).padStart(7)} s  ${transport.padEnd(3)}  ${outcome.padEnd(6)}  ${what}${why}${fast}`;
}

/** Where a report stands on the chain. */
export type OnChain =
  | { readonly state: "equal"; readonly round: Round; readonly seat: number; readonly struck: boolean }
  | { readonly state: "closed" }
  | { readonly state: "different"; readonly why: string };

/** Holds a report against its Round: the seat, the counts, the root of its probes and the key of the seat's node. */
export async function compareWithChain(
  rpc: Rpc,
  program: PolicyProgram,
  report: HealthReport,
  hotKey: Uint8Array,
): Promise<OnChain> {
  const different = (why: string): OnChain => ({ state: "different", why });
  if (!bytesEqual(report.domain, program.config.domain)) return different("it is of another cluster");
  const { policy } = program.deployment;
  const account = await rpc.readAccount(deriveRound(policy, report.target, report.begin).address);
  if (account === null) return { state: "closed" };
  const round = decodeRound(account.data);
  if (round.roster !== report.roster)
    return different(`it names roster ${report.roster}, the round is of roster ${round.roster}`);
  const roster = await readRoster(rpc, program, round.roster);
  if (roster === null) return { state: "closed" };
  const seat = roster.seats.find(({ operator }) => bytesEqual(operator, report.operator));
  if (seat === undefined)
    return different(`operator ${formatAddress(report.operator)} has no seat in roster ${roster.number}`);
  const own = round.reports.find((one) => one.seat === seat.seat);
  if (own === undefined) return different(`seat ${seat.seat} reported nothing of this window`);
  if (own.total !== report.total || own.ok !== report.ok)
    return different(
      `the chain has ${own.ok} of ${own.total} good, the file ${report.ok} of ${report.total}`,
    );
  if (!bytesEqual(own.probesRoot, report.probesRoot))
    return different(
      `the chain has probes root ${toHex(own.probesRoot)}, the file ${toHex(report.probesRoot)}`,
    );
  const node = await rpc.readAccount(seat.node);
  // A key that was changed since signs nothing old any more; then the root alone ties the file to the seat.
  if (node !== null && !bytesEqual(decodeNode(node.data).hotKey, hotKey) && !seat.struck)
    return different("it is signed by another key than the seat's node has now");
  return { state: "equal", round, seat: seat.seat, struck: seat.struck };
}
