import { formatAddress, fromBase64Url, toHex } from "@tolldns/sdk";
import { decodeReport, type HealthReport, latencyQuantile, verifyReport } from "@tolldns/sdk/policy";
import type { HeardReport, RefusedReport, SeatReport, TargetHistory } from "./types.ts";

/** Gets a document over HTTP as text. Rejects for anything but a 200, and for a body above `maxBytes`. */
export type GetText = (url: string, signal: AbortSignal, maxBytes: number) => Promise<string>;

const MAX_BYTES = 16 * 1024;
const AT_ONCE = 8;

export interface HearReportsOptions {
  readonly history: TargetHistory;
  /** Only these windows; default all that have a round. */
  readonly begins?: readonly number[];
  readonly get: GetText;
  readonly signal: AbortSignal;
}

/**
 * Asks the verifiers of a target's rounds for their reports. What they say is a hint: only what their Node's key signed, and what does not contradict what they
 * reported on chain, is given back; the rest is told as refused. Verifiers that don't answer are left out.
 */
export async function hearReports(
  options: HearReportsOptions,
): Promise<{ readonly heard: HeardReport[]; readonly refused: RefusedReport[] }> {
  const { history, get, signal } = options;
  const begins = options.begins ?? [...history.rounds.keys()];
  const asked = begins.flatMap((begin) =>
    (history.rounds.get(begin)?.seats ?? []).flatMap((seat) =>
      seat.endpoint === null ? [] : [{ begin, seat }],
    ),
  );
  const heard: HeardReport[] = [];
  const refused: RefusedReport[] = [];
  let next = 0;
  async function work(): Promise<void> {
    for (let one = asked[next++]; one !== undefined && !signal.aborted; one = asked[next++]) {
      const { begin, seat } = one;
      const endpoint = seat.endpoint as string;
      const url = `${endpoint.replace(/\/$/, "")}/v1/reports/${history.target.id}/${begin}`;
      let text: string;
      try {
        text = await get(url, signal, MAX_BYTES);
      } catch {
        continue;
      }
      try {
        heard.push(judgeReport(text, begin, seat, history));
      } catch (error) {
        refused.push({ endpoint, begin, reason: error instanceof Error ? error.message : String(error) });
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  heard.sort((a, b) => a.begin - b.begin || (a.operator < b.operator ? -1 : 1));
  return { heard, refused };
}

/** Reads one answer of a verifier and holds it against key, window and chain. Throws an Error that says what is wrong. */
export function judgeReport(
  text: string,
  begin: number,
  seat: SeatReport,
  history: TargetHistory,
): HeardReport {
  const { report: encoded, signature } = JSON.parse(text) as { report?: unknown; signature?: unknown };
  if (typeof encoded !== "string" || typeof signature !== "string")
    throw new Error("no report and signature in it");
  const bytes = fromBase64Url(encoded);
  const report = decodeReport(bytes);
  if (seat.hotKey === null || !verifyReport(bytes, seat.hotKey, fromBase64Url(signature)))
    throw new Error("the Node's key did not sign it");
  const foreign = foreignPart(report, begin, seat, history);
  if (foreign !== null) throw new Error(`it is of another ${foreign}`);
  const { said } = seat;
  if (said !== null) {
    const isSame =
      said.total === report.total && said.ok === report.ok && said.probesRoot === toHex(report.probesRoot);
    if (!isSame) throw new Error("it says something else than what was reported on chain");
  }
  const bucket = latencyQuantile(report, 0.5);
  const { total, ok, wrong, failed, silent, stale } = report;
  return {
    operator: seat.operator,
    endpoint: seat.endpoint as string,
    begin,
    total,
    ok,
    wrong,
    failed,
    silent,
    stale,
    medianMs: bucket === undefined ? null : 2 ** bucket,
    probesRoot: toHex(report.probesRoot),
    standing: said === null ? "signed" : "chain",
  };
}

function foreignPart(
  report: HealthReport,
  begin: number,
  seat: SeatReport,
  { domain, target, rounds }: TargetHistory,
): string | null {
  if (toHex(report.domain) !== domain) return "cluster";
  if (toHex(report.target) !== target.id) return "target";
  if (Number(report.begin) !== begin) return "window";
  if (formatAddress(report.operator) !== seat.operator) return "operator";
  if (report.roster !== rounds.get(begin)?.roster) return "roster";
  return null;
}
