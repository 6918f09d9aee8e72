/// <reference lib="dom" />
import { h, type JSX } from "preact";
import type { PolicySnapshot, TargetSnapshot, TransitionSnapshot } from "../../policy-snapshot.ts";
import { time } from "../format.ts";
import { type Band, bandsOf, timeIn } from "./bands.ts";
import { duration, MEANING, STATES, shortName, toneOf } from "./words.ts";

const WIDTH = 1_000;
const HEIGHT = 28;
/** How much of the height a state takes: less trust, less of it, so that it can be read without colours. */
const PART = { healthy: 1, recovering: 0.7, degraded: 0.45, disabled: 0.2 } as const;

export interface TimelineProps {
  readonly policy: PolicySnapshot;
  /** Seconds shown, ending now. */
  readonly span: number;
  readonly chosen: TransitionSnapshot | null;
  choose(transition: TransitionSnapshot): void;
}

/** A row a target: its states as bands over time, with a button where each change was. */
export function Timeline({ policy, span, chosen, choose }: TimelineProps): JSX.Element {
  const { now, targets, transitions } = policy;
  const from = now - span;
  return h(
    "div",
    { class: "timeline" },
    h(
      "ul",
      { class: "legend", "aria-label": "States" },
      STATES.map((state) =>
        h(
          "li",
          { key: state },
          h("span", { class: `swatch ${state}`, "aria-hidden": true }),
          `${state}: ${MEANING[state]}`,
        ),
      ),
    ),
    h(
      "ul",
      { class: "targets" },
      targets.map((target) => {
        const bands = bandsOf(target, transitions, from, now);
        return h(
          "li",
          { key: target.id, class: "target", "data-target": target.name },
          h(
            "div",
            { class: "about" },
            h("span", { class: "who" }, shortName(target)),
            h("span", { class: `chip ${toneOf(target.state)}` }, target.state),
            h("span", { class: "what" }, detail(target, now)),
          ),
          h(
            "div",
            { class: "row" },
            drawBands(target, bands, from, span),
            bands.flatMap(({ begunBy }) =>
              begunBy === null ? [] : [mark(begunBy, (begunBy.at - from) / span, begunBy === chosen, choose)],
            ),
          ),
        );
      }),
    ),
    axis(from, span),
  );
}

function detail({ kind, state, since, shareBps, runs, last }: TargetSnapshot, now: number): string {
  const run = Object.entries({ clean: runs.clean, bad: runs.bad, poor: runs.poor }).find(([, n]) => n > 0);
  return [
    kind,
    state === "recovering" ? `${Math.round(shareBps / 100)} % of its share` : "",
    since === 0 ? "never changed" : `for ${duration(now - since)}`,
    last === null ? "no window judged yet" : "",
    run === undefined ? "" : `${run[1]} ${run[0]} ${run[1] === 1 ? "window" : "windows in a row"}`,
  ]
    .filter((text) => text !== "")
    .join(" · ");
}

function drawBands(target: TargetSnapshot, bands: readonly Band[], from: number, span: number): JSX.Element {
  const x = (at: number) => ((at - from) / span) * WIDTH;
  const spent = timeIn(bands);
  const told = STATES.filter((state) => spent[state] > 0).map(
    (state) => `${state} ${duration(spent[state])}`,
  );
  return h(
    "svg",
    {
      class: "bands",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "img",
      "aria-label": `${target.name} in the last ${duration(span)}: ${told.join(", ")}.`,
    },
    bands.flatMap((band) => {
      const width = Math.max(0, x(band.to) - x(band.from));
      const high = HEIGHT * PART[band.state];
      const place = { x: x(band.from).toFixed(1), width: width.toFixed(1) };
      return [
        h("rect", {
          key: `g${band.from}`,
          class: `ground ${band.state}`,
          ...place,
          y: 0,
          height: HEIGHT,
        }),
        h("rect", {
          key: `b${band.from}`,
          class: `band ${band.state}`,
          ...place,
          y: (HEIGHT - high).toFixed(1),
          height: high.toFixed(1),
        }),
      ];
    }),
  );
}

function mark(
  transition: TransitionSnapshot,
  at: number,
  isChosen: boolean,
  choose: (transition: TransitionSnapshot) => void,
): JSX.Element {
  const text = `${time(transition.at)}: ${transition.from} to ${transition.to}`;
  return h("button", {
    key: `${transition.at}`,
    type: "button",
    class: "mark",
    title: text,
    "aria-label": `${text}. Show the evidence`,
    "aria-pressed": isChosen,
    style: `left:${(100 * at).toFixed(2)}%`,
    onClick: () => choose(transition),
  });
}

/** Five moments below the rows; the middle ones give way on narrow screens. */
function axis(from: number, span: number): JSX.Element {
  const parts = [0, 0.25, 0.5, 0.75, 1];
  return h(
    "div",
    { class: "axis", "aria-hidden": true },
    parts.map((part) => h("span", { key: part }, part === 1 ? "now" : time(from + part * span))),
  );
}
