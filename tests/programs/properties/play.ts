import { type Address, deriveLedger, encodeVoucher, type Signer } from "@tolldns/sdk";
import { addressOf, keyOf } from "../world/keys.ts";
import {
  closeBalance,
  closeLane,
  closeLedger,
  deposit,
  distribute,
  encodeLane,
  encodeOpenLane,
  encodePlain,
  encodeSetPaused,
  encodeTopUpLane,
  encodeWithAmount,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  rekeyLane,
  requestClose,
  revokeLane,
  setLedger,
  setPaused,
  settle,
  topUpLane,
  withdraw,
} from "../world/sdk.ts";
import { plantTokenAccount } from "../world/tokens.ts";
import { GRACE, NOON, openedWorld, PARTIES, type World } from "../world/world.ts";
import { type Books, readBooks } from "./books.ts";
import { key, shaped, signedKey } from "./shapes.ts";
import type { Step } from "./step.ts";

export const WALLETS: readonly Signer[] = [PARTIES.alice, PARTIES.bob, PARTIES.stranger];
const SESSIONS: readonly Signer[] = [0, 1, 2, 3].map((i) => keyOf(`play session ${i}`));
const OPERATORS: readonly Signer[] = [PARTIES.operator, PARTIES.guardian];
/** Lanes a step can name: one more than there are, so that a row which doesn't exist is named too. */
const LANES = 5;
const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;

/** A ledger that is open now. */
export interface OpenLedger {
  readonly operator: Signer;
  readonly payout: Address;
  index: number;
  address: Address;
}

/** What happened in a step, for the judge. */
export interface Happened {
  readonly name: string;
  readonly instructions: readonly Instruction[];
  /** May this succeed at all, by who signs and what the state was? Undefined: the program decides alone. */
  readonly allowed: boolean;
  readonly error: number | string | undefined;
}

/** A world for long runs: two operators with a ledger each, three wallets, no signature checks. */
export class Play {
  readonly world: World;
  readonly ledgers: OpenLedger[];
  /** Highest amount each lane's present session key ever signed for, by ledger, lane and generation. */
  readonly signed = new Map<string, bigint>();
  now = NOON;
  paused = false;
  dust = 0n;

  constructor() {
    this.world = openedWorld();
    const { machine, deployment } = this.world;
    const ledgerOf = (operator: Signer, index: number) =>
      deriveLedger(deployment.escrow, deployment.genesisHash, operator.publicKey, index).address;
    this.ledgers = OPERATORS.map((operator, i) => ({
      operator,
      payout: i === 0 ? this.world.payout : addressOf("second operator tokens"),
      index: 0,
      address: ledgerOf(operator, 0),
    }));
    const second = this.ledgers[1] as OpenLedger;
    plantTokenAccount(machine, second.payout, deployment.mint, second.operator.publicKey);
    machine.skipSignatures();
    for (const { publicKey } of OPERATORS) machine.airdrop(publicKey, 1_000_000_000_000_000n);
    this.openAgain(second, 0);
  }

  books(): Books {
    return readBooks(this.world, this.ledgers, WALLETS);
  }

  private openAgain(ledger: OpenLedger, index: number): void {
    const { machine, deployment } = this.world;
    const operator = ledger.operator.publicKey;
    ledger.index = index;
    ledger.address = deriveLedger(deployment.escrow, deployment.genesisHash, operator, index).address;
    const made = machine.attempt([
      openLedger({ deployment, operator, index, payout: ledger.payout, minReserve: 10n }),
      extendLedger({ deployment, operator, ledger: ledger.address, rows: LANES - 1 }),
    ]);
    if (made !== undefined) throw new Error(`no ledger: ${String(made)}`);
  }

  /** Does what a step says and tells what came of it. */
  run(step: Step, before: Books): Happened {
    const ledger = pick(this.ledgers, step.ledger);
    const lane = step.lane % LANES;
    const row = before.ledgers[this.ledgers.indexOf(ledger)]?.rows[lane];
    // Lanes are mostly used by their owners, sometimes by anyone.
    const usesLane = step.op % 20 >= 6 && step.op % 20 <= 11 && step.lane % 8 !== 7;
    const laneOwner = WALLETS.find(({ publicKey }) => key(publicKey) === row?.owner);
    const actor = (usesLane ? laneOwner : undefined) ?? pick(WALLETS, step.actor);
    // Mostly the generation that is there, sometimes one that isn't.
    const generation = step.twist % 16 === 0 ? step.amount : (row?.generation ?? 0);
    const { machine, deployment } = this.world;
    const owner = actor.publicKey;
    const named = { deployment, ledger: ledger.address, lane, generation, owner };
    const isOwner = row !== undefined && row.state !== 0 && row.owner === key(owner);
    const sessionKey = pick(SESSIONS, step.twist).publicKey;
    const amount = BigInt(step.amount);
    const try_ = (name: string, allowed: boolean, ...instructions: Instruction[]): Happened => ({
      name,
      instructions,
      allowed,
      error: machine.attempt(instructions),
    });

    switch (step.op % 20) {
      case 0:
      case 1:
        return try_(
          "deposit",
          true,
          shaped(
            "deposit",
            [owner],
            () => deposit({ deployment, owner, source: this.world.tokens(actor), amount: 1n }),
            encodeWithAmount("deposit", amount + 1n),
          ),
        );
      case 2: {
        const destination = this.world.tokens(actor);
        const free = before.free[WALLETS.indexOf(actor)] ?? 0n;
        const wanted = step.twist % 2 === 0 && free > 0n ? free : amount / 4n + 1n;
        return try_(
          "withdraw",
          true,
          shaped(
            "withdraw",
            [owner],
            () => withdraw({ deployment, owner, destination, amount: 1n }),
            encodeWithAmount("withdraw", wanted),
          ),
        );
      }
      case 3:
      case 4:
      case 5:
        return try_(
          "open_lane",
          !this.paused,
          shaped(
            "open",
            [owner, named.ledger],
            () => openLane({ ...named, sessionKey, reserve: 1n }),
            encodeOpenLane(lane, sessionKey, amount / 2n + 1n),
          ),
        );
      case 6:
        return try_(
          "top_up_lane",
          isOwner && !this.paused,
          shaped(
            "top up",
            [owner, named.ledger],
            () => topUpLane({ ...named, amount: 1n }),
            encodeTopUpLane(lane, generation, amount / 8n + 1n),
          ),
        );
      case 7:
        return try_("revoke_lane", isOwner, revokeLane(named));
      case 8: {
        const operator = step.twist % 3 === 0 ? {} : { operator: ledger.operator.publicKey };
        const alone = step.twist % 3 === 0;
        const late = row !== undefined && row.state === 2 && this.now >= row.deadline;
        return try_(
          "rekey_lane",
          isOwner && (!alone || late),
          rekeyLane({ ...named, sessionKey, ...operator }),
        );
      }
      case 9:
        return try_("request_close", isOwner, requestClose(named));
      case 10:
      case 11: {
        const closer = step.twist % 4 === 0 ? ledger.operator : actor;
        const of =
          row === undefined || row.state === 0
            ? actor
            : (WALLETS.find((w) => key(w.publicKey) === row.owner) ?? actor);
        const due = row !== undefined && row.state === 3 && this.now >= row.deadline;
        const into = step.twist % 8 === 1 ? actor : of;
        return try_(
          "close_lane",
          (due || closer === ledger.operator) && into === of,
          shaped(
            "close",
            [closer.publicKey, into.publicKey, named.ledger],
            () => closeLane({ ...named, owner: into.publicKey, closer: closer.publicKey }),
            encodeLane("closeLane", lane, generation),
          ),
        );
      }
      case 12:
      case 13:
      case 14:
      case 15:
        return this.settle(step, ledger, before, try_);
      case 16: {
        const { namesPool, treasury } = this.world;
        const { address, payout } = ledger;
        return try_(
          "distribute",
          true,
          shaped(
            "distribute",
            [address],
            () => distribute({ deployment, ledger: address, payout, namesPool, treasury }),
            encodePlain("distribute"),
          ),
        );
      }
      case 17:
        this.now +=
          step.twist % 2 === 0
            ? BigInt(step.amount % 60)
            : BigInt(Math.floor(GRACE / 2) + (step.amount % GRACE));
        machine.setTime(this.now);
        return try_(
          "close_balance",
          true,
          shaped(
            "close balance",
            [owner],
            () => closeBalance({ deployment, owner }),
            encodePlain("closeBalance"),
          ),
        );
      case 18: {
        const signer = pick([PARTIES.authority, PARTIES.guardian, actor], step.twist);
        const pause = step.amount % 8 === 0;
        const may = pause ? signer !== actor : signer === PARTIES.authority;
        const happened = try_(
          "set_paused",
          may,
          shaped(
            "pause",
            [signer.publicKey],
            () => setPaused({ deployment, signer: signer.publicKey, paused: pause }),
            encodeSetPaused(pause),
          ),
        );
        if (happened.error === undefined) this.paused = pause;
        return happened;
      }
      default:
        return this.operate(step, ledger, try_);
    }
  }

  /** A batch of one to three vouchers, most of them good. */
  private settle(
    step: Step,
    ledger: OpenLedger,
    before: Books,
    try_: (name: string, allowed: boolean, instruction: Instruction) => Happened,
  ): Happened {
    const { deployment } = this.world;
    const at = this.ledgers.indexOf(ledger);
    const rows = before.ledgers[at]?.rows ?? [];
    const today = Number(this.now / 86_400n);
    const taken = rows.flatMap((row, lane) => (row.state === 0 ? [] : [{ row, lane }]));
    let allowed = true;
    // What is settled by the records before, for a lane that is twice in the batch.
    const settled = new Map<number, bigint>();
    const records = Array.from({ length: 1 + (step.twist % 3) }, (_, i) => {
      const chosen = taken.length === 0 || step.twist % 32 === 31 ? undefined : pick(taken, step.lane + i);
      const lane = chosen?.lane ?? step.lane % LANES;
      const row = chosen?.row ?? rows[lane];
      const reserve = row?.reserve ?? 1n;
      const cumulative = (reserve * BigInt((step.amount + i * 7_919) % 0x1_1000)) / 0x1_0000n;
      const bad = step.twist % 13 === 12;
      const session =
        row === undefined || bad
          ? PARTIES.alice
          : (SESSIONS.find((s) => key(s.publicKey) === row.sessionKey) ?? PARTIES.alice);
      const expiryDay = step.twist % 29 === 28 ? today - 1 : today;
      const voucher = {
        ledger: ledger.address,
        lane,
        generation: row?.generation ?? 1,
        expiryDay,
        cumulative,
      };
      const signature = session.sign(encodeVoucher(voucher));
      const due = cumulative > (settled.get(lane) ?? row?.settled ?? 0n);
      if (due) settled.set(lane, cumulative);
      const late = row !== undefined && row.state >= 2 && this.now >= row.deadline;
      if (row === undefined || row.state === 0) allowed = false;
      else if (due && (bad || cumulative > reserve || expiryDay < today || late)) allowed = false;
      if (row !== undefined && !bad) {
        const name = signedKey(ledger.address, lane, row.generation);
        if (cumulative > (this.signed.get(name) ?? 0n)) this.signed.set(name, cumulative);
      }
      return { lane, cumulative, expiryOffset: expiryDay - (today - 1), signature };
    });
    return try_(
      "settle",
      allowed,
      settle({ deployment, ledger: ledger.address, batch: { baseDay: today - 1, records } }),
    );
  }

  /** What operators do: terms, ends and new beginnings; and now and then dust for the vault. */
  private operate(
    step: Step,
    ledger: OpenLedger,
    try_: (name: string, allowed: boolean, ...instructions: Instruction[]) => Happened,
  ): Happened {
    const { deployment, machine, vault } = this.world;
    const operator = ledger.operator.publicKey;
    const { address } = ledger;
    if (step.twist % 4 === 0) {
      const minReserve = BigInt(step.amount % 64);
      const by = step.actor % 4 === 0 ? pick(WALLETS, step.lane).publicKey : operator;
      const terms = shaped(
        "terms",
        [by, address],
        () => setLedger({ deployment, operator: by, ledger: address, payout: ledger.payout, minReserve }),
        encodeWithAmount("setLedger", minReserve),
      );
      return try_("set_ledger", by === operator, terms);
    }
    if (step.twist % 4 === 1) {
      const happened = try_("close_ledger", true, closeLedger({ deployment, operator, ledger: address }));
      if (happened.error === undefined) {
        if (this.paused)
          this.must(setPaused({ deployment, signer: PARTIES.authority.publicKey, paused: false }));
        this.paused = false;
        this.openAgain(ledger, ledger.index + 1);
      }
      return happened;
    }
    if (step.twist % 4 === 2) {
      const stranger = pick(WALLETS, step.actor).publicKey;
      return try_(
        "close_ledger by a stranger",
        false,
        closeLedger({ deployment, operator: stranger, ledger: address }),
      );
    }
    const data = machine.data(vault);
    const view = new DataView(data.buffer, data.byteOffset);
    view.setBigUint64(64, view.getBigUint64(64, true) + 1n, true);
    machine.plant(vault, { data, owner: deployment.tokenProgram });
    this.dust += 1n;
    return { name: "dust", instructions: [], allowed: true, error: undefined };
  }

  must(instruction: Instruction): void {
    const error = this.world.machine.attempt([instruction]);
    if (error !== undefined) throw new Error(`refused with ${String(error)}`);
  }
}
