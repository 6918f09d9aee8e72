/**
 * Writes the table of costs into docs/reference/policy.md from what the committed program does; `--check` compares instead.
 *
 *   node tests/programs/policy/costs.ts [--check]
 */
import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import { createList, hashLeaf, sha256 } from "@tolldns/sdk/routes";
import { type Cost, costOf, keepPage, PACKET, pageWith } from "../costs/cost.ts";
import { deepen } from "../stake/deep.ts";
import { addressOf } from "../world/keys.ts";
import type { Outcome, SendOptions } from "../world/machine.ts";
import { transactionSize } from "../world/sdk.ts";
import { PARTIES, verifierKey } from "./deployed.ts";
import { honest, reported } from "./records.ts";
import { openPolicy, type PolicyWorld, TERMS } from "./world.ts";

const { authority, keeper, challenger } = PARTIES;
/** Most probes a report has. */
const PROBES = 4_096;

/** Sixty-four operators, in sixteen regions and networks. */
function full(): PolicyWorld {
  return openPolicy(
    Array.from({ length: 64 }, () => 300n),
    (index) => ({ region: index % 16, asn: 64_500 + (index % 16) }),
  );
}

/** The way back of an operator in a tree of a million: a tree is planted in which all others weigh nothing. */
function measureEnrolment(): Cost[] {
  const world = full();
  const rows = [costOf("`open_roster`, 64 seats", world.must(world.openRosterOf(), [keeper]))];
  world.snapshot = world.staking.mirror(world.owners);
  for (const owner of world.owners.slice(0, 63)) world.must(world.enrollOf(owner), [verifierKey(owner)]);
  const last = world.owners[63] as Signer;
  rows.push(
    costOf("`enroll` for the last seat, six levels", world.must(world.enrollOf(last), [verifierKey(last)])),
  );

  const deep = openPolicy();
  const owner = deep.owners[0] as Signer;
  const proof = deepen(deep.staking, owner);
  deep.must(deep.openRosterOf(), [keeper]);
  const { listed } = deep.staking.operator(owner);
  if (listed === undefined) throw new Error("the operator has no place");
  const enroll = deep.enrollOf(owner, { leaf: listed, proof });
  return [...rows, costOf("`enroll`, twenty levels", deep.must(enroll, [], { payer: verifierKey(owner) }))];
}

/** A full roster that is taken from the lightest by a heavier operator, twenty levels up. */
function measureWorstEnrolment(): Cost {
  const world = full();
  const { machine, staking } = world;
  const owner = world.owners[63] as Signer;
  world.must(world.openRosterOf(), [keeper]);
  world.snapshot = staking.mirror(world.owners);
  for (const each of world.owners.slice(0, 63)) world.must(world.enrollOf(each), [verifierKey(each)]);
  // As if the roster's snapshot were a tree of twenty levels, and its room 63 seats of lighter operators.
  const proof = deepen(staking, owner);
  const { listed } = staking.operator(owner);
  const tree = staking.tree();
  if (listed === undefined) throw new Error("the operator has no place");
  const data = machine.data(world.rosterAddress()).slice();
  const view = new DataView(data.buffer);
  data[10] = tree.depth;
  data[11] = 63;
  data.set(tree.root, 96);
  view.setBigUint64(128, tree.total, true);
  view.setUint32(136, tree.count, true);
  for (let seat = 0; seat < 63; seat++) view.setBigUint64(160 + 88 * seat + 64, 0n, true);
  view.setBigUint64(144, 0n, true);
  machine.plant(world.rosterAddress(), { data, owner: world.deployment.policy });
  const enroll = world.enrollOf(owner, { leaf: listed, proof });
  return costOf(
    "`enroll` in a full roster, twenty levels",
    world.must(enroll, [], { payer: verifierKey(owner) }),
  );
}

/** A window that all 64 report, which is judged and disables; then its Round is closed. */
function measureWindow(): Cost[] {
  const world = full();
  const { deployment } = world;
  world.begin();
  const id = world.register();
  const sent: Outcome[][] = [];
  const judged: Outcome[] = [];
  let begin = world.firstWindow();
  for (let i = 0; i < 5; i++, begin += BigInt(TERMS.window)) {
    world.until(begin + BigInt(TERMS.window));
    const owners = i === 4 ? [...world.owners, world.owners[63] as Signer] : world.owners;
    sent.push(owners.map((owner) => world.report(owner, id, begin, { ok: 0 })));
    world.until(begin + BigInt(TERMS.window + TERMS.report));
    judged.push(world.judge(id, begin));
  }
  if (world.target(id).standing.state !== "disabled") throw new Error("the target is not disabled");
  world.pass(TERMS.evidence);
  const payer = verifierKey(world.owners[0] as Signer).publicKey;
  const close = policy.closeRound({ deployment, id, begin: begin - BigInt(TERMS.window), payer });
  const [first, , , , last] = sent;
  return [
    costOf("`report`, the first of a window", first?.[0] as Outcome),
    costOf("`report`, the last of 64", last?.[63] as Outcome),
    costOf("the same again", last?.[64] as Outcome),
    costOf("`judge` of 64 reports, and a transition", judged[4] as Outcome),
    costOf("`close_round`", world.must(close)),
  ];
}

/** What strikes the last seats of 64, whose rows are found last, of 4 096 records each. */
function measureStrikes(): Cost[] {
  const world = full();
  const { deployment } = world;
  const entries = Array.from({ length: 256 }, (_, number) => entryOf(number));
  const set = createList(entries.map((entry) => hashLeaf(sha256, entry)));
  const publish = policy.publishSet({
    deployment,
    authority: authority.publicKey,
    version: 1,
    count: set.size,
    root: set.root,
  });
  const rows = [costOf("`publish_set`", world.must(publish, [authority]))];
  world.begin();
  const id = world.register();
  const begin = world.firstWindow();
  world.until(begin + BigInt(TERMS.window));
  const records = honest(PROBES, TERMS.window);
  const last = PROBES - 1;
  const change = (index: number, to: Partial<policy.ProbeRecord>) => {
    records[index] = { ...(records[index] as policy.ProbeRecord), ...to };
  };
  change(last - 1, { runningOk: 1 });
  change(last, { challenge: 255, at: TERMS.window * 1_000 });
  const { list, says, bytes, way } = reported(records);
  for (const owner of world.owners) world.report(owner, id, begin, says);
  const seat = (number: number) => ({
    deployment,
    id,
    begin,
    challenger: challenger.publicKey,
    roster: 1n,
    seat: number,
    operator: world.operatorAddress(world.owners[number] as Signer),
  });
  const strike = (what: string, challenge: policy.Instruction, options: SendOptions = {}) =>
    rows.push(costOf(what, world.must(challenge, [], { payer: challenger, ...options })));
  strike(
    "`challenge_record`, one of 4 096",
    policy.challengeRecord({ ...seat(63), record: bytes(last), way: way(last) }),
  );
  strike(
    "`challenge_order`, two of 4 096",
    policy.challengeOrder({
      ...seat(62),
      record: bytes(last - 2),
      proof: list.prove(last - 2),
      next: bytes(last - 1),
      nextProof: list.prove(last - 1),
    }),
    { version: 1 },
  );
  strike(
    "`challenge_expected`, one of 4 096 and of 256 entries",
    policy.challengeExpected({
      ...seat(61),
      record: bytes(last),
      proof: list.prove(last),
      entry: entries[255] as Uint8Array,
      entryProof: set.prove(255),
    }),
  );
  return rows;
}

/** An entry with a digest of its own. */
function entryOf(number: number): Uint8Array {
  const entry = new Uint8Array(policy.ENTRY_BYTES);
  entry[0] = number;
  entry[2] = 2;
  entry.set(addressOf(`digest ${number}`), 38);
  return entry;
}

function measureRest(): Cost[] {
  const world = openPolicy();
  const { deployment } = world;
  const name = `udp://${"a".repeat(122)}`;
  const payer = keeper.publicKey;
  const target = policy.registerTarget({ deployment, payer, kind: "backend", name });
  const rows = [costOf("`register_target`, a name of 128 bytes", world.must(target, [keeper]))];
  world.pass(policy.TARGET_IDLE);
  const close = policy.closeTarget({ deployment, id: policy.hashTarget("backend", name), payer });
  rows.push(costOf("`close_target`", world.must(close)));
  world.begin([]);
  rows.push(costOf("`open_roster` after another", world.must(openNext(world), [keeper])));
  return rows;
}

function openNext(world: PolicyWorld): policy.Instruction {
  world.pass(TERMS.enrol);
  return world.openRosterOf();
}

/** How many targets one verifier reports in a packet of 1 232 bytes: the Rounds are there already. */
export function reportsInAPacket(): number {
  const world = openPolicy();
  world.begin();
  const ids = Array.from({ length: 12 }, (_, i) => world.register(`udp://192.0.2.${i + 1}:53`));
  const begin = world.firstWindow();
  world.until(begin + BigInt(TERMS.window));
  const [first, owner] = world.owners as [Signer, Signer];
  for (const id of ids) world.report(first, id, begin);
  const reports = ids.map((id) => world.reportOf(owner, id, begin));
  let fit = 0;
  const size = (count: number) =>
    transactionSize({
      version: "legacy",
      payer: verifierKey(owner).publicKey,
      blockhash: addressOf("blockhash"),
      instructions: reports.slice(0, count),
    });
  while (fit < reports.length && size(fit + 1) <= PACKET) fit++;
  world.must(reports.slice(0, fit), [], { payer: verifierKey(owner) });
  return fit;
}

/** All costs, the same on every machine but for a few hundred units that differ with the bumps of addresses. */
export function measureCosts(): Cost[] {
  return [
    ...measureEnrolment(),
    measureWorstEnrolment(),
    ...measureWindow(),
    ...measureStrikes(),
    ...measureRest(),
  ];
}

if (import.meta.main) keepPage("policy.md", (page) => pageWith(page, measureCosts()));
