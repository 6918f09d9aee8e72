import * as quorum from "@tolldns/sdk/quorum";
import { expect } from "chai";
import { NOON, openQuorum, PARTIES, TERMS } from "./world.ts";

describe("an epoch", () => {
  it("is frozen, seeded, drawn, attested, challenged by nobody, final, and closed with its rent returned", () => {
    const world = openQuorum();
    const before = world.machine.lamports(PARTIES.keeper.publicKey);
    const epoch = world.begin();
    expect(epoch.status).equal("voting");
    expect(epoch.members.length).equal(TERMS.committee);
    expect(epoch.frozenAt).equal(NOON);
    const { outcome } = world.trace(world.updates(3));
    for (const { seat } of epoch.members.slice(0, 2)) world.attest(seat, outcome);
    world.must(world.relayOf([2, 3, 4], outcome), []);
    world.must(quorum.tally({ ...world.of, outcome }), []);
    expect(world.epoch().status).equal("attested");
    expect(world.config.final).equal(undefined);
    world.pass(TERMS.window);
    world.must(quorum.finalize(world.of), []);
    expect(world.epoch().status).equal("final");
    expect(world.config.final?.root).eql(outcome.root);
    expect(world.config.recent).eql([{ epoch: 1n, root: outcome.root }]);
    world.pass(TERMS.evidence);
    world.must(quorum.close({ ...world.of, payer: PARTIES.keeper.publicKey }), []);
    expect(world.machine.account(world.epochAddress())).equal(undefined);
    expect(world.machine.lamports(PARTIES.keeper.publicKey)).equal(before);
  });
});
