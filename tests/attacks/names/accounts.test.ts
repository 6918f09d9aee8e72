import { addressOf } from "../../programs/world/keys.ts";
import { describeAccounts, describeTokens, expectAttempts, FOREIGN_PROGRAM } from "../accounts.ts";
import { ANCHOR } from "../harness.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);

/** Accounts of the program's own that an instruction creates. */
const CREATED: Readonly<Record<string, readonly string[]>> = {
  initialize: ["config"],
  commit: ["commitment"],
  register: ["name"],
  open_auction: ["name", "auction", "bid"],
  bid: ["bid"],
  appoint_delegate: ["record"],
  issue_passport: ["passport"],
};

describe("names: every account of every instruction", () => {
  attack("largest batch", "has a good attempt at every instruction, and each succeeds", () =>
    expectAttempts(IDL, ATTEMPTS, 200_000),
  );

  describeAccounts({
    idl: IDL,
    code,
    attack,
    refuse,
    attempts: ATTEMPTS,
    programOf: ({ deployment }) => deployment.names,
    types: {
      config: "NamesConfig",
      commitment: "Commitment",
      name: "Name",
      auction: "Auction",
      bid: "Bid",
      record: "Delegate",
      passport: "Passport",
    },
    created: CREATED,
    // Anchor creates some accounts before it looks at the flag; then the runtime refuses the creation.
    readOnly: (name, account) =>
      CREATED[name]?.includes(account) && !["config", "auction"].includes(account)
        ? "PrivilegeEscalation"
        : ANCHOR.notWritable,
    // A delegate's record is known by what it says, not by its address; see the signer tests.
    hasSeeds: (name, account) => !(name === "post_route" && account === "record"),
    more: (at) => {
      const { name, account, tryWith } = at;
      describeTokens(attack, code, at);
      if (account.name === "token_2022" && name !== "offer_control")
        attack("account spoofed", `refuses ${name} with a spoofed Token-2022`, () =>
          tryWith({ address: FOREIGN_PROGRAM }, code("WrongToken2022")),
        );
      if (account.name === "associated_token_program")
        attack("account spoofed", `refuses ${name} with a spoofed associated token program`, () =>
          tryWith({ address: FOREIGN_PROGRAM }, code("WrongAssociated")),
        );
      if (account.name === "nft_mint" || account.name === "passport_mint")
        attack("account seeds", `refuses ${name} with a mint at another address`, () =>
          tryWith(
            { address: addressOf("another mint") },
            code(name === "accept_control" ? "WrongNft" : "WrongMintAddress"),
          ),
        );
    },
  });
});
