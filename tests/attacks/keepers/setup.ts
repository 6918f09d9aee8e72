import { PublicKey } from "@solana/web3.js";
import { type Bench, makeTemplate, type Template } from "../../keepers/world/bench.ts";

export const GRACE = 3_600;
export const RESERVE = 1_000_000n;

/** A fresh bench for each test of the suite that calls this. */
export interface Attack {
  /** The bench of the test that runs. */
  readonly bench: Bench;
  /** Lamports that left the keeper since the test began. */
  spent(): Promise<bigint>;
  /** Micro-IU settled of a lane, confirmed. */
  settledOf(lane: number): Promise<bigint>;
}

export function prepareAttack(): Attack {
  let template: Template;
  let bench: Bench;
  let start = 0n;
  const funds = async () =>
    BigInt(await bench.world.connection.getBalance(new PublicKey(bench.world.keeper.publicKey), "confirmed"));
  before(async function () {
    this.timeout(60_000);
    template = await makeTemplate({ lanes: 20, reserve: RESERVE, graceSeconds: GRACE });
  });
  after(() => template.remove());
  beforeEach(async () => {
    bench = await template.open();
    start = await funds();
  });
  afterEach(() => bench.end());
  return {
    get bench() {
      return bench;
    },
    spent: async () => start - (await funds()),
    settledOf: async (lane) => (await bench.world.readLanes()).lane(lane).settled,
  };
}
