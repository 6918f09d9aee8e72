import { openStore } from "@tolldns/store";
import { laneKey, offer } from "./fixture.ts";

// A gateway-like process to be killed: takes lanes, offers ever higher vouchers and prints each one once it is acknowledged.

const store = await openStore(JSON.parse(process.env.STORE_CONFIG ?? ""));
const lanes = [1, 2, 3, 4];
const fences = await Promise.all(lanes.map(async (lane) => (await store.takeLane(laneKey(lane))).fence));
for (let cumulative = 1n; ; cumulative++) {
  await Promise.all(
    lanes.map(async (lane, index) => {
      const [row] = await store.acceptVouchers([offer(lane, cumulative, fences[index] ?? 0n)], 10);
      if (row?.result === "accepted") process.stdout.write(`${lane} ${cumulative}\n`);
    }),
  );
}
