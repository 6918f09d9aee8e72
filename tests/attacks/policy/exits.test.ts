import { readdirSync, readFileSync } from "node:fs";
import { type Signer, SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { ownerOf, PARTIES, POLICY_BYTES, POLICY_KEY } from "../../programs/policy/deployed.ts";
import { PROGRAM_BYTES, PROGRAM_KEY } from "../../programs/world/keys.ts";
import { busyWorld, PARTIES as PAYERS, SESSIONS, TODAY, World } from "../../programs/world/world.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import { bent, challengeRecordOf, commitTo, reportOf } from "./lies.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, type PolicyWorld, stakedPolicy, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { keeper, stranger, guardian, authority, challenger } = PARTIES;
const WINDOW = BigInt(TERMS.window);
const artifacts = new URL("../../../programs/artifacts/", import.meta.url);

const closeRoundOf = (world: PolicyWorld, begin: bigint, payer: Signer) =>
  policy.closeRound({ deployment: world.deployment, id: world.idOf(), begin, payer: payer.publicKey });
const closeRosterOf = (world: PolicyWorld, number: bigint, payer: Signer = keeper) =>
  policy.closeRoster({ deployment: world.deployment, number, payer: payer.publicKey });
const closeTargetOf = (world: PolicyWorld, payer: Signer = keeper) =>
  policy.closeTarget({ deployment: world.deployment, id: world.idOf(), payer: payer.publicKey });
function pause(world: PolicyWorld): void {
  const { deployment } = world;
  world.must(policy.setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
}
/** Sends what somebody else pays for, and tells what it gave to `payee`. */
function gain(world: PolicyWorld, payee: Signer, instruction: policy.Instruction): bigint {
  const before = world.machine.lamports(payee.publicKey);
  world.must(instruction, []);
  return world.machine.lamports(payee.publicKey) - before;
}

describe("policy: closing", () => {
  attack("path to refund", "gives a round's rent to who reported first, when its evidence is over", () => {
    const world = openPolicy();
    const begin = world.now();
    world.play(begin, "ccc-");
    const { evidenceUntil } = world.timesOf(begin);
    world.at(evidenceUntil - 1n);
    refuse(world, closeRoundOf(world, begin, world.verifierKey(0)), [], code("RoundLive"));
    world.pass(1);
    for (const thief of [stranger, world.verifierKey(1), keeper])
      refuse(world, closeRoundOf(world, begin, thief), [], code("WrongPayer"));
    const rent = world.machine.lamports(world.roundAddress(begin));
    expect(gain(world, world.verifierKey(0), closeRoundOf(world, begin, world.verifierKey(0)))).equal(rent);
  });
  attack("path to refund", "gives a round's rent back though nobody judged it", () => {
    const world = openPolicy();
    const begin = world.now();
    world.at(begin + WINDOW);
    world.report(2, begin);
    world.at(world.timesOf(begin).evidenceUntil);
    const rent = world.machine.lamports(world.roundAddress(begin));
    expect(gain(world, world.verifierKey(2), closeRoundOf(world, begin, world.verifierKey(2)))).equal(rent);
  });
  attack(
    "path to refund",
    "gives a roster's rent back once another followed it and its evidence is over",
    () => {
      const world = openPolicy();
      refuse(world, closeRosterOf(world, 1n), [], code("RosterLive"));
      world.at(world.config.rosterEnds);
      world.openRoster();
      const [evidenceEnds, supersededAt] = [world.roster(1n).evidenceEnds, world.roster(1n).supersededAt] as [
        bigint,
        bigint,
      ];
      // Every window it reports may still be judged and challenged until then.
      const last = supersededAt - 1n;
      expect(evidenceEnds >= world.timesOf(last - (last % WINDOW)).evidenceUntil).equal(true);
      world.at(evidenceEnds - 1n);
      refuse(world, closeRosterOf(world, 1n), [], code("RosterLive"));
      world.pass(1);
      refuse(world, closeRosterOf(world, 1n, stranger), [], code("WrongPayer"));
      const rent = world.machine.lamports(world.rosterAddress(1n));
      expect(gain(world, keeper, closeRosterOf(world, 1n))).equal(rent);
      refuse(world, closeRosterOf(world, 2n), [], code("RosterLive"));
    },
  );
  attack(
    "path to refund",
    "gives a target's rent back after thirty days without a report, if it is HEALTHY",
    () => {
      const world = openPolicy();
      const begin = world.playAll(world.now(), ["ppp-", "ppp-"]);
      expect(world.target().standing.state).equal("degraded");
      world.at(world.target().reportedAt + BigInt(policy.TARGET_IDLE));
      refuse(world, closeTargetOf(world), [], code("TargetLive"));
      world.renew();
      const next = world.firstWindow();
      expect(next > begin).equal(true);
      world.at(next);
      world.playAll(next, ["ccc-", "ccc-", "ccc-", "ccc-"]);
      world.at(world.target().reportedAt + BigInt(policy.TARGET_IDLE) - 1n);
      refuse(world, closeTargetOf(world), [], code("TargetLive"));
      world.pass(1);
      refuse(world, closeTargetOf(world, stranger), [], code("WrongPayer"));
      const rent = world.machine.lamports(world.targetAddress());
      expect(gain(world, keeper, closeTargetOf(world))).equal(rent);
      expect(world.config.targets).equal(0n);
    },
  );
  attack("close and reopen", "makes no round again that was closed, and no target its old rounds", () => {
    const world = openPolicy();
    const begin = world.now();
    world.play(begin, "bbb-");
    world.at(world.timesOf(begin).evidenceUntil);
    world.must(closeRoundOf(world, begin, world.verifierKey(0)), []);
    refuse(world, world.reportOf(0, begin, "bad"), [world.verifierKey(0)], code("ReportsOver"));
    refuse(world, world.judgeOf(begin), [], "AccountDataTooSmall");
  });
  attack("account revived", "brings nothing back by lamports sent in the transaction that closes it", () => {
    const world = openPolicy();
    const begin = world.now();
    world.play(begin, "ccc-");
    world.at(world.timesOf(begin).evidenceUntil);
    const address = world.roundAddress(begin);
    const transfer = {
      program: toAddress(SYSTEM_PROGRAM),
      accounts: [
        { address: stranger.publicKey, signer: true, writable: true },
        { address, signer: false, writable: true },
      ],
      data: new Uint8Array([2, 0, 0, 0, 0, 202, 154, 59, 0, 0, 0, 0]),
    };
    world.must([closeRoundOf(world, begin, world.verifierKey(0)), transfer], [stranger]);
    expect(world.machine.account(address)?.data.length ?? 0).equal(0);
    refuse(world, closeRoundOf(world, begin, world.verifierKey(0)), [], "AccountDataTooSmall");
  });
  attack("nobody gains", "leaves every purse as it was, rent apart, when everything is closed again", () => {
    const world = stakedPolicy();
    const wealth = () =>
      [keeper, challenger, ...world.owners.map((_, i) => world.verifierKey(i))].map((who) =>
        world.machine.lamports(who.publicKey),
      );
    const before = wealth();
    world.openRoster();
    for (const place of world.owners.keys()) world.enroll(place);
    const begin = world.firstWindow();
    world.at(begin);
    const end = world.playAll(begin, ["ccc-", "-ccc", "--cc", "bbb-"]);
    world.at(world.config.rosterEnds);
    world.openRoster();
    world.at(world.roster(1n).evidenceEnds as bigint);
    const first = [0, 1, 2, 0];
    for (let at = begin, i = 0; at < end; at += WINDOW, i++)
      world.must(closeRoundOf(world, at, world.verifierKey(first[i] as number)), []);
    world.must(closeRosterOf(world, 1n), []);
    const newest = world.machine.lamports(world.rosterAddress(2n));
    expect(wealth()).eql(before.map((lamports, i) => (i === 0 ? lamports - newest : lamports)));
  });
});

describe("policy: a pause", () => {
  attack(
    "pause blocks exit",
    "stops judging and nothing else: reports, seats, challenges, targets, closing go on",
    () => {
      const world = openPolicy();
      const begin = world.now();
      world.play(begin, "ccc-");
      pause(world);
      const next = begin + WINDOW;
      const committed = commitTo(0, next, bent(4, 4, { 2: { at: TERMS.window * 1_000 } }));
      world.at(next + WINDOW);
      world.must(reportOf(world, committed, 4), [world.verifierKey(0)]);
      world.must(challengeRecordOf(world, committed, 2), [challenger]);
      world.at(world.timesOf(next).reportsUntil);
      refuse(world, world.judgeOf(next), [], code("Paused"));
      world.at(world.timesOf(next).evidenceUntil);
      for (const at of [begin, next]) world.must(closeRoundOf(world, at, world.verifierKey(0)), []);
      world.at(world.config.rosterEnds);
      world.openRoster();
      world.enroll(1);
      world.must(world.registerOf("gateway", "https://gateway.example"), [keeper]);
      world.at(world.roster(1n).evidenceEnds as bigint);
      world.must(closeRosterOf(world, 1n), []);
      world.pass(policy.TARGET_IDLE);
      world.must(closeTargetOf(world), []);
    },
  );
  attack("pause blocks exit", "keeps no verifier's stake: it is asked back, waited for and withdrawn", () => {
    const world = openPolicy();
    world.playAll(world.now(), ["bbb-", "bbb-"]);
    pause(world);
    const owner = ownerOf(0);
    const before = world.staking.purse(owner);
    const { shares } = world.staking.position(owner, owner);
    const { deployment } = world.staking;
    const proof = world.staking.mirror(world.owners).proveSync(0);
    const exit = { deployment, owner: owner.publicKey, staker: owner.publicKey, number: 0, shares, proof };
    world.staking.must(stake.requestExit(exit), [owner]);
    world.pass(world.staking.settings().terms.exitDelay);
    world.staking.must(world.staking.withdrawOf(owner, owner, 0), [owner]);
    expect(world.staking.purse(owner) > before).equal(true);
  });
  attack("stranger", "is the guardian's to begin and the authority's to end", () => {
    const world = openPolicy();
    pause(world);
    const { deployment } = world;
    const resume = (who: Signer) => policy.setPaused({ deployment, signer: who.publicKey, paused: false });
    refuse(world, resume(guardian), [guardian], code("NotAuthority"));
    world.must(resume(authority), [authority]);
    expect(world.config.paused).equal(false);
  });
});

describe("policy: nobody else depends on it", () => {
  attack("fallback free", "is read by no other program: none of them knows its address", () => {
    const id = Buffer.from(POLICY_KEY.publicKey);
    const programs = readdirSync(artifacts).filter((file) => file.endsWith(".so") && file !== "policy.so");
    expect(programs.length).greaterThan(3);
    for (const file of programs)
      expect(Buffer.from(readFileSync(new URL(file, artifacts))).includes(id), file).equal(false);
    // So it would be found where it is known.
    expect(Buffer.from(POLICY_BYTES).includes(id)).equal(true);
  });
  attack("fallback free", "writes no account of another program", () => {
    for (const { name, accounts } of IDL.instructions) {
      const { world, instruction } = (
        ATTEMPTS[name] as () => { world: PolicyWorld; instruction: policy.Instruction }
      )();
      accounts.forEach((account, i) => {
        if (!account.writable) return;
        const { owner } = world.machine.account(instruction.accounts[i]?.address as Uint8Array) ?? {};
        const known = [world.deployment.policy, toAddress(SYSTEM_PROGRAM)].map(String);
        expect([...known, "undefined"], `${name} ${account.name}`).include(String(owner));
      });
    }
  });
  attack("fallback free", "settles and pays out whatever the state of a gateway, paused or not", () => {
    const name = "https://gateway.example";
    const world = openPolicy();
    // The escrow program with a wallet's lane on the same chain.
    const paid = busyWorld();
    const { machine } = world;
    machine.addProgram(PROGRAM_KEY.publicKey, PROGRAM_BYTES);
    const { deployment, ledger } = paid;
    const { alice } = PAYERS;
    const addresses = [
      paid.config,
      paid.vault,
      ledger,
      paid.treasury,
      paid.namesPool,
      paid.payout,
      deployment.mint,
      paid.balanceAddress(alice),
      paid.tokens(alice),
    ];
    for (const address of addresses) {
      const account = paid.machine.account(address);
      if (account !== undefined) machine.plant(address, account);
    }
    machine.airdrop(alice.publicKey, 1_000_000_000n);
    const there = new World(machine, paid.tokenProgram);
    world.must(world.registerOf("gateway", name), [keeper]);
    const id = world.idOf({ kind: "gateway", name });
    let begin = world.firstWindow();
    for (let i = 0; i < 4; i++, begin += WINDOW) {
      world.at(begin + WINDOW);
      for (const seat of [0, 1, 2])
        world.must(world.reportOf(seat, begin, "bad", { id }), [world.verifierKey(seat)]);
      world.at(world.timesOf(begin).reportsUntil);
      world.must(world.judgeOf(begin, { id }), []);
    }
    expect(world.target(id).standing.state).equal("disabled");
    pause(world);
    const batch = { baseDay: TODAY, records: [there.record(SESSIONS.alice, 0, 500n)] };
    there.must(escrow.settle({ deployment, ledger, batch }), []);
    expect(there.readLane(0).settled).equal(500n);
    const before = there.readBalance(alice)?.free as bigint;
    there.must(
      escrow.withdraw({
        deployment,
        owner: alice.publicKey,
        destination: there.tokens(alice),
        amount: 1_000n,
      }),
      [alice],
    );
    expect(there.readBalance(alice)?.free).equal(before - 1_000n);
    there.must(
      escrow.requestClose({
        owner: alice.publicKey,
        ledger,
        lane: 0,
        generation: there.readLane(0).generation,
        deployment,
      }),
      [alice],
    );
  });
});
