import { expect } from "chai";
import { type Bench, emptyOutcome, openBench, TERMS, witnessKey } from "./support/bench.ts";

const MEMBERS = ["ann", "bob", "cem", "dot"].map(
  (name) => ({ name, manner: "honest", stake: 10n ** 12n }) as const,
);
const KEYS = MEMBERS.map(({ name }) => witnessKey(name));

describe("the quorum keeper", function () {
  this.timeout(60_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(MEMBERS);
  });
  afterEach(() => bench.end());

  it("takes an epoch from the freeze to its final root, alone, and begins the next", async () => {
    const keeper = await bench.startKeeper("epochs keeper 0");
    const voting = await bench.until([keeper], "voting");
    expect(voting.members).to.have.length(4);
    expect(voting.snapshot.count).to.equal(4);
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    const attested = await bench.until([keeper], "attested");
    expect(attested.members.every(({ vote }) => vote !== undefined)).to.equal(true);
    await bench.chain.clock.advanceTime(TERMS.window);
    await bench.until([keeper], "final");
    expect((await bench.config()).final?.epoch).to.equal(1n);
    await bench.chain.clock.advanceTime(TERMS.length);
    await bench.until([keeper], "drawing");
    expect((await bench.config()).epoch).to.equal(2n);
    expect(keeper.status()).to.include({ lastError: null, lastFinal: 1n, leading: true });
  });
});
