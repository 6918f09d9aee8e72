/** What the toll booth costs: `node tests/bench/gateway/toll.ts`. One core, one process; costs of this run, to compare with each other. */
import { buildQuery, encodeName, parseQuery, type Query, queryOf } from "@tolldns/dns";
import { encodeTick } from "@tolldns/sdk";
import { writeRefusal } from "../../../clients/gateway/src/serve/refusals.ts";
import { REFUSALS } from "../../../clients/gateway/src/toll/refusal.ts";
import { completeTerms } from "../../../clients/gateway/src/toll/terms.ts";
import { TICK_PAID } from "../../../clients/gateway/src/toll/tick.ts";
import { enter, LEDGER, NOON, openLane, openStand, PRICE } from "../../gateway/support/booths.ts";
import { createPayer, openBytes, question, tickBytes, voucherBytes } from "../../gateway/support/payer.ts";

const TICKS = 60_000;

const stand = await openStand({ terms: completeTerms({ tickPrice: PRICE, k: 4096, maxUnits: TICKS }) });
const { booth } = stand;
const payer = createPayer({ ledger: LEDGER, lane: 0, price: PRICE, units: TICKS });
openLane(stand, payer, { reserve: 1n << 50n });
await enter(stand, payer);
await booth.pay(voucherBytes(payer, NOON, BigInt(TICKS) * PRICE));

const PARTS = 10;

/** Nanoseconds a call of `run(i)`, i below `count`: the best of ten parts, since others use the machine too. */
function time(count: number, run: (i: number) => void): number {
  const each = Math.floor(count / PARTS);
  let best = Number.POSITIVE_INFINITY;
  for (let part = 0; part < PARTS; part++) {
    const started = process.hrtime.bigint();
    for (let i = part * each; i < (part + 1) * each; i++) run(i);
    best = Math.min(best, Number(process.hrtime.bigint() - started) / each);
  }
  return best;
}

function line(what: string, ns: number, more = ""): void {
  const rate = ns === 0 ? "" : `${Math.round(1e9 / ns).toLocaleString("en")} a second`;
  console.log(`${what.padEnd(44)} ${(ns / 1000).toFixed(2).padStart(9)} us   ${rate.padStart(20)}  ${more}`);
}

const wire = question("www.example.com");
// All in one buffer, as they arrive in a listener's.
const LENGTH = 45;
const ticks = new Uint8Array(TICKS * LENGTH);
for (let i = 0; i < TICKS; i++) ticks.set(tickBytes(payer, i + 1), i * LENGTH);
const spend = (i: number) => booth.spend(ticks, i * LENGTH, LENGTH, wire, 0, wire.length, 1);

// The first half warms up; each tick can be spent once only.
const half = TICKS / 2;
time(half, spend);
let wrong = 0;
const heapBefore = process.memoryUsage().heapUsed;
const check = time(half, (i) => {
  if (spend(half + i) !== TICK_PAID) wrong++;
});
const grown = (process.memoryUsage().heapUsed - heapBefore) / half;
if (wrong > 0) throw new Error(`${wrong} ticks were refused`);
line("tick check, in order", check, `${Math.max(0, Math.round(grown))} bytes of garbage each`);

const refusals: [string, Uint8Array, number][] = [
  ["replayed", ticks.slice(-LENGTH), 0],
  [
    "no such session",
    encodeTick({ session: new Uint8Array(8), index: 1, tick: new Uint8Array(32) }),
    REFUSALS.sessionUnknown,
  ],
  ["malformed", new Uint8Array(7), REFUSALS.malformed],
  [
    "exhausted",
    encodeTick({ session: payer.session, index: TICKS + 1, tick: new Uint8Array(32) }),
    REFUSALS.chainExhausted,
  ],
];
for (const [what, bytes, expected] of refusals) {
  const other = question("other.example");
  const run = () => booth.spend(bytes, 0, bytes.length, other, 0, other.length, 1);
  time(20_000, run);
  const result = run();
  if (expected !== 0 && result !== expected) throw new Error(`${what}: ${result}`);
  line(`refusal of a tick: ${what}`, time(200_000, run));
}

const query = queryOf(buildQuery({ name: encodeName("www.example.com"), type: 1 })) as Query;
const bytes = buildQuery({ name: encodeName("www.example.com"), type: 1 });
const out = new Uint8Array(4096);
const refuse = () => {
  parseQuery(query, bytes, 0, bytes.length, 65_312);
  query.limit = 1232;
  writeRefusal(query, REFUSALS.paymentRequired, out, 0);
};
time(20_000, refuse);
line("unpaid query parsed and refused (REFUSED, EDE)", time(200_000, refuse));

const fresh = createPayer({ ledger: LEDGER, lane: 1, price: PRICE, units: 64 });
openLane(stand, fresh, { reserve: 1n << 50n });
await enter(stand, fresh);
const forged = voucherBytes({ ...fresh, signer: payer.signer }, NOON, 5n);
const verifies = async (count: number) => {
  const started = process.hrtime.bigint();
  for (let i = 0; i < count; i++) await booth.pay(forged);
  return Number(process.hrtime.bigint() - started) / count;
};
await verifies(500);
line("voucher refused for its signature", await verifies(3000));

const LANES = 200;
const payers = Array.from({ length: LANES }, (_, i) =>
  createPayer({ ledger: LEDGER, lane: 10 + i, price: PRICE, units: 16 }),
);
for (const one of payers) {
  openLane(stand, one, { reserve: 1n << 50n });
  await enter(stand, one);
}
for (const together of [1, 16, LANES]) {
  let amount = BigInt(together) * 100_000n;
  const rounds = Math.max(3, Math.floor(400 / together));
  const batches = Array.from({ length: rounds }, () => {
    amount += PRICE;
    return payers.slice(0, together).map((one) => voucherBytes(one, NOON, amount));
  });
  const started = process.hrtime.bigint();
  for (const batch of batches) await Promise.all(batch.map((voucher) => booth.pay(voucher)));
  const ns = Number(process.hrtime.bigint() - started) / (rounds * together);
  line(`voucher verified and on disk, ${together} at a time`, ns);
}
const opener = createPayer({ ledger: LEDGER, lane: 5, price: PRICE, units: 16 });
openLane(stand, opener);
let at = NOON - 200;
const opens = Array.from({ length: 100 }, () => openBytes(opener, at++));
const started = process.hrtime.bigint();
for (const one of opens) await booth.pay(one);
line("session opened (2 signatures, 3 commits)", Number(process.hrtime.bigint() - started) / opens.length);
await stand.close();
