import { PublicKey } from "@solana/web3.js";
import { toHex } from "@tolldns/sdk";
import { decodeName, deriveName, transferName } from "@tolldns/sdk/names";
import type { Epoch, EpochOutcome } from "@tolldns/sdk/quorum";
import { decodeOperator } from "@tolldns/sdk/stake";
import { expect } from "chai";
import { keyOf } from "../programs/world/keys.ts";
import { type Bench, emptyOutcome, makeTemplate, TERMS, type Template, witnessKey } from "./support/bench.ts";
import { ownersOf } from "./support/network.ts";
import { sendAll } from "./support/send.ts";

const STAKE = 10n ** 12n;
const MEMBERS = ["ann", "bob", "cem", "dot"].map(
  (name) => ({ name, manner: "honest", stake: STAKE }) as const,
);
const KEYS = MEMBERS.map(({ name }) => witnessKey(name));
const [KEEPER, OTHER] = ["epochs keeper 0", "epochs keeper 1"] as const;

/** An outcome that differs from the empty one and can be tallied. */
const otherOutcome = ({ previousRoot }: Epoch): EpochOutcome => ({
  previousRoot,
  root: new Uint8Array(32).fill(7),
  updatesRoot: new Uint8Array(32).fill(8),
  count: 1,
});

describe("the quorum keeper", function () {
  this.timeout(120_000);
  let template: Template;
  let bench: Bench;
  before(async () => {
    template = await makeTemplate(MEMBERS);
  });
  after(() => template.remove());
  beforeEach(async () => {
    bench = await template.open();
  });
  afterEach(() => bench.end());

  const operatorOf = async (name: string) => {
    const account = await bench.network.connection.getAccountInfo(
      new PublicKey(bench.network.operatorOf(name)),
      "confirmed",
    );
    return decodeOperator(account?.data ?? new Uint8Array(0));
  };

  it("takes an epoch from the freeze to its final root, alone, and begins the next", async () => {
    const keeper = await bench.startKeeper(KEEPER);
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

  it("works beside another with a store of its own, neither hurting the other", async () => {
    const keepers = [await bench.startKeeper(KEEPER), await bench.startKeeper(OTHER)];
    for (let number = 1n; number <= 2n; number++) {
      const voting = await bench.until(keepers, "voting");
      expect(voting.number).to.equal(number);
      bench.feed.forget();
      bench.feed.vote(voting, emptyOutcome(voting), KEYS);
      await bench.until(keepers, "attested");
      await bench.chain.clock.advanceTime(TERMS.window);
      await bench.until(keepers, "final");
      await bench.chain.clock.advanceTime(TERMS.length);
    }
    expect(keepers.map((keeper) => keeper.status().lastError)).to.deep.equal([null, null]);
    expect(keepers.map((keeper) => keeper.status().leading)).to.deep.equal([true, true]);
  });

  it("lets one of two that share a store work, and the other take over when it ends", async () => {
    const store = await bench.openStore("shared");
    const first = await bench.startKeeper(KEEPER, {}, store);
    const second = await bench.startKeeper(OTHER, {}, store);
    const voting = await bench.until([first, second], "voting");
    expect([first, second].filter((keeper) => keeper.status().leading)).to.have.length(1);
    await (first.status().leading ? first : second).close();
    const left = first.status().leading ? second : first;
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    await bench.until([left], "attested");
    expect(left.status().leading).to.equal(true);
  });

  it("comes through a leader that loses half of what it is sent", async () => {
    bench.chain.faults.set({ drop: 0.5 });
    const keeper = await bench.startKeeper(KEEPER);
    const voting = await bench.until([keeper], "voting", 200);
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    await bench.until([keeper], "attested", 200);
  });

  it("ends an epoch that nobody votes in by rule, and carries on", async () => {
    const keeper = await bench.startKeeper(KEEPER);
    await bench.until([keeper], "voting");
    await bench.chain.clock.advanceTime(TERMS.length);
    await bench.until([keeper], "stalled");
    expect((await bench.config()).final).to.equal(undefined);
    const next = await bench.until([keeper], "voting");
    expect(next.number).to.equal(2n);
  });

  it("relays what it hears for the others, but not what is forged", async () => {
    const keeper = await bench.startKeeper(KEEPER);
    const voting = await bench.until([keeper], "voting");
    // Three of four are enough; strangers' votes are none.
    bench.feed.vote(voting, emptyOutcome(voting), [...KEYS.slice(0, 3), keyOf("epochs stranger")]);
    const attested = await bench.until([keeper], "attested");
    expect(attested.members.filter(({ vote }) => vote !== undefined)).to.have.length(3);
  });

  it("proves a member that signed two votes, which is slashed, and nobody else is", async () => {
    const keeper = await bench.startKeeper(KEEPER);
    const voting = await bench.until([keeper], "voting");
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    bench.feed.vote(voting, otherOutcome(voting), KEYS.slice(0, 1));
    const attested = await bench.until([keeper], "attested");
    await keeper.tick();
    expect(await bench.network.slashed()).to.deep.equal(["ann"]);
    const struck = attested.members.filter((member) => member.struck);
    expect(struck.map(({ witness }) => toHex(witness))).to.deep.equal([toHex(witnessKey("ann").publicKey)]);
    const { pool, jailed } = await operatorOf("ann");
    expect([pool < STAKE, jailed]).to.deep.equal([true, true]);
    expect((await operatorOf("bob")).pool).to.equal(STAKE);
    const share = await bench.network.nativeBalance(keyOf(KEEPER).publicKey);
    expect(share > 0n, "the reporter's share").to.equal(true);
  });

  it("brings a jailed member and a heavier one into the tree before it freezes again", async () => {
    const keeper = await bench.startKeeper(KEEPER);
    const voting = await bench.until([keeper], "voting");
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    bench.feed.vote(voting, otherOutcome(voting), KEYS.slice(0, 1));
    await bench.until([keeper], "attested");
    await bench.network.addStake([{ name: "bob", amount: STAKE }]);
    await bench.chain.clock.advanceTime(TERMS.length);
    await bench.until([keeper], "final");
    const next = await bench.until([keeper], "voting");
    const weights = new Map(next.members.map(({ witness, weight }) => [toHex(witness), weight]));
    expect(next.number).to.equal(2n);
    expect(weights.has(toHex(witnessKey("ann").publicKey)), "ann").to.equal(false);
    expect(weights.get(toHex(witnessKey("bob").publicKey)), "bob").to.equal(2n * STAKE);
  });

  it("closes what is over, and gets back the rent it paid", async () => {
    const keeper = await bench.startKeeper(KEEPER);
    const voting = await bench.until([keeper], "voting");
    bench.feed.vote(voting, emptyOutcome(voting), KEYS);
    await bench.until([keeper], "attested");
    await bench.chain.clock.advanceTime(TERMS.window);
    await bench.until([keeper], "final");
    const { connection } = bench.network;
    const funds = () => connection.getBalance(new PublicKey(keyOf(KEEPER).publicKey), "confirmed");
    await bench.chain.clock.advanceTime(TERMS.evidence - TERMS.window);
    await keeper.tick();
    expect(await bench.epoch(1n)).to.not.equal(null);
    const before = await funds();
    await bench.chain.clock.advanceTime(TERMS.window + 20);
    for (let tick = 0; tick < 20 && (await bench.epoch(1n)) !== null; tick++) {
      await keeper.tick();
      await bench.chain.clock.advance(30);
    }
    expect(await bench.epoch(1n)).to.equal(null);
    // The next epoch was paid for meanwhile, with as much.
    expect(await funds()).to.be.above(before - 100_000);
  });

  it("records who holds a name that an ordinary wallet moved", async () => {
    const { network } = bench;
    const [name] = await ownersOf(network, ["moved"], (seconds) => bench.chain.clock.advanceTime(seconds));
    const [from, to] = network.owners;
    if (name === undefined || from === undefined || to === undefined) throw new Error("no name");
    const [open, move] = transferName({
      deployment: network.names,
      label: name.label,
      generation: name.generation,
      holder: from.publicKey,
      to: to.publicKey,
    });
    await sendAll(network.connection, [{ signers: [from], instructions: [open, move] }]);
    const authority = async () => {
      const key = new PublicKey(deriveName(network.names.names, name.label).address);
      const account = await network.connection.getAccountInfo(key, "confirmed");
      return toHex(decodeName(account?.data ?? new Uint8Array(0)).authority ?? new Uint8Array(0));
    };
    expect(await authority()).to.equal(toHex(from.publicKey));
    const keeper = await bench.startKeeper(KEEPER, { authoritySeconds: 1 });
    for (let tick = 0; tick < 10 && (await authority()) !== toHex(to.publicKey); tick++) {
      await keeper.tick();
      await bench.chain.clock.advance(8);
    }
    expect(await authority()).to.equal(toHex(to.publicKey));
  });
});
