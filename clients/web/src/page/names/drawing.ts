/// <reference lib="dom" />
import { h, type JSX } from "preact";
import type { Checked, PathNode } from "./check.ts";
import { short } from "./check.ts";

const ROW = 46;
const WIDTH = 340;
const CENTRE = WIDTH / 2;
const BESIDE = 96;
const TOP = 52;

/** The way from the leaf, at the bottom, to the root, at the top: at each step what stands beside is hashed in, left or right. */
export function Drawing({ checked, label }: { checked: Checked; label: string }): JSX.Element {
  const { path, status } = checked;
  const steps = path.length - 1;
  const height = TOP + steps * ROW + 66;
  const y = (index: number) => TOP + (steps - index) * ROW;
  const end = path.at(-1) as PathNode;
  const state = status === "refused" ? "bad" : "good";
  return h(
    "svg",
    {
      class: `tree ${state}`,
      viewBox: `0 0 ${WIDTH} ${height}`,
      role: "img",
      "aria-label": `From the leaf of ${label}.dns ${steps === 1 ? "one step" : steps === 0 ? "no step" : `${steps} steps`} to root ${short(end.hash)}, which ${status === "refused" ? "does not hold" : "is the chain's"}.`,
    },
    h("text", { class: "hash", x: CENTRE, y: 16, "text-anchor": "middle" }, `root ${short(end.hash)}`),
    h("text", { class: "note", x: CENTRE, y: 33, "text-anchor": "middle" }, rootNote(checked)),
    path.map((node, index) => drawStep(node, index, y)),
    h("text", { class: "hash", x: CENTRE, y: y(0) + 30, "text-anchor": "middle" }, leafTitle(checked, label)),
    h(
      "text",
      { class: "note", x: CENTRE, y: y(0) + 47, "text-anchor": "middle" },
      leafNote(checked, path[0] as PathNode),
    ),
  );
}

function drawStep({ hash, sibling, level, isLeft }: PathNode, index: number, y: (index: number) => number) {
  const at = y(index);
  const side = isLeft ? CENTRE + BESIDE : CENTRE - BESIDE;
  const middle = at - ROW / 2;
  // It comes in one after the other, as it is computed.
  const delay = { style: `--at:${index}` };
  if (sibling === null)
    return h("g", { key: index, class: "step root", ...delay }, h("circle", { cx: CENTRE, cy: at, r: 9 }));
  return h(
    "g",
    { key: index, class: "step", ...delay },
    h("path", { class: "way", d: `M${CENTRE} ${at}V${at - ROW}` }),
    h("path", { class: "beside", d: `M${side} ${at}V${middle}H${CENTRE}` }),
    h("circle", { class: index === 0 ? "leaf" : "own", cx: CENTRE, cy: at, r: index === 0 ? 9 : 6 }),
    h("circle", { class: "other", cx: side, cy: at, r: 6 }),
    h("text", { class: "small", x: side, y: at + 19, "text-anchor": "middle" }, short(sibling)),
    h(
      "text",
      {
        class: "small faint",
        x: isLeft ? CENTRE - 12 : CENTRE + 12,
        y: middle + 4,
        "text-anchor": isLeft ? "end" : "start",
      },
      `bit ${level}`,
    ),
    index === 0
      ? null
      : h(
          "text",
          {
            class: "small",
            x: isLeft ? CENTRE - 12 : CENTRE + 12,
            y: at + 4,
            "text-anchor": isLeft ? "end" : "start",
          },
          short(hash),
        ),
  );
}

const rootNote = ({ status, epoch, root }: Checked): string => {
  if (root === null) return `epoch ${epoch}: no such root on the chain`;
  return status === "refused"
    ? `the chain has ${short(root)} for epoch ${epoch}`
    : `as the chain has it, epoch ${epoch}`;
};

const leafTitle = ({ leaf }: Checked, label: string): string =>
  leaf === "name" ? `${label}.dns` : leaf === "empty" ? "nothing" : "another name";

const leafNote = ({ leaf, version }: Checked, { hash }: PathNode): string =>
  leaf === "name"
    ? `leaf ${short(hash)}, version ${version}`
    : leaf === "empty"
      ? "the place is empty"
      : `leaf ${short(hash)} has the place`;
