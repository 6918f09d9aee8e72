import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import { PARTIES } from "../../programs/policy/deployed.ts";
import * as staking from "../../programs/stake/world.ts";
import { ANCHOR } from "../harness.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";
import { apart, openPolicy, type Place, type PolicyWorld, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { authority, guardian } = PARTIES;
const WINDOW = BigInt(TERMS.window);

/** What a window is judged when these say these letters, and the state that a long row of such windows leads to. */
function judged(
  places: readonly Place[],
  said: string,
): { verdict: policy.Verdict; state: policy.TargetState } {
  const world = openPolicy(places);
  const begin = world.now();
  const { standing } = world.play(begin, said);
  world.playAll(begin + WINDOW, [said, said, said, said]);
  return { verdict: standing.verdict, state: world.target().standing.state };
}
/** Liars as said here move nothing. */
function nothing(places: readonly Place[], said: string): void {
  expect(judged(places, said)).eql({ verdict: "unknown", state: "healthy" });
}

describe("policy: quorums", function () {
  this.timeout(60_000);
  attack(
    "exact quorum",
    "is met by colluders with exactly the share of the weight, and not with a unit less",
    () => {
      const unit = { amount: 0n, region: 4, asn: 64_504 };
      // 6 700 of 10 000 tokens, and of 10 001.
      const liars = apart(2_000n, 2_000n, 2_700n);
      expect(judged([...liars, { ...unit, amount: 3_300n }], "bbb-")).eql({
        verdict: "bad",
        state: "disabled",
      });
      nothing([...liars, { ...unit, amount: 3_301n }], "bbb-");
    },
  );
  attack(
    "exact quorum",
    "is not met by liars whom honest verifiers contradict, nor is honest people's word undone",
    () => {
      nothing(apart(1_000n, 1_000n, 1_000n, 1_000n, 1_000n, 1_000n), "bbbccc");
      expect(judged(apart(1_000n, 1_000n, 1_000n, 1_000n, 1_000n, 1_000n, 1_000n), "bbccccc").verdict).equal(
        "clean",
      );
    },
  );
  attack("one operator", "is never one operator's, though it weighs nearly everything", () => {
    nothing(apart(900_000n, 100n, 100n, 100n), "b---");
    nothing(apart(900_000n, 100n, 100n, 100n), "bb--");
    expect(judged(apart(900_000n, 100n, 100n, 100n), "bbb-").verdict).equal("bad");
  });
  attack("one region", "is never one region's or one network's, however many operators it has", () => {
    const places = (change: (place: Place) => Partial<Place>) =>
      apart(500n, 500n, 500n, 500n, 100n).map((place, i) => (i < 4 ? { ...place, ...change(place) } : place));
    nothing(
      places(() => ({ region: 7 })),
      "bbbb-",
    );
    nothing(
      places(() => ({ asn: 64_999 })),
      "bbbb-",
    );
  });
  attack("one short", "lacks one operator, one region or one network", () => {
    // Two hold more than the share.
    nothing(apart(1_000n, 1_000n, 100n, 100n), "bb--");
    const third = (change: Partial<Place>) =>
      apart(1_000n, 1_000n, 1_000n, 100n).map((place, i) => (i === 2 ? { ...place, ...change } : place));
    nothing(third({ region: 1 }), "bbb-");
    nothing(third({ asn: 64_502 }), "bbb-");
    expect(judged(third({}), "bbb-")).eql({ verdict: "bad", state: "disabled" });
  });
  attack("amount overflow", "counts weights in 128 bits, where their sum times 10 000 passes u64", () => {
    const much = 900_000n;
    expect(judged(apart(much, much, much, much), "bbb-").verdict).equal("bad");
    nothing(apart(much, much, much, much), "bbc-");
    expect(much * staking.ONE * 4n * 10_000n > 2n ** 64n).equal(true);
  });
  attack("unknown", "moves nothing by windows that nobody reports or in which nobody agrees", () => {
    const world = openPolicy();
    const begin = world.now();
    world.play(begin, "bbb-");
    const next = world.playAll(begin + WINDOW, ["bbcc", "bbb-", "----", "bbb-", "bpcc", "bbb-", "c---"]);
    expect(world.target().standing).deep.include({ state: "healthy", verdict: "unknown", transitions: 0n });
    // A gap ends the runs as an unknown window does.
    world.playAll(next, ["bbb-", "----", "bbb-", "----", "bbb-", "----", "bbb-"]);
    expect(world.target().standing.runs).eql({ poor: 1, bad: 1, clean: 0 });
  });
});

describe("policy: how fresh a state is", () => {
  attack("unknown", "is not renewed by a seat that reports alone", () => {
    const world = openPolicy();
    const begin = world.now();
    const next = world.playAll(begin, ["bbb-", "bbb-", "bbb-", "bbb-"]);
    expect(world.target().judgedEnd).equal(next);
    world.playAll(next, ["b---", "c---", "bbcc"]);
    expect(world.target()).deep.include({ judgedEnd: next });
    expect(world.target().standing).deep.include({ state: "disabled", judged: next + 2n * WINDOW });
    world.play(next + 3n * WINDOW, "ccc-");
    expect(world.target().judgedEnd).equal(next + 4n * WINDOW);
  });
});

describe("policy: a window is judged once and in turn", () => {
  function two(): { world: PolicyWorld; begin: bigint } {
    const world = openPolicy();
    const begin = world.now();
    world.at(begin + WINDOW);
    world.say(begin, "bbb-");
    world.at(begin + 2n * WINDOW);
    world.say(begin + WINDOW, "ccc-");
    world.at(begin + 3n * WINDOW);
    return { world, begin };
  }
  attack("two verdicts", "is judged once", () => {
    const { world, begin } = two();
    world.must(world.judgeOf(begin), []);
    refuse(world, world.judgeOf(begin), [], code("AlreadyJudged"));
  });
  attack("two verdicts", "waits for the one before, so that nobody leaves out what is known", () => {
    const { world, begin } = two();
    refuse(world, world.judgeOf(begin + WINDOW), [], code("WindowWaits"));
    world.must(world.judgeOf(begin), []);
    expect(world.target().standing.runs).eql({ poor: 1, bad: 1, clean: 0 });
    world.must(world.judgeOf(begin + WINDOW), []);
    expect(world.target().standing.runs).eql({ poor: 0, bad: 0, clean: 1 });
  });
  attack("two verdicts", "shows the round before and no other account in its place", () => {
    const { world, begin } = two();
    const good = world.judgeOf(begin + WINDOW);
    const wrong = [
      [world.roundAddress(begin - WINDOW), "InvalidSeeds"],
      [world.configAddress, "InvalidSeeds"],
      [world.roundAddress(begin + WINDOW), ANCHOR.duplicate],
    ] as const;
    for (const [address, error] of wrong) {
      const accounts = good.accounts.map((account, i) => (i === 4 ? { ...account, address } : account));
      refuse(world, { ...good, accounts }, [], error);
    }
  });
  attack("two verdicts", "waits for none whose evidence is over", () => {
    const { world, begin } = two();
    world.at(world.timesOf(begin).evidenceUntil - 1n);
    refuse(world, world.judgeOf(begin + WINDOW), [], code("WindowWaits"));
    world.pass(1);
    refuse(world, world.judgeOf(begin), [], code("RoundOver"));
    world.must(world.judgeOf(begin + WINDOW), []);
    refuse(world, world.judgeOf(begin), [], code("RoundOver"));
  });
  attack("two verdicts", "is the same however late it is judged", () => {
    const script = ["bbb-", "bbb-", "bbb-", "bbb-", "ccc-", "ccc-"];
    const outcome = (late: number) => {
      const world = openPolicy();
      const begin = world.now();
      const begins = script.map((_, i) => begin + BigInt(i) * WINDOW);
      begins.forEach((each, i) => {
        world.at(each + WINDOW);
        world.say(each, script[i] as string);
      });
      world.pass(late);
      for (const each of begins) world.must(world.judgeOf(each), []);
      return world.target().standing;
    };
    const soon = outcome(TERMS.report);
    expect(soon).deep.include({ state: "recovering", transitions: 3n });
    expect(outcome(TERMS.evidence - 6 * TERMS.window)).eql(soon);
  });
  attack("account parent", "judges no round of another target, or by another roster", () => {
    const { world, begin } = two();
    const other = { kind: "gateway", name: "https://gateway.example" } as const;
    world.must(world.registerOf(other.kind, other.name), [PARTIES.keeper]);
    const good = world.judgeOf(begin);
    const swap = (index: number, address: Uint8Array) => ({
      ...good,
      accounts: good.accounts.map((account, i) => (i === index ? { ...account, address } : account)),
    });
    // With the round before of the other, which is what its address is derived from, too.
    const id = world.idOf(other);
    const others = swap(1, world.targetAddress(id));
    refuse(world, others, [], "InvalidSeeds");
    const before = world.roundAddress(begin - WINDOW, id);
    const both = others.accounts.map((account, i) => (i === 4 ? { ...account, address: before } : account));
    refuse(world, { ...others, accounts: both }, [], code("WrongRound"));
    refuse(world, swap(2, world.roundAddress(begin + WINDOW)), [], code("WrongRound"));
    world.at(world.config.rosterEnds);
    world.openRoster();
    refuse(world, swap(3, world.rosterAddress(2n)), [], code("WrongRoster"));
  });
});

describe("policy: a target comes back", () => {
  attack("disabled for ever", "leaves DISABLED by clean windows in a row and by nothing else", () => {
    const world = openPolicy();
    let begin = world.playAll(world.now(), ["bbb-", "bbb-", "bbb-", "bbb-"]);
    expect(world.target().standing.state).equal("disabled");
    begin = world.playAll(begin, ["ccc-", "pppp", "ccc-", "----", "ccc-", "cc--", "ccc-", "bbb-", "ccc-"]);
    expect(world.target().standing.state).equal("disabled");
    begin = world.playAll(begin, ["ccc-"]);
    expect(world.target().standing.state).equal("recovering");
    world.playAll(begin, ["ccc-", "ccc-"]);
    expect(world.target().standing).deep.include({ state: "healthy", runs: { poor: 0, bad: 0, clean: 4 } });
  });
  attack(
    "disabled for ever",
    "is led from any state to HEALTHY by clean windows, within what the terms ask for",
    () => {
      for (const script of [
        [],
        ["ppp-", "ppp-"],
        ["bbb-", "bbb-", "bbb-", "bbb-"],
        ["bbb-", "bbb-", "bbb-", "ccc-", "ccc-"],
      ]) {
        const world = openPolicy();
        const begin = world.playAll(world.now(), script);
        world.playAll(begin, ["ccc-", "ccc-", "ccc-", "ccc-"]);
        expect(world.target().standing.state).equal("healthy");
      }
    },
  );
  attack("disabled for ever", "comes back after a pause too", () => {
    const world = openPolicy();
    const begin = world.playAll(world.now(), ["bbb-", "bbb-", "bbb-", "bbb-"]);
    const { deployment } = world;
    world.must(policy.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
    world.at(begin + WINDOW);
    world.say(begin, "ccc-");
    world.at(world.timesOf(begin).reportsUntil);
    refuse(world, world.judgeOf(begin), [], code("Paused"));
    world.must(policy.setPaused({ deployment, signer: authority.publicKey, paused: false }), [authority]);
    world.must(world.judgeOf(begin), []);
    world.playAll(begin + WINDOW, ["ccc-", "ccc-", "ccc-"]);
    expect(world.target().standing.state).equal("healthy");
  });
});
