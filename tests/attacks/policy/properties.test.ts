import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import fc from "fast-check";
import { PARTIES } from "../../programs/policy/deployed.ts";
import { attack as run } from "./attack.ts";
import { checkVariety, LAWS, type Moment, open, playSequences, SEED, STEPS, sequences } from "./laws.ts";
import { play, read } from "./play.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const RUNS = 8;

describe("policy: random sequences", function () {
  // Some hundred transactions each, on a machine that may be busy.
  this.timeout(300_000);
  let played: readonly Moment[] | undefined;
  const history = (): readonly Moment[] => {
    played ??= playSequences(SEED, RUNS);
    return played;
  };
  it("come into every state, by every verdict, with strikes and new rosters", () => checkVariety(history()));
  for (const [row, law] of Object.entries(LAWS) as [keyof typeof LAWS, (typeof LAWS)[keyof typeof LAWS]][])
    attack(row, `keep the law "${row}" after each of ${RUNS * STEPS} steps (seed ${SEED})`, () => {
      for (const moment of history()) law(moment);
    });

  attack(
    "path to refund",
    `come back to HEALTHY, and every round's rent to who paid it (seed ${SEED})`,
    () => {
      for (const sequence of fc.sample(sequences, { seed: SEED + 1, numRuns: 2 })) {
        const world = open();
        for (const step of sequence) play(world, step);
        const { deployment } = world;
        const { authority } = PARTIES;
        world.must(policy.setPaused({ deployment, signer: authority.publicKey, paused: false }), [authority]);
        // A roster of those who were never struck.
        world.at(world.config.rosterEnds + BigInt(world.terms.strike));
        world.openRoster();
        for (const place of [0, 2, 4]) world.enroll(place);
        const begin = world.firstWindow();
        world.at(begin);
        world.playAll(begin, Array(12).fill("ccc"), [0, 2, 4]);
        expect(world.target().standing.state).equal("healthy");
        world.pass(world.terms.evidence + world.terms.window);
        for (const round of read(world).rounds) {
          const payer = round.payer;
          const close = policy.closeRound({ deployment, id: world.idOf(), begin: round.begin, payer });
          const rent = world.machine.lamports(world.roundAddress(round.begin));
          const had = world.machine.lamports(payer);
          world.must(close, []);
          expect(world.machine.lamports(payer) - had).equal(rent);
        }
      }
    },
  );
});
