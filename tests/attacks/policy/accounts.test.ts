import { addressOf } from "../../programs/world/keys.ts";
import { describeAccounts, describeBump, expectAttempts } from "../accounts.ts";
import { describeLengths, describeUnknown } from "../bytes.ts";
import { ANCHOR } from "../harness.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const given = { code, attack, refuse, attempts: ATTEMPTS };

/** Accounts of the program's own, by their names in instructions. */
const KINDS: Readonly<Record<string, string>> = {
  config: "PolicyConfig",
  roster: "Roster",
  target: "Target",
  round: "Round",
  previous: "Roster",
  verifier: "Verifier",
};
/** Whose configuration is found by its seeds alone; elsewhere the bump in an account must lead to its own address. */
const ADMINISTRATION = [
  "propose_authority",
  "accept_authority",
  "set_guardian",
  "set_paused",
  "set_terms",
  "publish_set",
];
/** Accounts of these are known by who wrote them, not by their seeds (docs/decisions/0112-known-by-who-wrote-them.md): nobody else can write the program's discriminators. */
const KNOWN_BY_OWNER = [
  "enroll",
  "report",
  "judge",
  "challenge_record",
  "challenge_order",
  "challenge_expected",
  "strike_seat",
];
/** Those that an instruction creates, or that it does without. */
const CREATED: Readonly<Record<string, readonly string[]>> = {
  initialize: ["config"],
  open_roster: ["roster"],
  register_target: ["target"],
  report: ["round"],
  challenge_record: ["verifier"],
  challenge_order: ["verifier"],
  challenge_expected: ["verifier"],
  enroll: ["verifier"],
};

describe("policy: every account of every instruction", function () {
  // The first of them makes worlds with two programs.
  this.timeout(120_000);
  attack("largest batch", "has a good attempt at every instruction, and each costs under 10 000 units", () =>
    expectAttempts(IDL, ATTEMPTS, 10_000),
  );

  describeAccounts({
    ...given,
    idl: IDL,
    programOf: ({ deployment }) => deployment.policy,
    types: KINDS,
    created: CREATED,
    keeps: (account) => (account === "verifier" ? 63 : 150),
    // The runtime itself keeps an account read-only that the program asks it to make.
    readOnly: (name, account) =>
      name === "report" && account === "round" ? "PrivilegeEscalation" : ANCHOR.notWritable,
    hasSeeds: (name) => !KNOWN_BY_OWNER.includes(name),
    more: (at) => {
      const { name, account, isState, plantAndTry } = at;
      if (!isState) return;
      if (KNOWN_BY_OWNER.includes(name))
        attack(
          "account seeds",
          `refuses ${name} with an account that somebody assigned to the program as ${account.name}`,
          () =>
            plantAndTry(
              ({ data }) => ({ address: addressOf("an account of mine"), data: new Uint8Array(data.length) }),
              "InvalidAccountData",
            ),
        );
      else if (!ADMINISTRATION.includes(name)) describeBump(attack, at);
    },
  });
  describeLengths(given);
});

describe("policy: instructions that don't exist", () => describeUnknown(given));
