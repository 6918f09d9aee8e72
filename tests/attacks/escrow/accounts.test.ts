import type { Signer } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import type { AccountMeta, Instruction } from "../../programs/world/sdk.ts";
import { attack, refuse } from "./attack.ts";
import { ATTEMPTS, type Attempt } from "./catalogue.ts";
import { ANCHOR, code, IDL, type IdlAccount } from "./errors.ts";

const FILE = import.meta.url;
const FOREIGN_PROGRAM = addressOf("foreign program");

/** The instruction with one of its accounts changed. */
function withAccount(instruction: Instruction, index: number, change: Partial<AccountMeta>): Instruction {
  return {
    ...instruction,
    accounts: instruction.accounts.map((account, i) => (i === index ? { ...account, ...change } : account)),
  };
}

/** Signers that the changed instruction still asks for. */
function stillSigning(instruction: Instruction, signers: readonly Signer[]): Signer[] {
  return signers.filter(({ publicKey }) =>
    instruction.accounts.some(({ address, signer }) => signer && Buffer.from(address).equals(publicKey)),
  );
}

function tryWith(attempt: Attempt, instruction: Instruction, error: number | string): void {
  refuse(attempt.world, instruction, stillSigning(instruction, attempt.signers), error);
}

/** Does the program read this account as one of its own, there before the instruction? */
function isState(instruction: string, account: IdlAccount): boolean {
  if (account.name === "config") return instruction !== "initialize";
  if (account.name === "ledger") return instruction !== "open_ledger";
  return account.name === "balance";
}

/** Instructions that have all seeds of a ledger's address at hand and derive it. */
const DERIVE_LEDGER = ["extend_ledger", "set_ledger", "open_lane", "top_up_lane", "distribute"];

const OTHER_TYPE: Readonly<Record<string, string>> = {
  config: "Balance",
  balance: "Ledger",
  ledger: "Config",
};
const DISCRIMINATORS = new Map(
  (IDL as unknown as { accounts: { name: string; discriminator: number[] }[] }).accounts.map(
    ({ name, discriminator }) => [name, discriminator],
  ),
);

describe("escrow: every account of every instruction", () => {
  it("has a good attempt at every instruction, and each succeeds", () => {
    expect(Object.keys(ATTEMPTS).sort()).eql(IDL.instructions.map(({ name }) => name).sort());
    for (const [name, prepare] of Object.entries(ATTEMPTS)) {
      const { world, instruction, signers } = prepare();
      expect(world.send(instruction, signers).error, name).equal(undefined);
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

        if (account.writable) {
          attack(FILE, "account read-only", `refuses ${name} with a read-only ${account.name}`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, { writable: false });
            tryWith(attempt, changed, account.signer ? "MissingRequiredSignature" : ANCHOR.notWritable);
          });
        }

        if (account.signer) {
          attack(FILE, "account unsigned", `refuses ${name} that ${account.name} did not sign`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, { signer: false });
            tryWith(attempt, changed, "MissingRequiredSignature");
          });
        }

        if (isState(name, account)) describeState(name, prepare, account, index);
      });

      describePairs(name, prepare, accounts);
    });
  }
});

function describeState(name: string, prepare: () => Attempt, account: IdlAccount, index: number): void {
  const plantedState = (attempt: Attempt) => {
    const { address } = attempt.instruction.accounts[index] as AccountMeta;
    return { address, data: attempt.world.machine.data(address), owner: attempt.world.deployment.escrow };
  };
  const plantAndTry = (
    change: (state: ReturnType<typeof plantedState>) => Partial<ReturnType<typeof plantedState>>,
    error: number | string,
  ) => {
    const attempt = prepare();
    const state = plantedState(attempt);
    const { address, data, owner } = { ...state, ...change(state) };
    attempt.world.machine.plant(address, { data, owner });
    tryWith(attempt, withAccount(attempt.instruction, index, { address }), error);
  };

  attack(FILE, "account owner", `refuses ${name} with a ${account.name} that another program owns`, () =>
    plantAndTry(() => ({ owner: FOREIGN_PROGRAM }), "IllegalOwner"),
  );

  attack(FILE, "account type", `refuses ${name} with another kind of account as ${account.name}`, () =>
    plantAndTry(({ data }) => {
      const other = data.slice();
      other.set(DISCRIMINATORS.get(OTHER_TYPE[account.name] as string) as number[]);
      return { data: other };
    }, "InvalidAccountData"),
  );

  attack(FILE, "account length", `refuses ${name} with a ${account.name} cut short`, () =>
    plantAndTry(
      ({ data }) => ({ data: data.slice(0, account.name === "ledger" ? 119 : data.length - 1) }),
      // `deposit` may create the Balance, so there Anchor compares the length of an existing one first.
      name === "deposit" && account.name === "balance" ? ANCHOR.wrongSpace : "AccountDataTooSmall",
    ),
  );

  if (account.name === "ledger") {
    attack(FILE, "account length", `refuses ${name} with a ledger that lost a row`, () =>
      plantAndTry(({ data }) => ({ data: data.slice(0, data.length - 1) }), "InvalidAccountData"),
    );
  }

  attack(FILE, "old version", `refuses ${name} with a ${account.name} of another version`, () =>
    plantAndTry(({ data }) => {
      const other = data.slice();
      other[8] = 2;
      return { data: other };
    }, code("VersionUnknown")),
  );

  if (account.name !== "ledger" || DERIVE_LEDGER.includes(name)) {
    attack(FILE, "account seeds", `refuses ${name} with a copy of ${account.name} at another address`, () =>
      plantAndTry(() => ({ address: addressOf(`copy of ${account.name}`) }), "InvalidSeeds"),
    );
  }
}

function describePairs(name: string, prepare: () => Attempt, accounts: readonly IdlAccount[]): void {
  for (const [first, one] of accounts.entries()) {
    for (const [second, other] of accounts.entries()) {
      if (second <= first || !one.writable || !other.writable) continue;
      attack(
        FILE,
        "account twice",
        `refuses ${name} with one account as ${one.name} and ${other.name}`,
        () => {
          const attempt = prepare();
          const { address } = attempt.instruction.accounts[first] as AccountMeta;
          tryWith(attempt, withAccount(attempt.instruction, second, { address }), ANCHOR.duplicate);
        },
      );
    }
  }
}
