import type { Signer } from "@tolldns/sdk";
import { toHex } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import type { EvidenceFile } from "../../keepers/src/verifier/car.ts";
import { proofAgainst } from "../../keepers/src/verifier/chain/accuse.ts";
import { PARTIES, verifierKey } from "../programs/policy/deployed.ts";
import { honest, reported } from "../programs/policy/records.ts";
import { openPolicy, TERMS } from "../programs/policy/world.ts";
import { addressOf } from "../programs/world/keys.ts";

const { authority, challenger } = PARTIES;

/** One name whose answer never changes: the one that honest records expect. */
const [{ expected: DIGEST }] = honest(1, TERMS.window) as [policy.ProbeRecord];
const SET = policy.readChallengeSet(
  JSON.stringify({
    version: 1,
    about: "One name of a fixed answer.",
    challenges: [
      {
        number: 0,
        surface: "positive",
        name: "a.example",
        type: "A",
        transports: ["udp"],
        expect: { kind: "digest", digest: toHex(DIGEST) },
      },
    ],
  }),
);

/** The program with a window of that set, which one seat reported with these records, and the file that the seat would serve. */
function windowOf(records: readonly policy.ProbeRecord[]) {
  const world = openPolicy();
  const { deployment } = world;
  const list = policy.listEntries(SET);
  const set = { version: SET.version, count: list.size, root: list.root };
  world.must(policy.publishSet({ deployment, authority: authority.publicKey, ...set }), [authority]);
  world.begin();
  const id = world.register();
  const begin = world.firstWindow();
  world.until(begin + BigInt(TERMS.window));
  const [owner] = world.owners as [Signer];
  world.report(owner, id, begin, reported(records).says);
  const file: EvidenceFile = {
    report: new Uint8Array(0),
    signature: new Uint8Array(64),
    hotKey: verifierKey(owner).publicKey,
    kind: "backend",
    name: world.target(id).name,
    setText: policy.writeChallengeSet(SET),
    set: SET,
    records,
    transcripts: [],
  };
  const prove = () => {
    const round = world.round(begin);
    const [row] = round.reports as [policy.RoundReport];
    return proofAgainst(deployment, challenger.publicKey, round, row, world.roster(), file);
  };
  return { world, owner, prove };
}

describe("what an accuser finds in another's file", () => {
  const bent = (place: number, change: Partial<policy.ProbeRecord>) =>
    honest(20, TERMS.window).map((record, i) => (i === place ? { ...record, ...change } : record));
  const lie = addressOf("what I like");
  const cases: readonly (readonly [string, readonly policy.ProbeRecord[], policy.StrikeKind, number])[] = [
    [
      "a record that denies itself",
      bent(3, { answer: lie }),
      "outcome",
      policy.DISCRIMINATOR.challengeRecord,
    ],
    ["two records that don't follow", bent(5, { at: 0 }), "order", policy.DISCRIMINATOR.challengeOrder],
    [
      "an expectation that is not the published set's",
      bent(7, { expected: lie, answer: lie }),
      "expected",
      policy.DISCRIMINATOR.challengeExpected,
    ],
  ];
  for (const [what, records, kind, discriminator] of cases)
    it(`strikes its seat on the program: ${what}`, () => {
      const { world, owner, prove } = windowOf(records);
      const { weight } = world.roster();
      const proof = prove();
      if (proof === undefined) expect.fail("found nothing");
      expect(proof.data[0]).equal(discriminator);
      const [event] = world.events(world.must(proof, [challenger]));
      expect(event).include({ name: "struck", seat: 0, kind: policy.STRIKES.indexOf(kind) });
      const [seat] = world.roster().seats as [policy.Seat];
      expect(seat.struck).equal(true);
      expect(world.roster().weight).equal(weight - seat.weight);
      const struckUntil = world.machine.now() + BigInt(TERMS.strike);
      expect(world.verifier(owner)).include({ struckUntil });
    });

  it("is nothing where every record is honest", () => {
    expect(windowOf(honest(20, TERMS.window)).prove()).equal(undefined);
  });
});
