/// <reference lib="dom" />
import { h, type JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Snapshot } from "../snapshot.ts";
import { count, money, shortMoney } from "./format.ts";

interface Stage {
  readonly title: string;
  readonly amount: string;
  readonly caption: string;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Pipe {
  readonly from: Place;
  readonly to: Place;
  readonly label: Place;
}

interface Coin {
  readonly id: number;
  readonly pipe: number;
  readonly text: string;
}

const WIDTH = 204;
const HEIGHT = 112;
const LABELS = ["reserve", "tolls", "settle"] as const;
/** Milliseconds a coin travels; the style sheet's animation is as long. */
const TRAVEL = 1_800;

/** The path of the money, drawn: balance, lane, voucher, settlement, and each amount that moves on as it does. */
export function Flow({ snapshot, live }: { snapshot: Snapshot; live: boolean }): JSX.Element {
  const narrow = useNarrow();
  const coins = useCoins(snapshot);
  const stages = describe(snapshot);
  const places = layout(narrow);
  const pipes = connect(places, narrow);
  const on = snapshot.payments.on && live;
  const summary = stages.map(({ title, amount, caption }) => `${title}: ${amount}, ${caption}`).join(". ");
  return h(
    "svg",
    {
      class: `flow ${on ? "on" : "off"}`,
      viewBox: narrow ? "0 0 340 760" : "0 0 1160 150",
      role: "img",
      "aria-label": `Toll flow. ${summary}.${on ? "" : " Payments are ended."}`,
    },
    pipes.map((pipe, index) =>
      drawPipe(
        pipe,
        index,
        on,
        coins.some((coin) => coin.pipe === index),
      ),
    ),
    places.map((place, index) => drawStage(place, stages[index] as Stage)),
    coins.map((coin) => drawCoin(coin, pipes[coin.pipe] as Pipe, narrow)),
  );
}

function describe({ flow }: Snapshot): Stage[] {
  const owed = BigInt(flow.tolls) > BigInt(flow.promised) ? BigInt(flow.tolls) - BigInt(flow.promised) : 0n;
  const left = BigInt(flow.reserved) > owed ? BigInt(flow.reserved) - owed : 0n;
  const waiting =
    BigInt(flow.promised) > BigInt(flow.settled) ? BigInt(flow.promised) - BigInt(flow.settled) : 0n;
  return [
    { title: "Balance", amount: money(flow.free), caption: "in escrow, yours to withdraw" },
    {
      title: "Lane",
      amount: money(left.toString()),
      caption: owed === 0n ? "set aside for the gateway" : `and ${shortMoney(owed)} in loose ticks`,
    },
    {
      title: "Voucher",
      amount: money(waiting.toString()),
      caption: `${count(flow.vouchers)} signed; waiting to settle`,
    },
    { title: "Settlement", amount: money(flow.settled), caption: `${count(flow.settlements)} on chain` },
  ];
}

function layout(narrow: boolean): Place[] {
  return [0, 1, 2, 3].map((index) =>
    narrow ? { x: 68, y: 6 + index * 208 } : { x: 4 + index * 316, y: 24 },
  );
}

function connect(places: readonly Place[], narrow: boolean): Pipe[] {
  return places.slice(1).map((next, index) => {
    const { x, y } = places[index] as Place;
    if (narrow) {
      const middle = x + WIDTH / 2;
      return {
        from: { x: middle, y: y + HEIGHT + 4 },
        to: { x: middle, y: next.y - 8 },
        label: { x: middle - 14, y: y + HEIGHT + 52 },
      };
    }
    const middle = y + HEIGHT / 2;
    return {
      from: { x: x + WIDTH + 4, y: middle },
      to: { x: next.x - 8, y: middle },
      label: { x: (x + WIDTH + next.x) / 2, y: middle + 24 },
    };
  });
}

function drawPipe({ from, to, label }: Pipe, index: number, on: boolean, busy: boolean): JSX.Element {
  const ended = !on && index < 2;
  return h(
    "g",
    { key: `pipe${index}`, class: `pipe${busy ? " busy" : ""}${ended ? " ended" : ""}` },
    h("path", { class: "bed", d: `M${from.x} ${from.y}L${to.x} ${to.y}` }),
    h("path", { class: "stream", d: `M${from.x} ${from.y}L${to.x} ${to.y}` }),
    h("path", {
      class: "head",
      d: from.y === to.y ? `M${to.x - 3} ${to.y - 6}l9 6l-9 6z` : `M${to.x - 6} ${to.y - 3}l6 9l6-9z`,
    }),
    h(
      "text",
      { x: label.x, y: label.y, class: "label", "text-anchor": from.y === to.y ? "middle" : "end" },
      ended ? "ended" : LABELS[index],
    ),
  );
}

function drawStage({ x, y }: Place, { title, amount, caption }: Stage): JSX.Element {
  const middle = x + WIDTH / 2;
  return h(
    "g",
    { key: title, class: `stage ${title.toLowerCase()}` },
    h("rect", { x, y, width: WIDTH, height: HEIGHT, rx: 14 }),
    h("text", { x: middle, y: y + 28, class: "title" }, title),
    h("text", { x: middle, y: y + 63, class: "amount" }, amount),
    h("text", { x: middle, y: y + 92, class: "caption" }, caption),
  );
}

function drawCoin({ id, text }: Coin, { from, to }: Pipe, narrow: boolean): JSX.Element {
  const path = { "--x0": `${from.x}px`, "--y0": `${from.y}px`, "--x1": `${to.x}px`, "--y1": `${to.y}px` };
  return h(
    "g",
    { key: `coin${id}`, class: "coin", style: path as never },
    h("circle", { r: 6 }),
    h("text", narrow ? { x: 14, y: 5 } : { y: -14, "text-anchor": "middle" }, text),
  );
}

/** Milliseconds between two coins of a pipe: what moves meanwhile travels in the next. */
const GATHER = 900;

/** Coins for what moved: into lanes, as ticks and vouchers, into settlements. */
function useCoins(snapshot: Snapshot): Coin[] {
  const told = useRef<readonly bigint[] | null>(null);
  const sentAt = useRef<readonly number[]>([0, 0, 0]);
  const lastId = useRef(0);
  const [coins, setCoins] = useState<Coin[]>([]);
  const { flow } = snapshot;
  useEffect(() => {
    const now = [BigInt(flow.reserved) + BigInt(flow.promised), BigInt(flow.tolls), BigInt(flow.settled)];
    const before = told.current ?? now;
    const time = performance.now();
    const isDue = now.map(
      (value, pipe) => value > (before[pipe] ?? value) && time - (sentAt.current[pipe] ?? 0) > GATHER,
    );
    const fresh = now.flatMap((value, pipe) =>
      isDue[pipe] ? [{ id: ++lastId.current, pipe, text: shortMoney(value - (before[pipe] ?? value)) }] : [],
    );
    // What shrank is told anew: a lane that closed gives back.
    told.current = now.map((value, pipe) =>
      isDue[pipe] || value < (before[pipe] ?? 0n) ? value : (before[pipe] ?? value),
    );
    sentAt.current = sentAt.current.map((at, pipe) => (isDue[pipe] ? time : at));
    if (fresh.length === 0) return;
    setCoins((all) => [...all, ...fresh]);
    setTimeout(() => setCoins((all) => all.filter((coin) => !fresh.includes(coin))), TRAVEL);
  }, [snapshot]);
  return coins;
}

function useNarrow(): boolean {
  const query = matchMedia("(max-width: 720px)");
  const [narrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const change = () => setNarrow(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, []);
  return narrow;
}
