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

/** Counters on a screen. */
export interface ShownCounters {
  /** Writes lines above the counters, which stay at the bottom. */
  say(text: string): void;
  stop(): void;
}

/** Shows live counters: redrawn in place on a terminal, a line when something changed elsewhere. */
export function showCounters(read: () => Snapshot, stream: NodeJS.WriteStream): ShownCounters {
  const shown = stream.isTTY === true ? createRedraw(stream) : createLines(stream);
  shown.draw(describeCounters(read()));
  const timer = setInterval(
    () => shown.draw(describeCounters(read())),
    stream.isTTY === true ? REDRAW_MS : LINE_MS,
  );
  return {
    say(text) {
      shown.say(text);
      shown.draw(describeCounters(read()));
    },
    stop: () => clearInterval(timer),
  };
}

interface Shown {
  draw(counters: [string, string][]): void;
  say(text: string): void;
}

function createRedraw(stream: NodeJS.WriteStream): Shown {
  let drawn = false;
  const clear = () => void (drawn && stream.write("\x1b[2A\r\x1b[J"));
  return {
    draw(counters) {
      const width = counters.map(([name, value]) => Math.max(name.length, value.length) + 3);
      const row = (column: 0 | 1) =>
        `  ${counters.map((counter, index) => counter[column].padEnd(width[index] as number)).join("")}`.trimEnd();
      const cut = (text: string) => text.slice(0, (stream.columns || 80) - 1);
      stream.write(`${drawn ? "\x1b[2A" : ""}\r\x1b[2K\x1b[2m${cut(row(0))}\x1b[0m\n\x1b[2K${cut(row(1))}\n`);
      drawn = true;
    },
    say(text) {
      clear();
      stream.write(`${text}\n`);
      drawn = false;
    },
  };
}

function createLines(stream: NodeJS.WriteStream): Shown {
  let last = "";
  return {
    draw(counters) {
      const line = counters.map(([name, value]) => `${name} ${value}`).join(", ");
      if (line !== last) stream.write(`${line}\n`);
      last = line;
    },
    say: (text) => void stream.write(`${text}\n`),
  };
}
