import { describeAccounts, describeBump, expectAttempts } from "../accounts.ts";
import { describeLengths, describeUnknown } from "../bytes.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const given = { code, attack, refuse, attempts: ATTEMPTS };

describe("quorum: every account of every instruction", function () {
  // The first of them makes worlds with three programs.
  this.timeout(120_000);
  it("has a good attempt at every instruction, and each succeeds in one transaction", () =>
    expectAttempts(IDL, ATTEMPTS, 60_000));

  describeAccounts({
    ...given,
    idl: IDL,
    programOf: ({ deployment }) => deployment.quorum,
    types: { config: "QuorumConfig", epoch: "Epoch" },
    created: { initialize: ["config"], freeze: ["epoch"] },
    keeps: (account, length) => (account === "config" ? length - 1 : 511),
    more: (at) => {
      const { name, account, isState } = at;
      // Elsewhere it is not read.
      if (isState && (account.name === "epoch" || ["prove_equivocation", "slash_vote"].includes(name)))
        describeBump(attack, at);
    },
  });
  describeLengths(given);
});

describe("quorum: instructions that don't exist", () => describeUnknown(given));
