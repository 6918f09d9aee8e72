import type { Signer } from "@tolldns/sdk";
import * as quorum from "@tolldns/sdk/quorum";
import * as routes from "@tolldns/sdk/routes";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { openStaked, type Staked } from "../../programs/quorum/staked.ts";
import { PARTIES, TERMS } from "../../programs/quorum/world.ts";
import { hotKeyOf, ONE, TERMS as STAKE_TERMS } from "../../programs/stake/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { challenger, stranger, keeper } = PARTIES;
const STAKE = 300n * ONE;

interface Voting {
  readonly staked: Staked;
  readonly one: quorum.EpochOutcome;
  readonly two: quorum.EpochOutcome;
}
function voting(): Voting {
  const staked = openStaked();
  staked.world.begin();
  const one = staked.world.trace(staked.world.updates(2)).outcome;
  const two = staked.world.trace(staked.world.updates(3)).outcome;
  return { staked, one, two };
}
const shown = (
  { staked: { world } }: Voting,
  seat: number,
  outcome: quorum.EpochOutcome,
  epoch?: bigint,
) => ({
  outcome,
  signature: world.voteOf(seat, outcome, epoch).signature,
});
/** Everybody's stake, by seats. */
const pools = ({ staked }: Voting) =>
  staked.world.epoch().members.map(({ seat }) => staked.operator(staked.ownerOf(seat)).pool);
/** Slashed `bps` of what was staked: the reporter has its share, the operator is jailed. */
function expectSlashed(staked: Staked, owner: Signer, bps: number): void {
  const left = STAKE - (STAKE * BigInt(bps)) / 10_000n;
  expect(staked.operator(owner).pool).equal(left);
  expect(staked.operator(owner).jailed).equal(true);
}
const rewardOf = (bps: number) =>
  (((STAKE * BigInt(bps)) / 10_000n) * BigInt(STAKE_TERMS.reporterBps)) / 10_000n;

describe("quorum: equivocation", () => {
  const equivocation = STAKE_TERMS.slashBps.equivocation;

  attack(
    "equivocation",
    "slashes who signed another vote than the one it cast, and pays who showed it",
    () => {
      const v = voting();
      const { world, staking } = v.staked;
      world.attest(1, v.one);
      const before = staking.purse(challenger);
      const proof = quorum.proveEquivocation({
        ...v.staked.slashed(1, challenger),
        votes: [shown(v, 1, v.two)],
      });
      const outcome = world.must(proof, []);
      expect(outcome.units).lessThan(30_000);
      expect(outcome.size).lessThanOrEqual(1232);
      expectSlashed(v.staked, v.staked.ownerOf(1), equivocation);
      expect(staking.purse(challenger) - before).equal(rewardOf(equivocation));
      expect(world.epoch().members[1]).include({ struck: true });
    },
  );
  attack("equivocation", "slashes who signed two votes and cast none, in one transaction", () => {
    const v = voting();
    const { world } = v.staked;
    const votes = [shown(v, 2, v.one), shown(v, 2, v.two)] as const;
    const outcome = world.must(quorum.proveEquivocation({ ...v.staked.slashed(2, challenger), votes }), []);
    expect(outcome.size).lessThanOrEqual(1232);
    expect(outcome.units).lessThan(45_000);
    expectSlashed(v.staked, v.staked.ownerOf(2), equivocation);
  });
  attack("equivocation", "slashes after the epoch is final too, as long as it is there", () => {
    const v = voting();
    const { world } = v.staked;
    world.attestAll(v.one);
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    world.pass(TERMS.evidence);
    const proof = quorum.proveEquivocation({
      ...v.staked.slashed(0, challenger),
      votes: [shown(v, 0, v.two)],
    });
    world.must(proof, []);
    expectSlashed(v.staked, v.staked.ownerOf(0), equivocation);
    expect(world.config.final?.root).eql(v.one.root);
  });
  attack("equivocation", "counts a struck member's vote no more, and takes no other of it", () => {
    const v = voting();
    const { world } = v.staked;
    for (const seat of [0, 1, 2, 3]) world.attest(seat, v.one);
    for (const seat of [0, 1])
      world.must(
        quorum.proveEquivocation({ ...v.staked.slashed(seat, challenger), votes: [shown(v, seat, v.two)] }),
        [],
      );
    // Four of five voted, two of them twice: three fifths are not two thirds, and its weight still counts in the whole.
    refuse(world, quorum.tally({ ...world.of, outcome: v.one }), [], code("QuorumMissing"));
    refuse(world, world.attestOf(0, v.one), [world.signer(0)], code("MemberStruck"));
    const before = world.machine.data(world.epochAddress());
    world.must(world.relayOf([0, 1], v.two), []);
    expect(world.machine.data(world.epochAddress())).eql(before);
    world.attest(4, v.one);
    refuse(world, quorum.tally({ ...world.of, outcome: v.one }), [], code("QuorumMissing"));
  });
  attack("equivocation", "is proven once a member and epoch", () => {
    const v = voting();
    const { world } = v.staked;
    world.attest(1, v.one);
    const proof = quorum.proveEquivocation({
      ...v.staked.slashed(1, challenger),
      votes: [shown(v, 1, v.two)],
    });
    world.must(proof, []);
    refuse(world, proof, [], code("MemberStruck"));
  });
  attack(
    "true aggregate",
    "takes no honest vote for two: the same, another epoch's, another cluster's",
    () => {
      const v = voting();
      const { world } = v.staked;
      world.attest(1, v.one);
      const given = v.staked.slashed(1, challenger);
      const before = pools(v);
      const prove = (votes: readonly [quorum.ShownVote] | readonly [quorum.ShownVote, quorum.ShownVote]) =>
        quorum.proveEquivocation({ ...given, votes });
      refuse(world, prove([shown(v, 1, v.one)]), [], code("SameVote"));
      refuse(world, prove([shown(v, 1, v.two), shown(v, 1, v.two)]), [], code("SameVote"));
      // A vote for the next epoch, shown as one for this.
      refuse(world, prove([shown(v, 1, v.two, 2n)]), [], code("VoteSignature"));
      refuse(world, prove([shown(v, 1, v.one), shown(v, 1, v.two, 2n)]), [], code("VoteSignature"));
      const foreign = quorum.hashOutcome(v.two, addressOf("another domain"), 1n);
      const signature = quorum.signVote(world.signer(1), foreign);
      refuse(world, prove([{ outcome: v.two, signature }]), [], code("VoteSignature"));
      // Somebody else's.
      refuse(world, prove([shown(v, 2, v.two)]), [], code("VoteSignature"));
      expect(pools(v)).eql(before);
    },
  );
  attack("ragged length", "reads no evidence that is torn, none, or three", () => {
    const v = voting();
    const { world } = v.staked;
    const given = v.staked.slashed(1, challenger);
    const two = [shown(v, 1, v.one), shown(v, 1, v.two)] as const;
    const good = quorum.proveEquivocation({ ...given, votes: two });
    for (const length of [0, 163, 165, 329, 492]) {
      const data = new Uint8Array(6 + length);
      data.set(good.data.subarray(0, Math.min(data.length, good.data.length)));
      new DataView(data.buffer).setUint32(2, length, true);
      refuse(world, { ...good, data }, [], code("EvidenceRagged"));
    }
    refuse(world, quorum.proveEquivocation({ ...given, votes: [two[0]] }), [], code("NotVoted"));
  });
  attack("account parent", "slashes no other operator than the member's", () => {
    const v = voting();
    const { world, staking } = v.staked;
    world.attest(1, v.one);
    const given = v.staked.slashed(1, challenger);
    for (const seat of [0, 2, 3, 4]) {
      const operator = staking.operatorAddress(v.staked.ownerOf(seat));
      const proof = quorum.proveEquivocation({ ...given, operator, votes: [shown(v, 1, v.two)] });
      refuse(world, proof, [], code("WrongOperator"));
    }
  });
  attack("revoked key", "slashes who rotated its key and asked for its stake after the freeze", () => {
    const v = voting();
    const { world, staking } = v.staked;
    const owner = v.staked.ownerOf(1);
    const old = hotKeyOf(owner);
    staking.must(
      stake.rotateHotKey({
        deployment: staking.deployment,
        owner: owner.publicKey,
        number: 0,
        hotKey: keyOf("another").publicKey,
      }),
      [owner],
    );
    const proof = staking.mirror(v.staked.owners).prove(staking.operator(owner).listed?.index as number);
    const exit = stake.requestExit({
      deployment: staking.deployment,
      owner: owner.publicKey,
      staker: owner.publicKey,
      number: 0,
      shares: STAKE,
      proof,
    });
    staking.must(exit, [owner]);
    expect(old.publicKey).eql(world.epoch().members[1]?.witness);
    const votes = [shown(v, 1, v.one), shown(v, 1, v.two)] as const;
    world.must(quorum.proveEquivocation({ ...v.staked.slashed(1, challenger), votes }), []);
    expectSlashed(v.staked, owner, equivocation);
  });
  attack("account spoofed", "calls no other program than the stake program", () => {
    const v = voting();
    const { world } = v.staked;
    world.attest(1, v.one);
    const good = quorum.proveEquivocation({
      ...v.staked.slashed(1, challenger),
      votes: [shown(v, 1, v.two)],
    });
    const accounts = good.accounts.map((account, i) =>
      i === 10 ? { ...account, address: addressOf("a program of mine") } : account,
    );
    refuse(world, { ...good, accounts }, [], code("WrongStakeProgram"));
  });
});

describe("quorum: slashing for what was proven wrong", () => {
  /** Seats 0 to 3 attested a root that its trace does not end at; the challenger proved it. */
  function rejected(): Voting & { readonly lie: quorum.EpochOutcome } {
    const v = voting();
    const { world } = v.staked;
    const { trace, outcome } = world.trace(world.updates(2));
    const lie = { ...outcome, root: addressOf("elsewhere") };
    for (const seat of [0, 1, 2, 3]) world.attest(seat, lie);
    world.must(quorum.tally({ ...world.of, outcome: lie }), []);
    world.attest(4, outcome);
    const order = {
      claim: "end",
      step: trace.steps[1] as routes.Step,
      proof: trace.list.prove(1),
    } as const;
    world.must(quorum.challengeOrder({ ...world.of, challenger: challenger.publicKey, order }), [challenger]);
    return { ...v, lie };
  }
  const falseRoot = STAKE_TERMS.slashBps.falseRoot;

  attack(
    "false aggregate",
    "slashes everyone who voted for it, once, and nobody else; who proved it is paid",
    () => {
      const v = rejected();
      const { world, staking } = v.staked;
      const before = staking.purse(challenger);
      for (const seat of [0, 1, 2, 3]) {
        const slash = quorum.slashVote(v.staked.slashed(seat, challenger));
        const outcome = world.must(slash, []);
        expect(outcome.units).lessThan(30_000);
        expectSlashed(v.staked, v.staked.ownerOf(seat), falseRoot);
        refuse(world, slash, [], code("AlreadySlashed"));
      }
      expect(staking.purse(challenger) - before).equal(4n * rewardOf(falseRoot));
      refuse(world, quorum.slashVote(v.staked.slashed(4, challenger)), [], code("VotedRight"));
      expect(staking.operator(v.staked.ownerOf(4))).include({ pool: STAKE, jailed: false });
    },
  );
  attack("stranger", "pays nobody but who proved it", () => {
    const v = rejected();
    const { world } = v.staked;
    refuse(
      world,
      quorum.slashVote(v.staked.slashed(0, stranger)),
      [stranger].slice(1),
      code("WrongReporter"),
    );
  });
  attack(
    "token foreign",
    "pays into no account of another mint, program or owner, and into no frozen one",
    () => {
      const v = rejected();
      const { world } = v.staked;
      const given = v.staked.slashed(0, challenger);
      const mint = v.staked.staking.deployment.mint;
      const own = challenger.publicKey;
      const plant = (name: string, change: () => void) => {
        change();
        return { ...given, reporterTokens: addressOf(name) };
      };
      const { machine } = world;
      const cases: [string, () => void, string][] = [
        [
          "of another mint",
          () => plantTokenAccount(machine, addressOf("of another mint"), addressOf("m"), own),
          "TokenAccountMint",
        ],
        [
          "frozen",
          () => plantTokenAccount(machine, addressOf("frozen"), mint, own, { state: 2 }),
          "TokenAccountFrozen",
        ],
        [
          "bare",
          () => plantTokenAccount(machine, addressOf("bare"), mint, own, { state: 0 }),
          "TokenAccountInvalid",
        ],
        [
          "spoofed",
          () =>
            plantTokenAccount(machine, addressOf("spoofed"), mint, own, {
              program: "11111111111111111111111111111111",
            }),
          "TokenAccountProgram",
        ],
      ];
      for (const [name, change, error] of cases)
        refuse(world, quorum.slashVote(plant(name, change)), [], code(error));
    },
  );
  attack("token frozen", "pays into no frozen account, and slashes once it is thawed", () => {
    const v = rejected();
    const { world } = v.staked;
    const mint = v.staked.staking.deployment.mint;
    const reporterTokens = addressOf("frozen for a while");
    const slash = quorum.slashVote({ ...v.staked.slashed(0, challenger), reporterTokens });
    plantTokenAccount(world.machine, reporterTokens, mint, challenger.publicKey, { state: 2 });
    refuse(world, slash, [], code("TokenAccountFrozen"));
    plantTokenAccount(world.machine, reporterTokens, mint, challenger.publicKey);
    world.must(slash, []);
    expectSlashed(v.staked, v.staked.ownerOf(0), falseRoot);
  });
  attack("true aggregate", "slashes nobody of an epoch that is final, runs, or stalled", () => {
    const v = voting();
    const { world } = v.staked;
    const slash = () => quorum.slashVote(v.staked.slashed(0, challenger));
    refuse(world, slash(), [], code("EpochStatus"));
    world.attestAll(v.one);
    refuse(world, slash(), [], code("EpochStatus"));
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    refuse(world, slash(), [], code("EpochStatus"));
  });
  attack("equivocation", "slashes for both who voted twice and for a falsehood", () => {
    const v = rejected();
    const { world } = v.staked;
    world.must(
      quorum.proveEquivocation({ ...v.staked.slashed(0, challenger), votes: [shown(v, 0, v.two)] }),
      [],
    );
    expectSlashed(v.staked, v.staked.ownerOf(0), STAKE_TERMS.slashBps.equivocation);
    world.must(quorum.slashVote(v.staked.slashed(0, challenger)), []);
    expect(v.staked.operator(v.staked.ownerOf(0)).pool).equal(0n);
  });
  attack("too few", "leaves an epoch after a rejected one to go on from the last final root", () => {
    const v = rejected();
    const { world } = v.staked;
    for (const seat of [0, 1, 2, 3]) world.must(quorum.slashVote(v.staked.slashed(seat, challenger)), []);
    // The tree learns what was slashed.
    for (const owner of v.staked.owners) {
      const mirror = v.staked.staking.mirror(v.staked.owners);
      const proof = mirror.prove(v.staked.operator(owner).listed?.index as number);
      const { deployment } = v.staked.staking;
      v.staked.staking.must(stake.sync({ deployment, owner: owner.publicKey, proof }), []);
    }
    v.staked.readTree();
    world.begin();
    expect(world.epoch().members.length).equal(1);
    expect(world.epoch().previousRoot).eql(routes.emptyHash());
    world.finish(world.updates(2));
    expect(world.config.final?.epoch).equal(2n);
    world.pass(TERMS.evidence);
    world.must(quorum.close({ deployment: world.deployment, epoch: 1n, payer: keeper.publicKey }), []);
  });
});
