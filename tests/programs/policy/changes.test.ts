import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { addressOf, keyOf } from "../world/keys.ts";
import { BACKEND, PARTIES, VERIFIER_NODE, verifierKey } from "./deployed.ts";
import { openPolicy, TERMS } from "./world.ts";

const { authority, keeper } = PARTIES;
const WINDOW = BigInt(TERMS.window);
const REPORT = BigInt(TERMS.report);

describe("what changes in the middle of a window", () => {
  it("keeps the challenge set that the window began with", () => {
    const world = openPolicy();
    const { deployment } = world;
    const publish = (version: number) =>
      world.must(
        policy.publishSet({
          deployment,
          authority: authority.publicKey,
          version,
          count: 10 * version,
          root: addressOf(`set ${version}`),
        }),
        [authority],
      );
    publish(1);
    world.begin();
    const id = world.register();
    const begin = world.firstWindow();
    world.until(begin + 1n);
    publish(2);
    world.until(begin + 2n * WINDOW);
    const [owner] = world.owners as [Signer];
    const late = begin + WINDOW;
    world.machine.setTime(begin + WINDOW + REPORT - 1n);
    world.report(owner, id, begin);
    expect(world.round(begin, id).set).eql({ version: 1, count: 10, root: addressOf("set 1") });
    world.until(late + WINDOW);
    world.report(owner, id, late);
    expect(world.round(late, id).set).eql({ version: 2, count: 20, root: addressOf("set 2") });
  });

  it("leaves the window out where the terms changed, and goes on with the next", () => {
    const world = openPolicy();
    world.begin();
    const id = world.register();
    const begin = world.firstWindow();
    world.window(id, begin, [20, 20, 20, 20, 20]);
    const second = world.firstWindow();
    world.until(second + WINDOW);
    for (const owner of world.owners.slice(0, 4)) world.report(owner, id, second);
    world.setTerms({ leastProbes: 10 });
    const [owner] = world.owners as [Signer];
    expect(world.send(world.reportOf(owner, id, second), [verifierKey(owner)]).error).equal(6349);
    world.until(second + WINDOW + REPORT);
    expect(world.send(world.judgeOf(id, second)).error).equal(6349);
    const third = world.firstWindow();
    world.window(id, third, [20, 20, 20, 20, 20]);
    expect(world.target(id).standing).include({ judged: third, state: "healthy" });
    expect(world.target(id).standing.runs).eql({ poor: 0, bad: 0, clean: 1 });
  });

  it("asks for the hot key that the node has when it reports", () => {
    const world = openPolicy();
    world.begin();
    const id = world.register();
    const begin = world.firstWindow();
    world.until(begin + WINDOW);
    const [owner] = world.owners as [Signer];
    const hotKey = keyOf("another hot key");
    world.machine.airdrop(hotKey.publicKey, 10_000_000_000n);
    const { deployment } = world.staking;
    world.must(
      stake.rotateHotKey({
        deployment,
        owner: owner.publicKey,
        number: VERIFIER_NODE,
        hotKey: hotKey.publicKey,
      }),
      [owner],
    );
    expect(world.send(world.reportOf(owner, id, begin), [verifierKey(owner)]).error).equal(6804);
    world.must(world.reportOf(owner, id, begin, {}, { hotKey: hotKey.publicKey }), [hotKey]);
  });

  it("hands over from roster to roster at the second the next one's enrolment ends", () => {
    const world = openPolicy();
    world.begin();
    const id = world.register();
    const first = world.config;
    world.until(first.rosterEnds - BigInt(TERMS.enrol) - 1n);
    expect(world.send(world.openRosterOf(), [keeper]).error).equal(6310);
    world.begin(world.owners.slice(1));
    const { enrolmentEnds } = world.config;
    expect(world.roster(1n).supersededAt).equal(enrolmentEnds);
    const begin = enrolmentEnds - (enrolmentEnds % WINDOW);
    const [before, after] = begin === enrolmentEnds ? [begin - WINDOW, begin] : [begin, begin + WINDOW];
    const [gone, owner] = world.owners as [Signer, Signer];
    const report = (by: Signer, roster: bigint, begin: bigint) =>
      world.send(world.reportOf(by, id, begin, {}, { roster }), [verifierKey(by)]).error;
    world.until(before + WINDOW);
    expect(report(owner, 2n, before)).equal(6312);
    expect(report(gone, 1n, before)).equal(undefined);
    world.until(after + WINDOW);
    expect(report(gone, 1n, after)).equal(6312);
    expect(report(owner, 2n, after)).equal(undefined);
  });

  it("keeps a roster for the evidence of earlier terms, however short the new ones are", () => {
    const world = openPolicy();
    const { deployment } = world;
    world.begin();
    const id = world.register();
    const { rosterEnds } = world.config;
    world.until(rosterEnds - BigInt(TERMS.enrol) - 2n * WINDOW);
    const begin = world.firstWindow();
    world.until(begin + WINDOW);
    world.report(world.owners[0] as Signer, id, begin);
    world.setTerms({ evidence: TERMS.report });
    world.until(rosterEnds - BigInt(TERMS.enrol));
    world.must(world.openRosterOf(), [keeper]);
    const { evidenceUntil } = world.round(begin, id);
    world.machine.setTime(evidenceUntil - 1n);
    const close = policy.closeRoster({ deployment, number: 1n, payer: keeper.publicKey });
    expect(world.send(close).error).equal(6314);
    expect((world.roster(1n).evidenceEnds ?? 0n) >= evidenceUntil).equal(true);
  });

  it("judges no Round of a target that was closed and registered again since", () => {
    const world = openPolicy();
    const { deployment } = world;
    world.setTerms({ evidence: 2_592_000, report: TERMS.window });
    world.begin();
    const id = world.register();
    const begin = world.firstWindow();
    world.until(begin + WINDOW);
    for (const owner of world.owners) world.report(owner, id, begin, { ok: 0 });
    world.pass(policy.TARGET_IDLE);
    expect(world.machine.now() < world.round(begin, id).evidenceUntil).equal(true);
    world.must(policy.closeTarget({ deployment, id, payer: keeper.publicKey }));
    expect(world.register(BACKEND)).eql(id);
    expect(world.send(world.judgeOf(id, begin)).error).equal(6349);
    expect(world.target(id).standing).include({ state: "healthy", judged: 0n });
  });
});
