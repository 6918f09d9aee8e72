import type { Signer } from "@tolldns/sdk";
import type { AccountMeta, Instruction } from "@tolldns/sdk/names";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import { ANCHOR, attack, code, IDL, type IdlAccount, refuse } from "./attack.ts";
import { ATTEMPTS, type Attempt } from "./catalogue.ts";

const FILE = import.meta.url;

const FOREIGN_PROGRAM = addressOf("foreign program");

function withAccount(instruction: Instruction, index: number, change: Partial<AccountMeta>): Instruction {
  const accounts = instruction.accounts.map((account, i) =>
    i === index ? { ...account, ...change } : account,
  );
  return { ...instruction, accounts };
}

function stillSigning(instruction: Instruction, signers: readonly Signer[]): Signer[] {
  return signers.filter(({ publicKey }) =>
    instruction.accounts.some(({ address, signer }) => signer && Buffer.from(address).equals(publicKey)),
  );
}

function tryWith(attempt: Attempt, instruction: Instruction, error: number | string): void {
  refuse(attempt.world, instruction, stillSigning(instruction, attempt.signers), error);
}

/** Accounts of the program's own that an instruction creates. */
const CREATED: Readonly<Record<string, readonly string[]>> = {
  initialize: ["config", "tree"],
  register_operator: ["operator"],
  add_node: ["node"],
  stake: ["position"],
  request_exit: ["exit"],
};
const TYPES: Readonly<Record<string, string>> = {
  config: "StakeConfig",
  tree: "StakeTree",
  operator: "Operator",
  node: "Node",
  position: "Position",
  exit: "Exit",
};

/** Accounts that an instruction reads as the program's own. */
const isState = (instruction: string, { name }: IdlAccount): boolean =>
  name in TYPES && !CREATED[instruction]?.includes(name);

const other = (name: string) =>
  IDL.accounts.find((account) => account.name !== TYPES[name])?.discriminator as number[];

describe("stake: every account of every instruction", () => {
  attack(FILE, "largest batch", "has a good attempt at every instruction, and each succeeds", () => {
    expect(Object.keys(ATTEMPTS).sort()).eql(IDL.instructions.map(({ name }) => name).sort());
    for (const [name, prepare] of Object.entries(ATTEMPTS)) {
      const { world, instruction, signers } = prepare();
      const outcome = world.must(instruction, signers);
      expect(outcome.size, name).lessThanOrEqual(1232);
      expect(outcome.units, name).lessThan(200_000);
    }
  });

  for (const { name, accounts } of IDL.instructions) {
    const prepare = ATTEMPTS[name];
    if (prepare === undefined) continue;
    describe(name, () => {
      accounts.forEach((account, index) => {
        attack(FILE, "account missing", `refuses ${name} that ends before ${account.name}`, () => {
          const attempt = prepare();
          const kept = attempt.instruction.accounts.slice(0, index);
          tryWith(attempt, { ...attempt.instruction, accounts: kept }, "NotEnoughAccountKeys");
        });
        if (account.writable)
          attack(FILE, "account read-only", `refuses ${name} with a read-only ${account.name}`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, { writable: false });
            // Anchor creates some accounts before it looks at the flag; then the runtime refuses the creation.
            const made = CREATED[name]?.includes(account.name) && name !== "initialize";
            const refusal = made ? "PrivilegeEscalation" : ANCHOR.notWritable;
            tryWith(attempt, changed, account.signer ? "MissingRequiredSignature" : refusal);
          });
        if (account.signer)
          attack(FILE, "account unsigned", `refuses ${name} that ${account.name} did not sign`, () => {
            const attempt = prepare();
            tryWith(
              attempt,
              withAccount(attempt.instruction, index, { signer: false }),
              "MissingRequiredSignature",
            );
          });
        if (isState(name, account)) describeState(name, prepare, account, index);
        if (["vault", "treasury"].includes(account.name) && !["initialize", "set_treasury"].includes(name))
          attack(FILE, "account parent", `refuses ${name} with another ${account.name}`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, {
              address: addressOf("another account"),
            });
            tryWith(attempt, changed, code(account.name === "vault" ? "WrongVault" : "WrongTreasury"));
          });
        if (account.name === "token_program")
          attack(FILE, "account spoofed", `refuses ${name} with a spoofed token program`, () => {
            const attempt = prepare();
            const error = name === "initialize" ? "TokenProgramUnsupported" : "TokenProgramMismatch";
            tryWith(
              attempt,
              withAccount(attempt.instruction, index, { address: FOREIGN_PROGRAM }),
              code(error),
            );
          });
        if (account.name === "mint" && name !== "initialize")
          attack(FILE, "account parent", `refuses ${name} with another mint`, () => {
            const attempt = prepare();
            tryWith(
              attempt,
              withAccount(attempt.instruction, index, { address: addressOf("mint") }),
              code("MintInvalid"),
            );
          });
      });
      describePairs(name, prepare, accounts);
    });
  }
});

function describeState(name: string, prepare: () => Attempt, account: IdlAccount, index: number): void {
  type State = { address: Uint8Array; data: Uint8Array; owner: Uint8Array };
  const plantAndTry = (change: (state: State) => Partial<State>, error: number | string) => {
    const attempt = prepare();
    const { address: at } = attempt.instruction.accounts[index] as AccountMeta;
    const state = {
      address: at,
      data: attempt.world.machine.data(at),
      owner: attempt.world.deployment.stake,
    };
    const { address, data, owner } = { ...state, ...change(state) };
    attempt.world.machine.plant(address, { data, owner });
    tryWith(attempt, withAccount(attempt.instruction, index, { address }), error);
  };
  attack(FILE, "account owner", `refuses ${name} with a ${account.name} that another program owns`, () =>
    plantAndTry(() => ({ owner: FOREIGN_PROGRAM }), "IllegalOwner"),
  );
  attack(FILE, "account type", `refuses ${name} with another kind of account as ${account.name}`, () =>
    plantAndTry(({ data }) => {
      const changed = data.slice();
      changed.set(other(account.name));
      return { data: changed };
    }, "InvalidAccountData"),
  );
  attack(FILE, "account length", `refuses ${name} with a ${account.name} cut short`, () =>
    plantAndTry(({ data }) => ({ data: data.slice(0, data.length - 1) }), "AccountDataTooSmall"),
  );
  attack(FILE, "old version", `refuses ${name} with a ${account.name} of another version`, () =>
    plantAndTry(({ data }) => {
      const changed = data.slice();
      changed[8] = 2;
      return { data: changed };
    }, code("VersionUnknown")),
  );
  attack(FILE, "account seeds", `refuses ${name} with a copy of ${account.name} at another address`, () =>
    plantAndTry(() => ({ address: addressOf(`copy of ${account.name}`) }), "InvalidSeeds"),
  );
}

function describePairs(name: string, prepare: () => Attempt, accounts: readonly IdlAccount[]): void {
  for (const [first, one] of accounts.entries())
    for (const [second, two] of accounts.entries()) {
      if (second <= first || !one.writable || !two.writable) continue;
      attack(FILE, "account twice", `refuses ${name} with one account as ${one.name} and ${two.name}`, () => {
        const attempt = prepare();
        const { address } = attempt.instruction.accounts[first] as AccountMeta;
        tryWith(attempt, withAccount(attempt.instruction, second, { address }), ANCHOR.duplicate);
      });
    }
}
