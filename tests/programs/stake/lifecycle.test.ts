import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { busyStake, DAY, hotKeyOf, NOON, ONE, openStake, PARTIES, POCKET, TERMS } from "./world.ts";

const { alice, bob, carol, slasher, stranger } = PARTIES;

for (const [kind, tokenProgram] of [
  ["SPL Token", TOKEN_PROGRAM],
  ["Token-2022", TOKEN_2022_PROGRAM],
] as const)
  describe(`stake, native token in ${kind}`, () => {
    it("begins with an empty tree, the terms it was given and a vault of its own", () => {
      const world = openStake(tokenProgram);
      const settings = world.settings();
      expect(settings.terms).eql(TERMS);
      expect(settings).include({ paused: false, pendingAuthority: undefined });
      expect(settings.slasher).eql(slasher.publicKey);
      expect(settings.vault).eql(world.vault);
      expect(world.tree()).eql({ depth: 0, count: 0, total: 0n, root: new Uint8Array(32) });
      expect(world.mirror().matches(world.tree())).equal(true);
    });

    it("takes an operator's and a delegate's stake, and lists what they weigh", () => {
      const world = busyStake(tokenProgram);
      expect(world.vaultTokens()).equal(1_800n * ONE);
      expect(world.purse(alice)).equal(POCKET - 1_000n * ONE);
      expect(world.operator(alice)).include({ pool: 1_300n * ONE, shares: 1_300n * ONE, nodes: 1 });
      expect(world.operator(alice).listed).eql({
        index: 0,
        witness: hotKeyOf(alice).publicKey,
        weight: 1_300n * ONE,
      });
      expect(world.node(alice, 0)).include({
        role: "witness",
        asn: 64_500,
        endpoint: "https://witness.example:8443",
      });
      expect(world.tree()).include({ count: 2, depth: 1, total: 1_800n * ONE });
      const mirror = world.mirror();
      expect(mirror.matches(world.tree())).equal(true);
      expect(stake.verifyStakeLeaf(world.tree(), mirror.leaf(1), mirror.prove(1))).equal(1_300n * ONE);
    });

    it("weighs a tier's stake by the tier", () => {
      const world = busyStake(tokenProgram);
      world.must(world.stakeOf(bob, carol, 100n * ONE, 3), [carol]);
      expect(world.position(bob, carol)).include({
        tier: 3,
        weightBps: 20_000,
        lockedUntil: NOON + 365n * BigInt(DAY),
      });
      expect(world.weight(bob)).equal(700n * ONE);
      world.must(world.syncOf(bob), []);
      expect(world.tree().total).equal(2_000n * ONE);
    });

    it("lets stake leave after the delay, at what it is then worth, and gives the rent back", () => {
      const world = busyStake(tokenProgram);
      const lamports = world.machine.lamports(carol.publicKey);
      world.must(world.exitOf(alice, carol, 300n * ONE), [carol]);
      expect(world.tree().total, "gone from the tree at once").equal(1_500n * ONE);
      expect(world.exit(alice, carol, 0)).include({
        shares: 300n * ONE,
        readyAt: NOON + BigInt(TERMS.exitDelay),
      });
      world.pass(TERMS.exitDelay);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      expect(world.purse(carol)).equal(POCKET);
      expect(world.vaultTokens()).equal(1_500n * ONE);
      world.must(world.closePositionOf(alice, carol), [carol]);
      const rent = BigInt(world.machine.rent(stake.LENGTHS.Position));
      expect(world.machine.lamports(carol.publicKey)).equal(lamports + rent);
    });

    it("takes an exit back", () => {
      const world = busyStake(tokenProgram);
      world.must(world.exitOf(alice, carol, 200n * ONE), [carol]);
      expect(world.weight(alice)).equal(1_100n * ONE);
      world.must(world.cancelOf(alice, carol, 0), [carol]);
      expect(world.weight(alice)).equal(1_300n * ONE);
      expect(world.position(alice, carol)).include({ shares: 300n * ONE, exits: 0, nextExit: 1 });
    });

    it("moves slashed tokens: the reporter's part, the burned, the treasury's; and jails", () => {
      const world = busyStake(tokenProgram);
      const supply = world.supply();
      const outcome = world.must(world.slashOf(alice, "equivocation", world.tokens(stranger)), [slasher]);
      expect(outcome.units).lessThan(30_000);
      const taken = 650n * ONE;
      expect(world.operator(alice)).include({ pool: 650n * ONE, jailed: true, slashedAt: NOON });
      expect(world.vaultTokens()).equal(1_150n * ONE);
      expect(world.purse(stranger) - POCKET).equal(taken / 10n);
      expect(world.treasuryTokens()).equal((taken * 9n) / 20n);
      expect(supply - world.supply()).equal((taken * 9n) / 20n);
      expect(world.weight(alice)).equal(0n);
      world.must(world.syncOf(alice), []);
      expect(world.tree().total).equal(500n * ONE);
    });

    it("lets an operator out of jail after the delay, with what is left", () => {
      const world = busyStake(tokenProgram);
      world.must(world.slashOf(alice, "omission", world.tokens(stranger)), [slasher]);
      world.pass(TERMS.exitDelay);
      const { deployment } = world;
      world.must(stake.unjail({ deployment, owner: alice.publicKey }), [alice]);
      world.must(world.syncOf(alice), []);
      expect(world.operator(alice).listed?.weight).equal(1_170n * ONE);
    });

    it("frees all stake of an operator that retires, whatever its lock", () => {
      const world = busyStake(tokenProgram);
      world.must(world.stakeOf(alice, carol, 100n * ONE, 3), [carol]);
      const { deployment } = world;
      world.must(stake.retireOperator({ deployment, owner: alice.publicKey }), [alice]);
      world.must(world.exitOf(alice, carol, 400n * ONE), [carol]);
      world.must(world.exitOf(alice, alice, 1_000n * ONE), [alice]);
      world.pass(TERMS.exitDelay);
      world.must(world.withdrawOf(alice, carol, 0), [carol]);
      world.must(world.withdrawOf(alice, alice, 0), [alice]);
      expect([world.purse(alice), world.purse(carol)]).eql([POCKET, POCKET]);
      expect(world.operator(alice)).include({ pool: 0n, shares: 0n, weighted: 0n, selfShares: 0n });
    });

    it("keeps nodes: moved, rekeyed, removed", () => {
      const world = busyStake(tokenProgram);
      const { deployment } = world;
      const node = { deployment, owner: alice.publicKey, number: 9 };
      world.must(world.addNodeOf(alice, 9, "gateway"), [alice]);
      world.must(stake.setNode({ ...node, region: 1, asn: 2, endpoint: "" }), [alice]);
      world.must(stake.rotateHotKey({ ...node, hotKey: bob.publicKey }), [alice]);
      expect(world.node(alice, 9)).include({ role: "gateway", region: 1, asn: 2, endpoint: "" });
      expect(world.node(alice, 9).hotKey).eql(bob.publicKey);
      expect(world.operator(alice).witness, "a gateway's key is no witness key").eql(
        hotKeyOf(alice).publicKey,
      );
      world.must(stake.removeNode(node), [alice]);
      expect(world.operator(alice).nodes).equal(1);
      world.must(stake.rotateHotKey({ ...node, number: 0, hotKey: carol.publicKey }), [alice]);
      expect(world.operator(alice).witness).eql(carol.publicKey);
      expect(world.operator(alice).listed?.witness, "until the next sync").eql(hotKeyOf(alice).publicKey);
      world.must(world.syncOf(alice), []);
      expect(world.operator(alice).listed?.witness).eql(carol.publicKey);
      world.must(stake.removeNode({ ...node, number: 0 }), [alice]);
      expect(world.weight(alice), "no witness, no weight").equal(0n);
    });
  });
