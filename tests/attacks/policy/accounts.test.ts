import type { Signer } from "@tolldns/sdk";
import type { AccountMeta, Instruction } from "@tolldns/sdk/policy";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import { ANCHOR, code, IDL, type IdlAccount, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS, type Attempt } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
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
const isOwn = (instruction: string, { name }: IdlAccount) =>
  name in KINDS && !CREATED[instruction]?.includes(name);
const discriminatorOf = (kind: string) =>
  IDL.accounts.find((account) => account.name === kind)?.discriminator as number[];

describe("policy: every account of every instruction", function () {
  // The first of them makes worlds with two programs.
  this.timeout(120_000);
  attack(
    "largest batch",
    "has a good attempt at every instruction, and each costs under 10 000 units",
    () => {
      expect(Object.keys(ATTEMPTS).sort()).eql(IDL.instructions.map(({ name }) => name).sort());
      for (const [name, prepare] of Object.entries(ATTEMPTS)) {
        const { world, instruction, signers } = prepare();
        const outcome = world.must(instruction, signers);
        expect(outcome.size, name).lessThanOrEqual(1232);
        expect(outcome.units, name).lessThan(10_000);
      }
    },
  );

  for (const { name, accounts } of IDL.instructions) {
    const prepare = ATTEMPTS[name];
    if (prepare === undefined) continue;
    describe(name, () => {
      for (const [index, account] of accounts.entries()) {
        attack("account missing", `refuses ${name} that ends before ${account.name}`, () => {
          const attempt = prepare();
          const kept = attempt.instruction.accounts.slice(0, index);
          tryWith(attempt, { ...attempt.instruction, accounts: kept }, "NotEnoughAccountKeys");
        });
        if (account.writable)
          attack("account read-only", `refuses ${name} with a read-only ${account.name}`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, { writable: false });
            tryWith(attempt, changed, errorOfReadOnly(name, account));
          });
        if (account.signer)
          attack("account unsigned", `refuses ${name} that ${account.name} did not sign`, () => {
            const attempt = prepare();
            const changed = withAccount(attempt.instruction, index, { signer: false });
            tryWith(attempt, changed, "MissingRequiredSignature");
          });
        if (isOwn(name, account)) describeOwn(name, prepare, account, index);
      }
      describePairs(name, prepare, accounts);
      describeLengths(name, prepare);
    });
  }
});

/** The runtime itself keeps an account read-only that the program asks it to make. */
function errorOfReadOnly(name: string, account: IdlAccount): number | string {
  if (account.signer) return "MissingRequiredSignature";
  const isMade = name === "report" && account.name === "round";
  return isMade ? "PrivilegeEscalation" : ANCHOR.notWritable;
}

function describeOwn(name: string, prepare: () => Attempt, account: IdlAccount, index: number): void {
  type State = { address: Uint8Array; data: Uint8Array; owner: Uint8Array };
  const plantAndTry = (change: (state: State) => Partial<State>, error: number | string) => {
    const attempt = prepare();
    const { address: at } = attempt.instruction.accounts[index] as AccountMeta;
    const { machine, deployment } = attempt.world;
    const state = { address: at, data: machine.data(at), owner: deployment.policy };
    const { address, data, owner } = { ...state, ...change(state) };
    machine.plant(address, { data, owner });
    tryWith(attempt, withAccount(attempt.instruction, index, { address }), error);
  };
  attack("account owner", `refuses ${name} with a ${account.name} that another program owns`, () =>
    plantAndTry(() => ({ owner: FOREIGN_PROGRAM }), "IllegalOwner"),
  );
  attack("account type", `refuses ${name} with another kind of account as ${account.name}`, () =>
    plantAndTry(({ data }) => {
      const changed = data.slice();
      changed.set(discriminatorOf(account.name === "config" ? "Round" : "PolicyConfig"));
      return { data: changed };
    }, "InvalidAccountData"),
  );
  attack("account length", `refuses ${name} with a ${account.name} cut short`, () =>
    plantAndTry(
      ({ data }) => ({ data: data.slice(0, account.name === "verifier" ? 63 : 150) }),
      "AccountDataTooSmall",
    ),
  );
  attack("old version", `refuses ${name} with a ${account.name} of another version`, () =>
    plantAndTry(({ data }) => {
      const changed = data.slice();
      changed[8] = 2;
      return { data: changed };
    }, code("VersionUnknown")),
  );
  if (KNOWN_BY_OWNER.includes(name)) {
    attack(
      "account seeds",
      `refuses ${name} with an account that somebody assigned to the program as ${account.name}`,
      () =>
        plantAndTry(
          ({ data }) => ({ address: addressOf("an account of mine"), data: new Uint8Array(data.length) }),
          "InvalidAccountData",
        ),
    );
    return;
  }
  attack("account seeds", `refuses ${name} with a copy of ${account.name} at another address`, () =>
    plantAndTry(() => ({ address: addressOf(`copy of ${account.name}`) }), "InvalidSeeds"),
  );
  if (!ADMINISTRATION.includes(name))
    attack("account bump", `refuses ${name} with a ${account.name} that tells another bump`, () =>
      plantAndTry(({ data }) => {
        const changed = data.slice();
        changed[9] = (changed[9] as number) - 1;
        return { data: changed };
      }, "InvalidSeeds"),
    );
}

function describePairs(name: string, prepare: () => Attempt, accounts: readonly IdlAccount[]): void {
  for (const [first, one] of accounts.entries())
    for (const [second, two] of accounts.entries()) {
      if (second <= first || !one.writable || !two.writable) continue;
      attack("account twice", `refuses ${name} with one account as ${one.name} and ${two.name}`, () => {
        const attempt = prepare();
        const { address } = attempt.instruction.accounts[first] as AccountMeta;
        tryWith(attempt, withAccount(attempt.instruction, second, { address }), ANCHOR.duplicate);
      });
    }
}

function describeLengths(name: string, prepare: () => Attempt): void {
  attack("trailing bytes", `refuses ${name} with a byte too many or too few`, () => {
    const attempt = prepare();
    const { instruction } = attempt;
    const long = Uint8Array.from([...instruction.data, 0]);
    tryWith(attempt, { ...instruction, data: long }, code("InstructionLength"));
    const short = instruction.data.slice(0, -1);
    const error = short.length === 0 ? "InstructionUnknown" : "InstructionLength";
    tryWith(attempt, { ...instruction, data: short }, code(error));
  });
}

describe("policy: instructions that don't exist", () => {
  attack("unknown enum", "refuses every first byte that is no instruction's", () => {
    const { world, instruction } = (ATTEMPTS.judge as () => Attempt)();
    const known = new Set(Object.values(ATTEMPTS).map((prepare) => prepare().instruction.data[0]));
    for (let byte = 0; byte < 256; byte++)
      if (!known.has(byte))
        refuse(world, { ...instruction, data: Uint8Array.of(byte) }, [], code("InstructionUnknown"));
  });
});
