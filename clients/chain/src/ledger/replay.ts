import { Engine } from "../svm/engine.ts";
import { parseTransaction } from "../wire/transaction.ts";
import { Bank, type Lags } from "./bank.ts";
import type { Birth } from "./identity.ts";
import type { Journal, Snapshot } from "./journal.ts";
import { decodeRecord, settled } from "./records.ts";
import { decodeSnapshot } from "./snapshots.ts";
import { Timeline } from "./timeline.ts";

export interface Replayed {
  bank: Bank;
  /** How far the chain's clock is ahead of the wall's. */
  offsetMs: number;
}

/** Makes the chain's present state from a snapshot and the log since. */
export function replay(birth: Birth, journal: Journal, from: Snapshot, lags: Lags): Replayed {
  const { head, machine } = decodeSnapshot(from.read());
  const timeline = new Timeline(birth.genesisHash, birth.shape, head.timeline);
  const bank = new Bank(Engine.load(machine), timeline, head.slot, lags);
  let offsetMs = head.offsetMs;
  const first = (bytes: Uint8Array): Uint8Array => parseTransaction(bytes).signatures[0] as Uint8Array;
  for (const record of settled(journal.records(from).map(decodeRecord), first)) {
    switch (record.type) {
      case "transaction":
        if (record.slot > bank.slot) bank.enter(record.slot);
        bank.land(parseTransaction(record.bytes), false, 0);
        break;
      case "clock":
        offsetMs = record.offsetMs;
        if (record.slot > bank.slot) bank.enter(record.slot);
        break;
      case "rollback":
        timeline.skip(record.after + 1, record.end);
        bank.blockhashes.reset();
        bank.enter(record.end + 1);
        break;
      case "expire":
        if (record.slot > bank.slot) bank.enter(record.slot);
        timeline.expire(record.slot);
        bank.blockhashes.reset();
        bank.enter(record.slot);
        break;
    }
  }
  return { bank, offsetMs };
}
