import { addressOf } from "../../programs/world/keys.ts";
import { describeAccounts, describeTokens, expectAttempts } from "../accounts.ts";
import { ANCHOR } from "../harness.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);

/** Accounts of the program's own that an instruction creates. */
const CREATED: Readonly<Record<string, readonly string[]>> = {
  initialize: ["config", "tree"],
  register_operator: ["operator"],
  add_node: ["node"],
  stake: ["position"],
  request_exit: ["exit"],
};

describe("stake: every account of every instruction", () => {
  attack("largest batch", "has a good attempt at every instruction, and each succeeds", () =>
    expectAttempts(IDL, ATTEMPTS, 200_000),
  );

  describeAccounts({
    idl: IDL,
    code,
    attack,
    refuse,
    attempts: ATTEMPTS,
    programOf: ({ deployment }) => deployment.stake,
    types: {
      config: "StakeConfig",
      tree: "StakeTree",
      operator: "Operator",
      node: "Node",
      position: "Position",
      exit: "Exit",
    },
    created: CREATED,
    // Anchor creates some accounts before it looks at the flag; then the runtime refuses the creation.
    readOnly: (name, account) =>
      CREATED[name]?.includes(account) && name !== "initialize" ? "PrivilegeEscalation" : ANCHOR.notWritable,
    more: (at) => {
      describeTokens(attack, code, at);
      if (at.account.name === "mint" && at.name !== "initialize")
        attack("account parent", `refuses ${at.name} with another mint`, () =>
          at.tryWith({ address: addressOf("mint") }, code("MintInvalid")),
        );
    },
  });
});
