import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemEdgeClock } from "../clock.ts";
import { completeLimits } from "../complete.ts";
import type { EdgeOptions } from "../options.ts";
import { type Book, createBook } from "../pay/book.ts";
import { type OwnedWallet, openWallet } from "../wallet/open.ts";
import { type Journal, openJournal } from "./journal.ts";
import { lockFolder } from "./lock.ts";

/** What must survive of whoever pays, and what pays: one user of a folder at a time. */
export interface State {
  readonly journal: Journal;
  readonly book: Book;
  /** Null where nothing is ever paid. */
  readonly wallet: OwnedWallet | null;
  /** Writes what isn't yet and lets go of the folder. */
  close(): Promise<void>;
}

export type StateOptions = Pick<EdgeOptions, "stateDir" | "wallet" | "limits" | "clock" | "random" | "log">;

/** @throws EdgeError option-invalid, key-file, journal-corrupt, journal-locked */
export async function openState(options: StateOptions): Promise<State> {
  const { stateDir, wallet, clock = systemEdgeClock, random = Math.random } = options;
  const limits = completeLimits(options.limits);
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  /** Run in reverse at the end. */
  const closers: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const lock = await lockFolder(join(stateDir, "lock"));
    closers.push(() => lock.release());
    const journal = await openJournal(join(stateDir, "journal"));
    closers.push(() => journal.close());
    const book = createBook(journal, clock, limits);
    closers.push(() => book.close().catch(() => {}));
    const onEvent = (event: string, detail: string) => options.log?.({ level: "info", event, detail });
    return {
      journal,
      book,
      wallet: wallet === undefined ? null : await openWallet({ wallet, book, clock, random, onEvent }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
