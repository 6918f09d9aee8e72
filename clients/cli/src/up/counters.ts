import { formatIu } from "@tolldns/sdk";
import type { Snapshot } from "@tolldns/web";

/** What is counted, as people read it. */
export function describeCounters({ queries, flow, payments }: Snapshot): [string, string][] {
  const asked = queries.hits + queries.misses;
  const share = asked === 0 ? "" : ` (${Math.round((100 * queries.hits) / asked)} %)`;
  return [
    ["queries", String(queries.total)],
    ["hits", `${queries.hits}${share}`],
    ["tolls IU", payments.on ? formatIu(BigInt(flow.tolls)) : `${formatIu(BigInt(flow.tolls))} ended`],
    ["vouchers", String(flow.vouchers)],
    ["settlements", String(flow.settlements)],
    ["settled IU", formatIu(BigInt(flow.settled))],
    ["balance IU", flow.free === null ? "?" : formatIu(BigInt(flow.free))],
  ];
}

/** Milliseconds between two looks; where nothing can be redrawn, between two lines at most. */
const REDRAW_MS = 500;
const LINE_MS = 10_000;

/** Shows live counters until the returned function is called: redrawn in place on a terminal, a line when something changed elsewhere. */
export function showCounters(read: () => Snapshot, stream: NodeJS.WriteStream): () => void {
  const draw = stream.isTTY === true ? createRedraw(stream) : createLines(stream);
  draw(describeCounters(read()));
  const timer = setInterval(
    () => draw(describeCounters(read())),
    stream.isTTY === true ? REDRAW_MS : LINE_MS,
  );
  return () => clearInterval(timer);
}

function createRedraw(stream: NodeJS.WriteStream): (counters: [string, string][]) => void {
  let drawn = false;
  return (counters) => {
    const width = counters.map(([name, value]) => Math.max(name.length, value.length) + 3);
    const row = (column: 0 | 1) =>
      `  ${counters.map((counter, index) => counter[column].padEnd(width[index] as number)).join("")}`.trimEnd();
    const cut = (text: string) => text.slice(0, (stream.columns || 80) - 1);
    stream.write(`${drawn ? "\x1b[2A" : ""}\r\x1b[2K\x1b[2m${cut(row(0))}\x1b[0m\n\x1b[2K${cut(row(1))}\n`);
    drawn = true;
  };
}

function createLines(stream: NodeJS.WriteStream): (counters: [string, string][]) => void {
  let last = "";
  return (counters) => {
    const line = counters.map(([name, value]) => `${name} ${value}`).join(", ");
    if (line !== last) stream.write(`${line}\n`);
    last = line;
  };
}
