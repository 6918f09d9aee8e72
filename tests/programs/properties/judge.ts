import { closeBalance, closeLane, closeLedger, distribute, requestClose, withdraw } from "../world/sdk.ts";
import { GRACE, PARTIES } from "../world/world.ts";
import { type Books, owedOf, wealthOf } from "./books.ts";
import { type Happened, type Play, WALLETS } from "./play.ts";
import { key, signedKey } from "./shapes.ts";
import type { Step } from "./step.ts";

/** What must always hold, as docs/invariants.md names it. */
export type Law = "conservation" | "watermark" | "within reserve" | "nobody gains" | "path to refund";

/** A law that did not hold. */
export class Broken extends Error {
  readonly law: Law;

  constructor(law: Law, what: string) {
    super(`${law}: ${what}`);
    this.law = law;
  }
}

function ensure(law: Law, holds: boolean, what: string): void {
  if (!holds) throw new Broken(law, what);
}

/** Plays steps from a fresh world and asserts after each what must always hold; then leaves it, and asserts that everyone got all back. */
export function playAndJudge(
  play: Play,
  steps: readonly Step[],
  tally: Map<string, [done: number, refused: number]>,
): void {
  let before = play.books();
  const first = wealthOf(before, WALLETS);
  const spent = WALLETS.map(() => 0n);
  for (const step of steps) {
    const happened = play.run(step, before);
    const after = play.books();
    count(tally, happened);
    ensure(
      "nobody gains",
      happened.allowed || happened.error !== undefined,
      `${happened.name} succeeded and was not allowed`,
    );
    judgeBooks(play, after);
    judgeLanes(play, before, after, spent);
    if (happened.error !== undefined)
      ensure("conservation", owedOf(before) === owedOf(after), "a refused instruction moved money");
    const wealth = wealthOf(after, WALLETS);
    WALLETS.forEach((_, i) => {
      ensure(
        "nobody gains",
        (wealth[i] as bigint) + (spent[i] as bigint) === first[i],
        `${happened.name}: a wallet has more or less than what its vouchers left it`,
      );
    });
    before = after;
  }
  try {
    leave(play, before);
  } catch (error) {
    throw new Broken("path to refund", String(error));
  }
  const end = play.books();
  ensure(
    "path to refund",
    owedOf(end) === 0n && end.vault === play.dust,
    "the vault kept something after everyone left",
  );
  WALLETS.forEach((_, i) => {
    ensure(
      "path to refund",
      (end.pockets[i] as bigint) + (spent[i] as bigint) === first[i],
      "a wallet did not get everything back",
    );
  });
}

function judgeBooks(play: Play, after: Books): void {
  ensure("conservation", after.vault === owedOf(after) + play.dust, "the vault does not hold what is owed");
  const lanes = after.ledgers.flatMap(({ rows }) => rows.filter(({ state }) => state !== 0)).length;
  ensure(
    "conservation",
    after.openLanes.reduce((sum, n) => sum + n, 0) === lanes,
    "Balances miscount their lanes",
  );
  for (const { rows, openLanes, credited, distributed } of after.ledgers) {
    ensure(
      "conservation",
      rows.filter(({ state }) => state !== 0).length === openLanes,
      "a ledger miscounts its lanes",
    );
    ensure("conservation", distributed <= credited, "more was distributed than credited");
    for (const { settled, reserve, state } of rows) {
      ensure("within reserve", settled <= reserve, "a lane settled more than its reserve");
      ensure("within reserve", state <= 3, "a lane is in no known state");
    }
  }
}

/** Watermarks only rise and never past what was signed; generations only rise; what a lane loses is counted against its owner. */
function judgeLanes(play: Play, before: Books, after: Books, spent: bigint[]): void {
  after.ledgers.forEach((ledger, i) => {
    const address = play.ledgers[i]?.address as Uint8Array;
    const old = before.ledgers[i];
    if (old === undefined || ledger.credited < old.credited) {
      // A closed ledger made room for the operator's next one.
      ensure(
        "conservation",
        old?.openLanes === 0 && old.credited === old.distributed,
        "a ledger ended that still owed",
      );
      return;
    }
    ensure("watermark", ledger.distributed >= old.distributed, "distributed fell");
    let gained = 0n;
    ledger.rows.forEach((row, lane) => {
      const was = old.rows[lane];
      if (was === undefined) return;
      ensure("watermark", row.generation >= was.generation || ledger.credited === 0n, "a generation fell");
      if (row.generation !== was.generation || row.state === 0) return;
      ensure("watermark", row.settled >= was.settled, "a watermark fell");
      if (row.settled === was.settled) return;
      const signed = play.signed.get(signedKey(address, lane, row.generation)) ?? 0n;
      ensure("nobody gains", row.settled <= signed, "a lane settled more than was signed");
      const owner = WALLETS.findIndex(({ publicKey }) => key(publicKey) === row.owner);
      spent[owner] = (spent[owner] as bigint) + row.settled - was.settled;
      gained += row.settled - was.settled;
    });
    ensure(
      "conservation",
      ledger.credited - old.credited === gained,
      "credits grew by other than what lanes lost",
    );
  });
}

/** The way out, from any state and also while paused: close, wait, withdraw; then the operators. */
function leave(play: Play, books: Books): void {
  const { deployment, namesPool, treasury, machine } = play.world;
  books.ledgers.forEach(({ rows }, i) => {
    const ledger = play.ledgers[i]?.address as Uint8Array;
    rows.forEach((row, lane) => {
      if (row.state !== 1 && row.state !== 2) return;
      const owner = WALLETS.find(({ publicKey }) => key(publicKey) === row.owner)?.publicKey as Uint8Array;
      play.must(requestClose({ deployment, ledger, lane, generation: row.generation, owner }));
    });
  });
  machine.setTime(play.now + BigInt(GRACE));
  books.ledgers.forEach(({ rows }, i) => {
    const { address, operator, payout } = play.ledgers[i] as Play["ledgers"][number];
    rows.forEach((row, lane) => {
      if (row.state === 0) return;
      const owner = WALLETS.find(({ publicKey }) => key(publicKey) === row.owner)?.publicKey as Uint8Array;
      const closer = PARTIES.deployer.publicKey;
      play.must(closeLane({ deployment, ledger: address, lane, generation: row.generation, owner, closer }));
    });
    const { credited, distributed } = books.ledgers[i] as Books["ledgers"][number];
    if (credited > distributed)
      play.must(distribute({ deployment, ledger: address, payout, namesPool, treasury }));
    play.must(closeLedger({ deployment, operator: operator.publicKey, ledger: address }));
  });
  WALLETS.forEach((wallet) => {
    const balance = play.world.readBalance(wallet);
    if (balance === undefined) return;
    const owner = wallet.publicKey;
    if (balance.free > 0n)
      play.must(
        withdraw({ deployment, owner, destination: play.world.tokens(wallet), amount: balance.free }),
      );
    play.must(closeBalance({ deployment, owner }));
  });
}

function count(tally: Map<string, [number, number]>, { name, error }: Happened): void {
  const entry = tally.get(name) ?? [0, 0];
  entry[error === undefined ? 0 : 1]++;
  tally.set(name, entry);
}
