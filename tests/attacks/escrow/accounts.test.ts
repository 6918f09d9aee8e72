import { describeAccounts, expectAttempts } from "../accounts.ts";
import { refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import { ANCHOR, code, IDL } from "./errors.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);

/** Instructions that have all seeds of a ledger's address at hand and derive it. */
const DERIVE_LEDGER = ["extend_ledger", "set_ledger", "open_lane", "top_up_lane", "distribute"];

describe("escrow: every account of every instruction", () => {
  it("has a good attempt at every instruction, and each succeeds", () => expectAttempts(IDL, ATTEMPTS));

  describeAccounts({
    idl: IDL,
    code,
    attack,
    refuse,
    attempts: ATTEMPTS,
    programOf: ({ deployment }) => deployment.escrow,
    types: { config: "Config", ledger: "Ledger", balance: "Balance" },
    created: { initialize: ["config"], open_ledger: ["ledger"] },
    keeps: (account, length) => (account === "ledger" ? 119 : length - 1),
    // `deposit` may create the Balance, so there Anchor compares the length of an existing one first.
    tooShort: (name, account) =>
      name === "deposit" && account === "balance" ? ANCHOR.wrongSpace : "AccountDataTooSmall",
    hasSeeds: (name, account) => account !== "ledger" || DERIVE_LEDGER.includes(name),
    more: ({ name, account, isState, plantAndTry }) => {
      if (isState && account.name === "ledger")
        attack("account length", `refuses ${name} with a ledger that lost a row`, () =>
          plantAndTry(({ data }) => ({ data: data.slice(0, data.length - 1) }), "InvalidAccountData"),
        );
    },
  });
});
