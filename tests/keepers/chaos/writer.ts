import { Connection } from "@solana/web3.js";
import { isTransient, openStore, type VoucherOffer } from "@tolldns/store";
import { openWorld } from "../world/world.ts";
import { dice, promisesOf } from "./plan.ts";

// The gateway's side of the store: takes each lane over, then keeps what the payers promise, in random order, and prints
// what it acknowledged. Started again it goes on where the store says it was.

const { store: config, deployment, seed, lanes, vouchers, pauseMs } = JSON.parse(process.argv[2] ?? "{}");
const today = Math.floor(Date.now() / 86_400_000);
const world = openWorld(new Connection("http://127.0.0.1:1"), deployment, today);
const store = await openStore(config);

async function persist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

interface Payer {
  readonly lane: number;
  readonly promises: readonly bigint[];
  readonly fence: bigint;
  next: number;
}

const payers: Payer[] = await Promise.all(
  Array.from({ length: lanes as number }, async (_, lane) => {
    const promises = promisesOf(seed, lane, vouchers);
    const { fence, voucher } = await persist(() =>
      store.takeLane({ ledger: world.ledger, lane, generation: 1 }),
    );
    const done = voucher?.cumulative ?? 0n;
    return { lane, promises, fence, next: promises.filter((cumulative) => cumulative <= done).length };
  }),
);
process.stdout.write("ready\n");

const roll = dice(seed + process.pid);
let waiting = payers.filter(({ next, promises }) => next < promises.length);
while (waiting.length > 0) {
  const batch = Array.from({ length: 20 }, () => waiting[Math.floor(roll() * waiting.length)]);
  const chosen = [...new Set(batch)].filter((payer) => payer !== undefined);
  const offers = chosen.map((payer): VoucherOffer => {
    const cumulative = payer.promises[payer.next] ?? 0n;
    return { ...world.voucher(payer.lane, cumulative), consumed: cumulative, fence: payer.fence };
  });
  const results = await persist(() => store.acceptVouchers(offers, Date.now() / 1_000));
  let line = "";
  for (const [index, payer] of chosen.entries()) {
    if (results[index]?.result !== "accepted")
      throw new Error(`lane ${payer.lane}: ${results[index]?.result}`);
    line += `ack ${payer.lane} ${payer.promises[payer.next]}\n`;
    payer.next++;
  }
  process.stdout.write(line);
  waiting = waiting.filter(({ next, promises }) => next < promises.length);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
process.stdout.write("done\n");
await store.close();
