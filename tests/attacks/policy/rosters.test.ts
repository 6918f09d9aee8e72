import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { join, ownerOf, PARTIES } from "../../programs/policy/deployed.ts";
import type { Leaf } from "../../programs/quorum/tree.ts";
import * as staking from "../../programs/stake/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import { bent, challengeRecordOf, commitTo } from "./lies.ts";
import type { RowId } from "./rows.ts";
import { apart, openPolicy, PolicyWorld, stakedPolicy, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { keeper, stranger, authority, challenger } = PARTIES;
const { slasher } = staking.PARTIES;

function enrolling(places?: Parameters<typeof stakedPolicy>[0]): PolicyWorld {
  const world = stakedPolicy(places);
  world.openRoster();
  return world;
}
/** An operator's verifier node of this number, beside the one it has. */
function addNode(world: PolicyWorld, place: number, number: number, hotKey = world.verifierKey(place)): void {
  const { deployment } = world.staking;
  const owner = ownerOf(place);
  const where = { region: 90 + number, asn: 65_000 + number, hotKey: hotKey.publicKey, endpoint: "" };
  const node = { deployment, owner: owner.publicKey, number, role: "verifier", ...where } as const;
  world.staking.must(stake.addNode(node), [owner]);
}
/** Enrols with another node of the operator. */
function enrollWith(world: PolicyWorld, place: number, number: number): policy.Instruction {
  const good = world.enrollOf(place);
  const node = world.staking.nodeAddress(ownerOf(place), number);
  return {
    ...good,
    accounts: good.accounts.map((account, i) => (i === 3 ? { ...account, address: node } : account)),
  };
}
const leafOf = (
  world: PolicyWorld,
  place: number,
  change: Partial<Leaf>,
  proof = world.tree.prove(place),
) => ({
  ...world.enrollOf(place),
  data: policy.enroll({
    deployment: world.deployment,
    roster: world.config.roster,
    hotKey: world.verifierKey(place).publicKey,
    operator: world.operatorAddress(place),
    node: world.nodeAddress(place),
    leaf: { ...(world.leaves[place] as Leaf), ...change },
    proof,
  }).data,
});
const terms = (world: PolicyWorld, change: Partial<policy.PolicyTerms>) =>
  world.must(
    policy.setTerms({
      deployment: world.deployment,
      authority: authority.publicKey,
      terms: { ...TERMS, ...change },
    }),
    [authority],
  );

describe("policy: seats", () => {
  attack("seat squatting", "has one seat an operator, however many nodes it has", () => {
    const world = enrolling();
    addNode(world, 0, 2);
    addNode(world, 0, 3, keyOf("third hot key"));
    world.enroll(0);
    refuse(world, enrollWith(world, 0, 2), [world.verifierKey(0)], code("AlreadyEnrolled"));
    const before = world.roster();
    // The same again is a no-op.
    world.enroll(0);
    expect(world.roster()).eql(before);
    expect(before.seats.length).equal(1);
  });
  attack("one operator", "gives no second seat by a node, a witness or a leaf of another operator", () => {
    const world = enrolling();
    world.enroll(0);
    const mine = world.verifierKey(0);
    // Bob's operator with Alice's node, and Alice's node and leaf with Bob's operator.
    const bobs = world.enrollOf(1);
    const accounts = bobs.accounts.map((account, i) =>
      i === 0
        ? { ...account, address: mine.publicKey }
        : i === 3
          ? { ...account, address: world.nodeAddress(0) }
          : account,
    );
    refuse(world, { ...bobs, accounts }, [mine], code("WrongOperator"));
    const crossed = { ...world.enrollOf(0), data: world.enrollOf(1).data };
    refuse(world, crossed, [mine], code("SnapshotProof"));
  });
  attack("seat squatting", "is taken by the node's hot key alone, so that nobody seats another", () => {
    const world = enrolling();
    for (const signer of [stranger, ownerOf(0), world.verifierKey(1)]) {
      const good = world.enrollOf(0);
      const accounts = good.accounts.map((account, i) =>
        i === 0 ? { ...account, address: signer.publicKey } : account,
      );
      refuse(world, { ...good, accounts }, [signer], code("NotHotKey"));
    }
  });
  attack("no verifier", "is not for a node of another role", () => {
    const world = enrolling();
    const witness = enrollWith(world, 0, 0);
    const hotKey = staking.hotKeyOf(ownerOf(0));
    const accounts = witness.accounts.map((account, i) =>
      i === 0 ? { ...account, address: hotKey.publicKey } : account,
    );
    refuse(world, { ...witness, accounts }, [hotKey], code("NotVerifier"));
  });
  attack("jailed", "is not for an operator in jail or retired", () => {
    const world = enrolling();
    world.staking.must(world.staking.slashOf(ownerOf(0), "omission", world.staking.tokens(ownerOf(1))), [
      slasher,
    ]);
    refuse(world, world.enrollOf(0), [world.verifierKey(0)], code("OperatorBarred"));
    const owner = ownerOf(1);
    const retire = { deployment: world.staking.deployment, owner: owner.publicKey };
    world.staking.must(stake.retireOperator(retire), [owner]);
    refuse(world, world.enrollOf(1), [world.verifierKey(1)], code("OperatorBarred"));
  });
  attack("stake proof", "is shown by the snapshot's own leaf: weight, witness, place and way", () => {
    const world = enrolling();
    const tryLeaf = (change: Partial<Leaf>, proof?: Uint8Array, error = "SnapshotProof") =>
      refuse(world, leafOf(world, 0, change, proof), [world.verifierKey(0)], code(error));
    tryLeaf({ weight: 301n * staking.ONE });
    tryLeaf({ weight: 2n ** 64n - 1n });
    tryLeaf({ weight: 0n }, undefined, "OperatorWeightless");
    tryLeaf({ witness: addressOf("witness") });
    for (const index of [1, 4, 0xffff_ffff]) tryLeaf({ index });
    tryLeaf({}, world.tree.prove(1));
    const proof = world.tree.prove(0);
    tryLeaf({}, proof.slice(0, -40));
    tryLeaf({}, Uint8Array.from([...proof, ...new Uint8Array(40)]));
    tryLeaf({}, proof.slice(0, -1));
    tryLeaf({}, new Uint8Array(0));
  });
  attack("unstaked", "is nobody's who staked after the roster was opened", () => {
    const world = enrolling();
    const late = ownerOf(world.owners.length);
    const owners = [...world.owners, late];
    join(world, late, 900n, { region: 9, asn: 64_509 }, owners);
    const after = new PolicyWorld(world.machine, owners);
    after.readTree();
    refuse(after, after.enrollOf(4), [after.verifierKey(4)], code("SnapshotProof"));
  });
  attack("unstaked", "is nobody's who weighed nothing when it was opened", () => {
    const world = stakedPolicy();
    const owner = ownerOf(3);
    const { shares } = world.staking.position(owner, owner);
    const { deployment } = world.staking;
    const proof = world.staking.mirror(world.owners).proveSync(3);
    const exit = { deployment, owner: owner.publicKey, staker: owner.publicKey, number: 0, shares, proof };
    world.staking.must(stake.requestExit(exit), [owner]);
    world.openRoster();
    expect(world.leaves[3]?.weight).equal(0n);
    refuse(world, world.enrollOf(3), [world.verifierKey(3)], code("OperatorWeightless"));
  });
  attack("seat squatting", "gives way in a full roster to a heavier operator, and to no other", () => {
    const world = stakedPolicy(apart(300n, 200n, 400n, 200n, 250n));
    terms(world, { seats: 3 });
    world.openRoster();
    for (const place of [0, 1, 2]) world.enroll(place);
    refuse(world, world.enrollOf(3), [world.verifierKey(3)], code("RosterFull"));
    world.enroll(4);
    const { seats, weight } = world.roster();
    expect(seats.map(({ index }) => index)).eql([0, 4, 2]);
    expect(weight).equal(950n * staking.ONE);
    refuse(world, world.enrollOf(1), [world.verifierKey(1)], code("RosterFull"));
    expect(new Set(seats.map(({ regionOrdinal }) => regionOrdinal)).size).equal(3);
  });
  for (const [title, amounts] of [
    ["the heaviest", [300n, 500n, 400n, 350n, 310n]],
    ["the lightest", [350n, 300n, 400n, 500n, 310n]],
  ] as const)
    attack("struck", `gives way first though it was ${title}, and its weight is taken out once`, () => {
      const world = openPolicy(apart(...amounts));
      terms(world, { seats: 4 });
      world.at(world.config.rosterEnds - BigInt(TERMS.enrol));
      world.openRoster();
      for (const place of [0, 1, 2, 3]) world.enroll(place);
      // One of them is struck in the roster that is still in force.
      const window = BigInt(TERMS.window);
      const begin = world.now() - (world.now() % window) + window;
      const shown = commitTo(1, begin, bent(4, 4, { 2: { at: TERMS.window * 1_000 } }));
      world.at(world.timesOf(begin).end);
      const lie = { roster: 1n, probesRoot: shown.list.root };
      world.must(world.reportOf(1, begin, [4, 4], lie), [world.verifierKey(1)]);
      world.must(challengeRecordOf(world, shown, 2, { roster: 1n }), [challenger]);
      const { deployment } = world;
      const operator = world.operatorAddress(1);
      world.must(policy.strikeSeat({ deployment, roster: 2n, seat: 1, operator }), []);
      world.enroll(4);
      const { seats, weight } = world.roster(2n);
      const counted = seats.filter(({ struck }) => !struck).reduce((sum, seat) => sum + seat.weight, 0n);
      expect(weight, "the roster's weight is its seats'").equal(counted);
      expect(seats.map(({ index }) => index)).eql([0, 4, 2, 3]);
      // And such a roster judges.
      const first = world.firstWindow();
      world.at(world.timesOf(first).end);
      for (const [seat, place] of [0, 4, 2, 3].entries()) {
        const of = { operator: world.operatorAddress(place), node: world.nodeAddress(place) };
        const hotKey = world.verifierKey(place);
        world.must(world.reportOf(seat, first, "clean", { ...of, hotKey: hotKey.publicKey }), [hotKey]);
      }
      world.at(world.timesOf(first).reportsUntil);
      world.must(world.judgeOf(first), []);
      expect(world.target().standing.verdict).equal("clean");
    });
  attack("one region", "counts regions and networks as they were declared at enrolment", () => {
    const world = openPolicy();
    const owner = ownerOf(0);
    const { deployment } = world.staking;
    const moved = { region: 2, asn: 64_502, endpoint: "" };
    world.staking.must(stake.setNode({ deployment, owner: owner.publicKey, number: 1, ...moved }), [owner]);
    const begin = world.now();
    expect(world.play(begin, "bbb-").standing.verdict).equal("bad");
    expect(world.roster().seats[0]).include({ region: 1, asn: 64_501 });
  });
});

describe("policy: rosters", () => {
  attack("deadline", "takes seats until its enrolment ends, and not at that second", () => {
    const world = enrolling();
    world.at(world.config.enrolmentEnds - 1n);
    world.enroll(0);
    world.pass(1);
    refuse(world, world.enrollOf(1), [world.verifierKey(1)], code("EnrolmentOver"));
  });
  attack("deadline", "is followed from an enrolment before its end, and not a second earlier", () => {
    const world = openPolicy();
    world.at(world.config.rosterEnds - BigInt(TERMS.enrol) - 1n);
    refuse(world, world.openRosterOf(), [keeper], code("RosterTooEarly"));
    world.pass(1);
    world.must(world.openRosterOf(stranger), [stranger]);
    refuse(world, world.openRosterOf(), [keeper], code("RosterTooEarly"));
  });
  attack("epoch boundary", "reports the windows that begin while it is in force, to the last one", () => {
    const world = openPolicy();
    const window = BigInt(TERMS.window);
    world.at(world.config.rosterEnds - BigInt(TERMS.enrol));
    world.openRoster();
    for (const place of world.owners.keys()) world.enroll(place);
    const next = world.firstWindow();
    const last = next - window;
    world.at(next);
    // The last window of the old one, reported after the new one came into force.
    refuse(world, world.reportOf(0, last, "clean"), [world.verifierKey(0)], code("RosterNotInForce"));
    world.must(world.reportOf(0, last, "clean", { roster: 1n }), [world.verifierKey(0)]);
    world.at(next + window);
    refuse(
      world,
      world.reportOf(0, next, "clean", { roster: 1n }),
      [world.verifierKey(0)],
      code("RosterNotInForce"),
    );
    world.report(0, next);
    expect([world.round(last).roster, world.round(next).roster]).eql([1n, 2n]);
  });
  attack("stale", "stays in force where nobody opens the next", () => {
    const world = openPolicy();
    world.at(world.config.rosterEnds + 6n * 86_400n);
    const begin = world.firstWindow();
    world.at(begin);
    expect(world.play(begin, "bbb-").standing.verdict).equal("bad");
  });
  attack("unstaked", "takes no report once stake it counts may be gone, though nobody opens the next", () => {
    const world = openPolicy();
    const last = world.roster(1n).openedAt + BigInt(stake.MIN_EXIT_DELAY);
    const window = BigInt(TERMS.window);
    const end = last - 1n - ((last - 1n) % window);
    world.at(end);
    world.report(0, end - window);
    world.at(end + window);
    refuse(world, world.reportOf(0, end), [world.verifierKey(0)], code("RosterNotInForce"));
  });
  attack("account initialised twice", "is opened once a number, and in order", () => {
    const world = openPolicy();
    world.at(world.config.rosterEnds);
    refuse(world, world.openRosterOf(keeper, 1n), [keeper], "InvalidSeeds");
    refuse(world, world.openRosterOf(keeper, 3n), [keeper], "AccountDataTooSmall");
    world.openRoster();
    expect(world.config.roster).equal(2n);
  });
  attack("account prefunded", "is opened at an address that somebody sent lamports to before", () => {
    const world = stakedPolicy();
    world.machine.airdrop(world.rosterAddress(1n), 1_000_000n);
    world.openRoster();
    world.enroll(0);
    expect(world.roster().seats.length).equal(1);
  });
  attack("account spoofed", "copies the stake program's own tree and no other", () => {
    const world = stakedPolicy();
    const good = world.openRosterOf();
    const tree = world.staking.treeAddress;
    const fake = addressOf("a tree of mine");
    world.machine.plant(fake, { data: world.machine.data(tree), owner: addressOf("another program") });
    for (const address of [fake, world.staking.config]) {
      const accounts = good.accounts.map((account, i) => (i === 4 ? { ...account, address } : account));
      const error = address === fake ? "IllegalOwner" : "InvalidAccountData";
      refuse(world, { ...good, accounts }, [keeper], error);
    }
  });
  attack("stake proof", "is of no tree in which nobody weighs anything", () => {
    const world = stakedPolicy([]);
    refuse(world, world.openRosterOf(), [keeper], code("SnapshotEmpty"));
  });
  attack("seat squatting", "is followed at once where too few took seats for any quorum", () => {
    const world = enrolling();
    world.enroll(0);
    world.enroll(1);
    world.at(world.config.enrolmentEnds - 1n);
    refuse(world, world.openRosterOf(), [keeper], code("RosterTooEarly"));
    world.pass(1);
    world.openRoster();
    for (const place of world.owners.keys()) world.enroll(place);
    const begin = world.firstWindow();
    world.at(begin);
    expect(world.play(begin, "cccc").standing.verdict).equal("clean");
  });
});
