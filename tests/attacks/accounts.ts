/** Attacks on the accounts of every instruction of a program: missing, read-only, unsigned, another's, of another kind, length, version or address, twice. */
import type { Signer } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf } from "../programs/world/keys.ts";
import type { Machine, Outcome } from "../programs/world/machine.ts";
import type { AccountMeta, Instruction } from "../programs/world/sdk.ts";
import { ANCHOR, type Idl, type IdlAccount } from "./harness.ts";

/** An instruction that would succeed, in a world made for it. */
export interface Attempt<World> {
  readonly world: World;
  readonly instruction: Instruction;
  readonly signers: readonly Signer[];
}
type Attempts<World> = Readonly<Record<string, () => Attempt<World>>>;
interface State {
  readonly address: Uint8Array;
  readonly data: Uint8Array;
  readonly owner: Uint8Array;
}

/** A program that is never deployed. */
export const FOREIGN_PROGRAM = addressOf("foreign program");

/** Rows that every program's accounts are attacked by. */
type AccountRow =
  | "account missing"
  | "account read-only"
  | "account unsigned"
  | "account owner"
  | "account type"
  | "account length"
  | "account seeds"
  | "account twice"
  | "old version";

/** What differs between programs. Names of instructions and accounts are the IDL's. */
export interface Accounts<World> {
  readonly idl: Idl;
  readonly code: (name: string) => number;
  /** A test of one of the program's rows. */
  readonly attack: (row: AccountRow, title: string, test: () => void) => void;
  readonly refuse: (
    world: World,
    instruction: Instruction,
    signers: readonly Signer[],
    error: number | string,
  ) => void;
  /** One good attempt at every instruction. */
  readonly attempts: Attempts<World>;
  readonly programOf: (world: World) => Uint8Array;
  /** What the program's own accounts are, by the name instructions give them. */
  readonly types: Readonly<Record<string, string>>;
  /** Those of its own accounts that an instruction creates. */
  readonly created: Readonly<Record<string, readonly string[]>>;
  /** How many bytes of an account are left where it is cut short; all but the last unless told. */
  readonly keeps?: (account: string, length: number) => number;
  /** What refuses an account cut short. */
  readonly tooShort?: (instruction: string, account: string) => number | string;
  /** What refuses a read-only account that does not sign. */
  readonly readOnly?: (instruction: string, account: string) => number | string;
  /** False where an account is known by what it says, not by its address. */
  readonly hasSeeds?: (instruction: string, account: string) => boolean;
  /** More attacks on an account, if there are. */
  readonly more?: (at: Place<World>) => void;
}

/** An account of an instruction, and how to attack it there. */
export interface Place<World> {
  readonly name: string;
  readonly account: IdlAccount;
  readonly index: number;
  readonly prepare: () => Attempt<World>;
  /** Sends the attempt with the account changed, which must be refused. */
  readonly tryWith: (change: Partial<AccountMeta>, error: number | string) => void;
  /** Sends it with another account planted in the place of the program's own. */
  readonly plantAndTry: (change: (state: State) => Partial<State>, error: number | string) => void;
  readonly isState: boolean;
}

/** The instruction with one of its accounts changed. */
function withAccount(instruction: Instruction, index: number, change: Partial<AccountMeta>): Instruction {
  const accounts = instruction.accounts.map((account, i) =>
    i === index ? { ...account, ...change } : account,
  );
  return { ...instruction, accounts };
}

/** Signers that the changed instruction still asks for. */
export function stillSigning(instruction: Instruction, signers: readonly Signer[]): Signer[] {
  return signers.filter(({ publicKey }) =>
    instruction.accounts.some(({ address, signer }) => signer && Buffer.from(address).equals(publicKey)),
  );
}

/** Asserts that there is a good attempt at every instruction, and that each succeeds in one packet and within `units` CU. */
export function expectAttempts(
  idl: Idl,
  attempts: Attempts<{ send(one: Instruction, signers: readonly Signer[]): Outcome }>,
  units = 1_400_000,
): void {
  expect(Object.keys(attempts).sort()).eql(idl.instructions.map(({ name }) => name).sort());
  for (const [name, prepare] of Object.entries(attempts)) {
    const { world, instruction, signers } = prepare();
    const outcome = world.send(instruction, signers);
    expect(outcome.error, `${name}\n${outcome.logs.join("\n")}`).equal(undefined);
    expect(outcome.size, name).lessThanOrEqual(1232);
    expect(outcome.units, name).lessThan(units);
  }
}

/** Tests of all accounts of all instructions; called within a `describe`. */
export function describeAccounts<World extends { readonly machine: Machine }>(of: Accounts<World>): void {
  for (const { name, accounts } of of.idl.instructions) {
    const prepare = of.attempts[name];
    if (prepare === undefined) continue;
    describe(name, () => {
      for (const [index, account] of accounts.entries()) {
        const at = placeOf(of, name, account, index, prepare);
        describeFlags(of, at);
        if (at.isState) describeState(of, at);
        of.more?.(at);
      }
      describePairs(of, name, accounts, prepare);
    });
  }
}

/** Attacks on the token accounts and the token program of a program that names its vault and treasury; for `more`. */
export function describeTokens<World>(
  attack: (row: "account parent" | "account spoofed", title: string, test: () => void) => void,
  code: (name: string) => number,
  { name, account, tryWith }: Place<World>,
): void {
  if (["vault", "treasury"].includes(account.name) && !["initialize", "set_treasury"].includes(name))
    attack("account parent", `refuses ${name} with another ${account.name}`, () =>
      tryWith(
        { address: addressOf("another account") },
        code(account.name === "vault" ? "WrongVault" : "WrongTreasury"),
      ),
    );
  if (account.name === "token_program")
    attack("account spoofed", `refuses ${name} with a spoofed token program`, () =>
      tryWith(
        { address: FOREIGN_PROGRAM },
        code(name === "initialize" ? "TokenProgramUnsupported" : "TokenProgramMismatch"),
      ),
    );
}

/** Where the program reads an account's bump from it, that must lead to its own address; for `more`. */
export function describeBump<World>(
  attack: (row: "account bump", title: string, test: () => void) => void,
  { name, account, plantAndTry }: Place<World>,
): void {
  attack("account bump", `refuses ${name} with a ${account.name} that tells another bump`, () =>
    plantAndTry(({ data }) => {
      const changed = data.slice();
      changed[9] = (changed[9] as number) - 1;
      return { data: changed };
    }, "InvalidSeeds"),
  );
}

function placeOf<World extends { readonly machine: Machine }>(
  of: Accounts<World>,
  name: string,
  account: IdlAccount,
  index: number,
  prepare: () => Attempt<World>,
): Place<World> {
  const send = ({ world, instruction, signers }: Attempt<World>, error: number | string) =>
    of.refuse(world, instruction, stillSigning(instruction, signers), error);
  const tryWith: Place<World>["tryWith"] = (change, error) => {
    const attempt = prepare();
    send({ ...attempt, instruction: withAccount(attempt.instruction, index, change) }, error);
  };
  const plantAndTry: Place<World>["plantAndTry"] = (change, error) => {
    const attempt = prepare();
    const { machine } = attempt.world;
    const at = (attempt.instruction.accounts[index] as AccountMeta).address;
    const state = { address: at, data: machine.data(at), owner: of.programOf(attempt.world) };
    const { address, data, owner } = { ...state, ...change(state) };
    machine.plant(address, { data, owner });
    send({ ...attempt, instruction: withAccount(attempt.instruction, index, { address }) }, error);
  };
  const isState = account.name in of.types && !of.created[name]?.includes(account.name);
  return { name, account, index, prepare, tryWith, plantAndTry, isState };
}

function describeFlags<World>(of: Accounts<World>, at: Place<World>): void {
  const { name, account, index, prepare, tryWith } = at;
  of.attack("account missing", `refuses ${name} that ends before ${account.name}`, () => {
    const { world, instruction, signers } = prepare();
    const short = { ...instruction, accounts: instruction.accounts.slice(0, index) };
    of.refuse(world, short, stillSigning(short, signers), "NotEnoughAccountKeys");
  });
  if (account.writable)
    of.attack("account read-only", `refuses ${name} with a read-only ${account.name}`, () => {
      const refusal = of.readOnly?.(name, account.name) ?? ANCHOR.notWritable;
      tryWith({ writable: false }, account.signer ? "MissingRequiredSignature" : refusal);
    });
  if (account.signer)
    of.attack("account unsigned", `refuses ${name} that ${account.name} did not sign`, () =>
      tryWith({ signer: false }, "MissingRequiredSignature"),
    );
}

function describeState<World>(of: Accounts<World>, at: Place<World>): void {
  const { name, account, plantAndTry } = at;
  const changed = (data: Uint8Array, offset: number, bytes: readonly number[]) => {
    const copy = data.slice();
    copy.set(bytes, offset);
    return { data: copy };
  };
  const other = of.idl.accounts.find((one) => one.name !== of.types[account.name]);
  of.attack("account owner", `refuses ${name} with a ${account.name} that another program owns`, () =>
    plantAndTry(() => ({ owner: FOREIGN_PROGRAM }), "IllegalOwner"),
  );
  of.attack("account type", `refuses ${name} with another kind of account as ${account.name}`, () =>
    plantAndTry(({ data }) => changed(data, 0, other?.discriminator as number[]), "InvalidAccountData"),
  );
  of.attack("account length", `refuses ${name} with a ${account.name} cut short`, () =>
    plantAndTry(
      ({ data }) => ({ data: data.slice(0, of.keeps?.(account.name, data.length) ?? data.length - 1) }),
      of.tooShort?.(name, account.name) ?? "AccountDataTooSmall",
    ),
  );
  of.attack("old version", `refuses ${name} with a ${account.name} of another version`, () =>
    plantAndTry(({ data }) => changed(data, 8, [2]), of.code("VersionUnknown")),
  );
  if (of.hasSeeds?.(name, account.name) ?? true)
    of.attack("account seeds", `refuses ${name} with a copy of ${account.name} at another address`, () =>
      plantAndTry(() => ({ address: addressOf(`copy of ${account.name}`) }), "InvalidSeeds"),
    );
}

function describePairs<World>(
  of: Accounts<World>,
  name: string,
  accounts: readonly IdlAccount[],
  prepare: () => Attempt<World>,
): void {
  for (const [first, one] of accounts.entries())
    for (const [second, two] of accounts.entries()) {
      if (second <= first || !one.writable || !two.writable) continue;
      of.attack("account twice", `refuses ${name} with one account as ${one.name} and ${two.name}`, () => {
        const { world, instruction, signers } = prepare();
        const { address } = instruction.accounts[first] as AccountMeta;
        const changed = withAccount(instruction, second, { address });
        of.refuse(world, changed, stillSigning(changed, signers), ANCHOR.duplicate);
      });
    }
}
