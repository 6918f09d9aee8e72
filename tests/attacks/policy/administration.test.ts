import { deriveProgramData } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { expect } from "chai";
import { GENESIS, PARTIES } from "../../programs/policy/deployed.ts";
import { setUpgradeAuthority } from "../../programs/world/deploy.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";
import {
  administered,
  deployedPolicy,
  initializeOf,
  openPolicy,
  type PolicyWorld,
  stakedPolicy,
  TERMS,
} from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { authority, guardian, stranger, keeper } = PARTIES;
const BOB = keyOf("bob");
const DAY = 86_400;
const termsOf = (world: PolicyWorld, change: Partial<policy.PolicyTerms>) =>
  policy.setTerms({ ...administered(world), terms: { ...TERMS, ...change } });

describe("policy: initialisation", () => {
  attack("stranger initialises", "is the upgrade authority's, whoever comes first", () => {
    const world = deployedPolicy();
    refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
    world.must(initializeOf(world), [authority]);
    const domain = policy.hashPolicyDomain(GENESIS, world.configAddress);
    expect(world.config).deep.include({ authority: authority.publicKey, terms: TERMS, domain });
    expect(world.config.stakeProgram).eql(world.deployment.stake);
  });
  attack("previous authority", "follows the upgrade authority to its next holder", () => {
    const world = deployedPolicy();
    const program = world.deployment.policy;
    world.must(setUpgradeAuthority(program, authority, stranger.publicKey), [authority]);
    refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
    world.must(initializeOf(world, stranger), [stranger]);
  });
  attack("stranger initialises", "is nobody's where the program can't be upgraded any more", () => {
    const world = deployedPolicy();
    world.must(setUpgradeAuthority(world.deployment.policy, authority, undefined), [authority]);
    refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
  });
  attack("account initialised twice", "happens once", () => {
    const world = stakedPolicy();
    refuse(world, initializeOf(world), [authority], code("AlreadyInitialized"));
  });
  attack("account prefunded", "works on an address that somebody sent lamports to before", () => {
    const world = deployedPolicy();
    world.machine.airdrop(world.configAddress, 1_000_000n);
    world.must(initializeOf(world), [authority]);
    expect(world.config.roster).equal(0n);
  });
  attack("account spoofed", "believes no ProgramData but the loader's of this program", () => {
    const world = deployedPolicy();
    const good = initializeOf(world, stranger);
    const real = world.machine.data(deriveProgramData(world.deployment.policy).address);
    const data = real.slice(0, 45);
    data.set(stranger.publicKey, 13);
    const fake = addressOf("program data of mine");
    world.machine.plant(fake, { data, owner: addressOf("another loader") });
    const accounts = good.accounts.map((account, i) => (i === 2 ? { ...account, address: fake } : account));
    refuse(world, { ...good, accounts }, [stranger], code("ProgramDataInvalid"));
  });
});

describe("policy: administration", () => {
  attack("amount edges", "holds terms to their bounds", () => {
    const world = stakedPolicy();
    const refused: readonly (readonly [Partial<policy.PolicyTerms>, string])[] = [
      [{ window: 0 }, "PolicyWindowInvalid"],
      [{ window: DAY + 1, dwell: 2 * DAY }, "PolicyWindowInvalid"],
      [{ window: 0xffff_ffff }, "PolicyWindowInvalid"],
      [{ report: 0 }, "ReportTimeInvalid"],
      [{ report: TERMS.window + 1 }, "ReportTimeInvalid"],
      [{ dwell: TERMS.window - 1 }, "DwellInvalid"],
      [{ dwell: 7 * DAY + 1 }, "DwellInvalid"],
      [{ roster: 9, enrol: 1 }, "RosterTimesInvalid"],
      [{ roster: 6 * DAY + 1 }, "RosterTimesInvalid"],
      [{ enrol: 0 }, "RosterTimesInvalid"],
      [{ enrol: TERMS.roster / 2 + 1 }, "RosterTimesInvalid"],
      [{ evidence: TERMS.report - 1 }, "PolicyEvidenceInvalid"],
      [{ evidence: 30 * DAY + 1 }, "PolicyEvidenceInvalid"],
      [{ strike: TERMS.roster - 1 }, "StrikeInvalid"],
      [{ strike: 365 * DAY + 1 }, "StrikeInvalid"],
      [{ leastProbes: 0 }, "LeastProbesInvalid"],
      [{ leastProbes: 4_097 }, "LeastProbesInvalid"],
      [{ operators: 1 }, "DistinctInvalid"],
      [{ regions: 17 }, "DistinctInvalid"],
      [{ networks: 0 }, "DistinctInvalid"],
      [{ degradeAfter: 0 }, "RunsInvalid"],
      [{ degradeAfter: 4 }, "RunsInvalid"],
      [{ disableAfter: 251 }, "RunsInvalid"],
      [{ recoverAfter: 4 }, "RunsInvalid"],
      [{ seats: 2 }, "SeatsInvalid"],
      [{ seats: 65 }, "SeatsInvalid"],
    ];
    for (const [change, error] of refused) refuse(world, termsOf(world, change), [authority], code(error));
    world.must(termsOf(world, policy.DEFAULT_POLICY_TERMS), [authority]);
    expect(world.config.terms).eql(policy.DEFAULT_POLICY_TERMS);
  });
  attack("basis points", "holds shares to 10 000 basis points, a quorum above one half, marks apart", () => {
    const world = stakedPolicy();
    const refused: readonly (readonly [Partial<policy.PolicyTerms>, string])[] = [
      [{ quorumBps: 0 }, "QuorumShareInvalid"],
      [{ quorumBps: 5_000 }, "QuorumShareInvalid"],
      [{ quorumBps: 10_001 }, "QuorumShareInvalid"],
      [{ badBps: 0 }, "MarksInvalid"],
      [{ poorBps: 0 }, "MarksInvalid"],
      [{ badBps: TERMS.poorBps }, "MarksInvalid"],
      [{ poorBps: 10_001 }, "MarksInvalid"],
    ];
    for (const [change, error] of refused) refuse(world, termsOf(world, change), [authority], code(error));
    for (const change of [{ quorumBps: 10_000 }, { quorumBps: 5_001 }, { poorBps: 10_000, badBps: 9_999 }])
      world.must(termsOf(world, change), [authority]);
  });
  attack("unknown enum", "knows no flag but 0 and 1", () => {
    const world = stakedPolicy();
    const { deployment } = world;
    const good = policy.setPaused({ deployment, signer: guardian.publicKey, paused: true });
    for (const flag of [2, 255]) {
      const data = Uint8Array.of(good.data[0] as number, flag);
      refuse(world, { ...good, data }, [guardian], code("FlagInvalid"));
    }
  });
  attack("watermark", "publishes sets whose versions rise, of 1 to 256 challenges", () => {
    const world = stakedPolicy();
    const setOf = (version: number, count: number) =>
      policy.publishSet({ ...administered(world), version, count, root: addressOf(`set ${version}`) });
    refuse(world, setOf(0, 4), [authority], code("SetVersionInvalid"));
    refuse(world, setOf(1, 0), [authority], code("SetCountInvalid"));
    refuse(world, setOf(1, 257), [authority], code("SetCountInvalid"));
    world.must(setOf(5, 256), [authority]);
    for (const version of [5, 4]) refuse(world, setOf(version, 4), [authority], code("SetVersionInvalid"));
    world.must(setOf(0xffff_ffff, 1), [authority]);
    refuse(world, setOf(0xffff_ffff, 1), [authority], code("SetVersionInvalid"));
  });
  attack("stranger", "is administered by nobody but its authority", () => {
    const world = stakedPolicy();
    const { deployment } = world;
    for (const who of [stranger, guardian, keeper]) {
      const mine = { deployment, authority: who.publicKey };
      const not = code("NotAuthority");
      refuse(world, policy.setTerms({ ...mine, terms: TERMS }), [who], not);
      refuse(world, policy.setGuardian({ ...mine, guardian: who.publicKey }), [who], not);
      refuse(world, policy.proposeAuthority({ ...mine, newAuthority: who.publicKey }), [who], not);
      const set = { ...mine, version: 1, count: 1, root: addressOf("set") };
      refuse(world, policy.publishSet(set), [who], not);
    }
    const pause = policy.setPaused({ deployment, signer: stranger.publicKey, paused: true });
    refuse(world, pause, [stranger], code("NotGuardian"));
  });
  attack("one-step handover", "is handed over in two steps, and the old authority is none afterwards", () => {
    const world = stakedPolicy();
    const { deployment } = world;
    world.must(policy.proposeAuthority({ ...administered(world), newAuthority: BOB.publicKey }), [authority]);
    expect(world.config.authority).eql(authority.publicKey);
    const accept = (who: Uint8Array) => policy.acceptAuthority({ deployment, pendingAuthority: who });
    refuse(world, accept(stranger.publicKey), [stranger], code("NotPendingAuthority"));
    world.must(accept(BOB.publicKey), [BOB]);
    expect(world.config.authority).eql(BOB.publicKey);
    refuse(world, termsOf(world, {}), [authority], code("NotAuthority"));
    refuse(world, accept(BOB.publicKey), [BOB], code("NotPendingAuthority"));
  });
  attack(
    "pending authority",
    "gives a proposed authority no power before it accepts, and none after it was taken back",
    () => {
      const world = stakedPolicy();
      const { deployment } = world;
      world.must(policy.proposeAuthority({ ...administered(world), newAuthority: BOB.publicKey }), [
        authority,
      ]);
      const mine = { deployment, authority: BOB.publicKey, terms: TERMS };
      refuse(world, policy.setTerms(mine), [BOB], code("NotAuthority"));
      const back = policy.proposeAuthority({ ...administered(world), newAuthority: new Uint8Array(32) });
      world.must(back, [authority]);
      const accept = policy.acceptAuthority({ deployment, pendingAuthority: BOB.publicKey });
      refuse(world, accept, [BOB], code("NotPendingAuthority"));
    },
  );
});

describe("policy: terms changed inside a window", () => {
  const WINDOW = BigInt(TERMS.window);
  attack("parameter in epoch", "judges that window under none, and the next whole one under the new", () => {
    const world = openPolicy();
    const begin = world.playAll(world.now(), ["bbb-", "bbb-", "bbb-"]);
    expect(world.target().standing).deep.include({ state: "degraded", runs: { poor: 3, bad: 3, clean: 0 } });
    world.at(begin + 1n);
    world.must(termsOf(world, { disableAfter: 2 }), [authority]);
    world.at(begin + WINDOW);
    refuse(world, world.reportOf(0, begin, "bad"), [world.verifierKey(0)], code("WindowPassed"));
    // What was counted before does not count under the new terms.
    world.play(begin + WINDOW, "bbb-");
    expect(world.target().standing).deep.include({ state: "degraded", runs: { poor: 1, bad: 1, clean: 0 } });
    world.play(begin + 2n * WINDOW, "bbb-");
    expect(world.target().standing.state).equal("disabled");
  });
  attack(
    "parameter in epoch",
    "judges no window reported before, so that marks don't move under reports",
    () => {
      const world = openPolicy();
      const begin = world.now();
      world.at(begin + WINDOW);
      world.say(begin, "ppp-");
      world.must(termsOf(world, { poorBps: 9_999, badBps: 9_998 }), [authority]);
      refuse(world, world.reportOf(3, begin, "poor"), [world.verifierKey(3)], code("WindowPassed"));
      world.at(world.timesOf(begin).reportsUntil);
      refuse(world, world.judgeOf(begin), [], code("WindowPassed"));
      expect(world.target().standing.judged).equal(0n);
      // And it holds up none that follows.
      world.play(begin + WINDOW, "bbb-");
      expect(world.target().standing.verdict).equal("bad");
    },
  );
  attack("parameter in epoch", "lays windows on the new grid", () => {
    const world = openPolicy();
    world.must(termsOf(world, { window: 90, report: 30 }), [authority]);
    const first = world.firstWindow();
    expect(first % 90n).equal(0n);
    world.at(first + 90n);
    refuse(world, world.reportOf(0, first + 60n, "bad"), [world.verifierKey(0)], code("WindowUnaligned"));
    world.play(first, "bbb-");
    expect(world.target().standing).deep.include({ judged: first, verdict: "bad" });
  });
  attack("parameter in epoch", "keeps a roster's times and a strike's, whatever is set since", () => {
    const world = openPolicy();
    const before = world.roster();
    world.must(termsOf(world, { roster: 10, enrol: 1, strike: 10, seats: 3 }), [authority]);
    expect(world.roster()).eql(before);
    const { rosterEnds } = world.config;
    world.at(rosterEnds - 2n);
    refuse(world, world.openRosterOf(), [keeper], code("RosterTooEarly"));
    world.pass(1);
    world.openRoster();
    expect(world.roster().room).equal(3);
  });
});
