import type { Signer } from "@tolldns/sdk";
import * as policy from "@tolldns/sdk/policy";
import * as stake from "@tolldns/sdk/stake";
import { ownerOf, PARTIES } from "../../programs/policy/deployed.ts";
import * as staking from "../../programs/stake/world.ts";
import { bent, type Committed, challengeRecordOf, commitTo } from "./lies.ts";
import { COUNTS, type PolicyWorld, type Says, TERMS } from "./world.ts";

const { keeper, challenger, authority, guardian, stranger } = PARTIES;
const { slasher } = staking.PARTIES;

/** What a step does; `at` chooses among seats, windows and durations. */
export interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly at: number;
}
export const KINDS = [
  ...(["window", "window", "window", "window", "window", "window"] as const),
  ...(["judge", "judge", "judge", "judge", "judge", "judge", "judge"] as const),
  ...(["report", "pass", "challenge", "challenge", "strike", "roster", "enroll", "enroll"] as const),
  ...(["close", "pause", "resume", "resume", "terms", "jail"] as const),
] as const;

/** What the chain says between two steps. */
export interface Books {
  readonly now: bigint;
  readonly config: policy.PolicyConfig;
  readonly target: policy.TargetAccount;
  readonly rosters: readonly policy.Roster[];
  readonly rounds: readonly policy.Round[];
  /** Places of operators in jail. */
  readonly barred: readonly number[];
  /** Lamports of all wallets and of all accounts they may have paid for. */
  readonly wealth: bigint;
  readonly stranger: bigint;
}

/** Windows that a sequence reported so far, by world. */
const reportedIn = new WeakMap<PolicyWorld, bigint[]>();
const begins = (world: PolicyWorld): bigint[] => {
  const known = reportedIn.get(world) ?? [];
  reportedIn.set(world, known);
  return known;
};
const isThere = (world: PolicyWorld, address: Uint8Array) => world.machine.account(address) !== undefined;

export function read(world: PolicyWorld): Books {
  const { machine, config } = world;
  const numbers = Array.from({ length: Number(config.roster) }, (_, i) => BigInt(i + 1));
  const wallets = [
    ...Object.values(PARTIES),
    ...world.owners,
    ...world.owners.map((_, i) => world.verifierKey(i)),
  ];
  const rounds = begins(world).filter((begin) => isThere(world, world.roundAddress(begin)));
  const accounts = [
    ...wallets.map(({ publicKey }) => publicKey),
    world.targetAddress(),
    ...numbers.map((number) => world.rosterAddress(number)),
    ...rounds.map((begin) => world.roundAddress(begin)),
    ...world.owners.map((_, i) => world.verifierAddress(i)),
  ];
  return {
    now: world.now(),
    config,
    target: world.target(),
    rosters: numbers.map((number) => world.roster(number)),
    rounds: rounds.map((begin) => world.round(begin)),
    barred: [...world.owners.keys()].filter((i) => world.staking.operator(ownerOf(i)).jailed),
    wealth: accounts.reduce((sum, address) => sum + machine.lamports(address), 0n),
    stranger: machine.lamports(stranger.publicKey),
  };
}

const LISTS = Object.fromEntries(
  Object.entries(COUNTS).map(([says, [total, ok]]) => [
    says,
    [commitTo(0, 0n, bent(total, ok)), commitTo(0, 0n, bent(total, ok, { 2: { at: 0xffff_ffff } }))],
  ]),
) as unknown as Record<Says, readonly [honest: Committed, lie: Committed]>;

/** Liars have odd places in the stake tree; what they report is as it may be, by a list with a record that nobody honest writes. */
const listOf = (place: number, says: Says): Committed => LISTS[says][place % 2] as Committed;

/** The roster in force for a window, and who sits in its seats. */
function rosterFor(world: PolicyWorld, begin: bigint): policy.Roster | undefined {
  for (let number = world.config.roster; number > 0n; number--) {
    const roster = world.roster(number);
    if (roster.enrolmentEnds <= begin) return roster;
  }
  return undefined;
}

function report(world: PolicyWorld, begin: bigint, seat: number, says: Says): void {
  const roster = rosterFor(world, begin);
  const place = roster?.seats[seat]?.index;
  if (roster === undefined || place === undefined) return;
  const hotKey = world.verifierKey(place);
  const { list } = listOf(place, says);
  const instruction = world.reportOf(seat, begin, says, {
    roster: roster.number,
    hotKey: hotKey.publicKey,
    operator: world.operatorAddress(place),
    node: world.nodeAddress(place),
    probesRoot: list.root,
  });
  const outcome = world.send(instruction, [hotKey]);
  if (outcome.error === undefined && !begins(world).includes(begin)) begins(world).push(begin);
}

const SAYS: readonly Says[] = ["bad", "clean", "poor", "clean", "bad", "clean", "clean"];
const ALTERNATIVES: readonly Partial<policy.PolicyTerms>[] = [
  {},
  { disableAfter: 2, dwell: 60 },
  { quorumBps: 5_001, recoverAfter: 1, restoreAfter: 2 },
];

/** A whole window in which most seats say the same: its mood holds for some windows, so that runs come about. */
function playWindow(world: PolicyWorld, at: number): void {
  const { terms } = world;
  // Usually the window that runs; it ends, and is reported.
  const begin = policy.windowOf(terms, world.now());
  world.at(begin + BigInt(terms.window));
  const mood = SAYS[Math.floor(begins(world).length / 5) % SAYS.length] as Says;
  for (let seat = 0; seat < 6; seat++) {
    const dice = (at >> seat) & 7;
    if (dice !== 0)
      report(world, begin, seat, dice === 1 && at % 3 === 0 ? (SAYS[at % SAYS.length] as Says) : mood);
  }
}

/** Judges one of the last windows, most often the oldest that was not. */
function judge(world: PolicyWorld, at: number): void {
  const known = begins(world).filter((begin) => isThere(world, world.roundAddress(begin)));
  const waiting = known.filter(
    (begin) => world.round(begin).verdict === undefined && begin >= world.config.termsFrom,
  );
  const begin = at % 5 === 0 ? known[at % Math.max(known.length, 1)] : waiting[0];
  if (begin === undefined) return;
  const { roster, reportsUntil } = world.round(begin);
  if (at % 3 !== 0 && world.now() < reportsUntil) world.at(reportsUntil);
  world.send(world.judgeOf(begin, { roster }), []);
}

function challenge(world: PolicyWorld, at: number): void {
  const known = begins(world).filter((begin) => isThere(world, world.roundAddress(begin)));
  const begin = known[at % Math.max(known.length, 1)];
  if (begin === undefined) return;
  const { reports, roster } = world.round(begin);
  const said = reports[at % Math.max(reports.length, 1)];
  // Nine in ten are let go, so that liars sit for a while.
  if (said === undefined || at % 10 !== 0) return;
  const place = world.roster(roster).seats[said.seat]?.index as number;
  const change = { roster, operator: world.operatorAddress(place) };
  const committed = { ...listOf(place, said.says), seat: said.seat, begin };
  world.send(challengeRecordOf(world, committed, 2, change), [challenger]);
}

function setTerms(world: PolicyWorld, at: number): void {
  const { deployment } = world;
  if (at % 4 !== 0) return;
  const terms = { ...TERMS, ...ALTERNATIVES[(at >> 2) % ALTERNATIVES.length] };
  world.send(policy.setTerms({ deployment, authority: authority.publicKey, terms }), [authority]);
}

function jail(world: PolicyWorld, at: number): void {
  // Liars, whose places are odd.
  const owner = ownerOf(1 + 2 * (at % 3));
  const { deployment } = world.staking;
  if (world.staking.operator(owner).jailed) {
    world.staking.send(stake.unjail({ deployment, owner: owner.publicKey }), [owner]);
    return;
  }
  if (at % 4 !== 0) return;
  world.staking.send(world.staking.slashOf(owner, "omission", world.staking.tokens(owner)), [slasher]);
}

function roster(world: PolicyWorld, at: number): void {
  if (at % 3 !== 0) return;
  const due = world.config.rosterEnds - BigInt(TERMS.enrol);
  if (world.now() < due) world.at(due);
  const outcome = world.send(world.openRosterOf(), [keeper]);
  if (outcome.error !== undefined) return;
  world.readTree();
  for (const place of world.owners.keys()) world.send(world.enrollOf(place), [world.verifierKey(place)]);
}

/** The transactions of a step, whether or not they can succeed now. */
export function play(world: PolicyWorld, { kind, at }: Step): void {
  const { deployment } = world;
  const pausing = (signer: Signer, paused: boolean) =>
    world.send(policy.setPaused({ deployment, signer: signer.publicKey, paused }), [signer]);
  const known = begins(world);
  switch (kind) {
    case "window":
      playWindow(world, at);
      return;
    case "judge":
      judge(world, at);
      return;
    case "report": {
      const window = BigInt(world.terms.window);
      const begin = policy.windowOf(world.terms, world.now()) - BigInt(at % 3) * window;
      report(world, begin, at % 7, SAYS[at % SAYS.length] as Says);
      return;
    }
    case "pass":
      world.pass([1, 30, 60, 60, 60, 600][at % 6] as number);
      return;
    case "challenge":
      challenge(world, at);
      return;
    case "strike": {
      const place = at % world.owners.length;
      const operator = world.operatorAddress(place);
      const { seats, number } = world.roster();
      const seat = seats.find(({ index }) => index === place)?.seat ?? 0;
      world.send(policy.strikeSeat({ deployment, roster: number, seat, operator }), []);
      return;
    }
    case "roster":
      roster(world, at);
      return;
    case "enroll": {
      const place = at % world.owners.length;
      world.send(world.enrollOf(place), [world.verifierKey(place)]);
      return;
    }
    case "close": {
      const begin = known[at % Math.max(known.length, 1)];
      if (begin === undefined || !isThere(world, world.roundAddress(begin))) return;
      const { payer } = world.round(begin);
      world.send(policy.closeRound({ deployment, id: world.idOf(), begin, payer }), []);
      return;
    }
    case "pause":
      if (at % 4 === 0) pausing(guardian, true);
      return;
    case "resume":
      pausing(authority, false);
      return;
    case "terms":
      setTerms(world, at);
      return;
    case "jail":
      jail(world, at);
      return;
  }
}
