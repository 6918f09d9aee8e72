/// <reference lib="dom" />
import { h, type JSX } from "preact";
import type { EpochSnapshot } from "../../snapshot.ts";
import { count, shorten } from "../format.ts";
import { panel } from "../panels.ts";
import { STATES, tone, weigh } from "./words.ts";

const STAGES = [
  ["frozen", "Frozen", "stake and names as they are"],
  ["drawing", "Drawn", "seats by weight"],
  ["voting", "Voting", "two thirds must agree"],
  ["attested", "Challenge", "anyone may prove it wrong"],
  ["final", "Final", "clients trust the root"],
] as const;

/** The life of one epoch: which stage it is in, how far the votes are, how long it may still be challenged. */
export function Life({ epoch, now }: { epoch: EpochSnapshot; now: number }): JSX.Element {
  const at = stageOf(epoch);
  return panel(
    "life",
    `Epoch ${epoch.number}`,
    h(
      "p",
      { class: "state", role: "status" },
      h("span", { class: `chip ${tone(epoch)}` }, STATES[epoch.state]),
      ` ${sentence(epoch, now)}`,
    ),
    h(
      "ol",
      { class: "stages" },
      STAGES.map(([, title, about], index) =>
        h(
          "li",
          {
            key: title,
            class:
              index < at
                ? "done"
                : index === at
                  ? isBroken(epoch)
                    ? "broken"
                    : epoch.state === "final"
                      ? "done"
                      : "now"
                  : "",
            ...(index === at ? { "aria-current": "step" as const } : {}),
          },
          h("span", { class: "stage-title" }, index === at && isBroken(epoch) ? STATES[epoch.state] : title),
          h("span", { class: "stage-about" }, about),
        ),
      ),
    ),
    h("h3", null, "Votes by weight"),
    h(Votes, { epoch }),
    h("h3", null, "Challenge window"),
    h(Window, { epoch, now }),
  );
}

const isBroken = ({ state }: EpochSnapshot): boolean => state === "rejected" || state === "stalled";

function stageOf(epoch: EpochSnapshot): number {
  if (epoch.state === "rejected") return 3;
  if (epoch.state === "stalled") return epoch.seats.length === 0 ? 1 : 2;
  return STAGES.findIndex(([state]) => state === epoch.state);
}

function sentence(
  { state, deadline, attested, challenge, seats, committee }: EpochSnapshot,
  now: number,
): string {
  const left = (end: number) => `${Math.max(0, Math.round(end - now))} s`;
  switch (state) {
    case "frozen":
      return "waiting for the slot whose hash is the seed.";
    case "drawing":
      return `${seats.length} of at most ${committee} seats are drawn.`;
    case "voting":
      return `${left(deadline)} are left to reach two thirds.`;
    case "attested":
      return `two thirds agree on ${updates(attested?.updates ?? 0)}; final in ${left(attested?.until ?? now)} unless proven wrong.`;
    case "final":
      return `with ${updates(attested?.updates ?? 0)}. The next follows when its time has come.`;
    case "rejected":
      return `${challenge ?? "it was proven wrong"}. The root before it stays.`;
    case "stalled":
      return "two thirds never agreed. The root before it stays, and the next epoch goes on.";
  }
}

const updates = (number: number): string =>
  number === 0 ? "no update" : number === 1 ? "one update" : `${count(number)} updates`;

const WIDTH = 1000;

/** Each seat as wide as its weight, full once it voted; the line is at two thirds. */
function Votes({ epoch }: { epoch: EpochSnapshot }): JSX.Element {
  const { seats, weight, voted } = epoch;
  const total = BigInt(weight);
  const scale = (units: bigint) => (total === 0n ? 0 : Number((units * 100_000n) / total) / 100_000);
  // Those who voted stand first, so that the votes are seen filling up.
  const order = [...seats].sort((a, b) => Number(b.voted && !b.struck) - Number(a.voted && !a.struck));
  let from = 0n;
  const bars = order.map((seat) => {
    const x = scale(from) * WIDTH;
    from += BigInt(seat.weight);
    return { seat, x, width: scale(BigInt(seat.weight)) * WIDTH };
  });
  const part = scale(BigInt(voted));
  return h(
    "figure",
    { class: "votes" },
    h(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} 60`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${seats.length} seats; ${Math.round(part * 100)} % of their weight voted, two thirds are needed`,
      },
      h("rect", { class: "ground", x: 0, y: 8, width: WIDTH, height: 44 }),
      bars.map(({ seat, x, width }) =>
        h(
          "rect",
          {
            key: seat.witness,
            class: seat.struck ? "struck" : seat.voted ? "voted" : "silent",
            x: x + 1,
            y: 8,
            width: Math.max(1, width - 2),
            height: 44,
          },
          h(
            "title",
            null,
            `${shorten(seat.witness, 6)}: ${weigh(seat.weight)}, ${seat.struck ? "struck for two votes" : seat.voted ? "voted" : "not yet"}`,
          ),
        ),
      ),
      h("path", { class: "line", d: `M${(2 * WIDTH) / 3} 0V60` }),
    ),
    h("span", { class: "mark-line", "aria-hidden": "true" }, "two thirds"),
    h(
      "figcaption",
      null,
      seats.length === 0
        ? "No seat is drawn yet."
        : `${Math.round(part * 100)} % of ${weigh(weight)} voted, by ${seats.filter((seat) => seat.voted).length} of ${seats.length} seats`,
    ),
  );
}

/** What is left of the window, running down. */
function Window({ epoch, now }: { epoch: EpochSnapshot; now: number }): JSX.Element {
  const { attested, state } = epoch;
  if (attested === null) return h("p", { class: "quiet window" }, "It opens when two thirds have voted.");
  const length = Math.max(1, attested.until - attested.at);
  const left = state === "attested" ? Math.max(0, attested.until - now) : 0;
  const end = { rejected: "Proven wrong in time.", final: "Over; nobody proved anything." }[
    state as "rejected" | "final"
  ];
  return h(
    "figure",
    { class: `window ${state}` },
    h(
      "svg",
      {
        viewBox: `0 0 ${WIDTH} 12`,
        preserveAspectRatio: "none",
        role: "img",
        "aria-label": `${Math.round(left)} of ${length} seconds left`,
      },
      h("rect", { class: "ground", x: 0, y: 0, width: WIDTH, height: 12, rx: 6 }),
      h("rect", { class: "left", x: 0, y: 0, width: (left / length) * WIDTH, height: 12, rx: 6 }),
    ),
    h(
      "figcaption",
      null,
      end ?? `${Math.round(left)} s left of ${length} s; root `,
      end === undefined ? h("code", null, attested.root.slice(0, 16)) : null,
      end === undefined ? "…" : null,
    ),
  );
}
