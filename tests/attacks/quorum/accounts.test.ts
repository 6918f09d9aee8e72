import { describeAccounts, expectAttempts, stillSigning } from "../accounts.ts";
import { code, IDL, refuse, attack as run } from "./attack.ts";
import { ATTEMPTS, type Attempt } from "./catalogue.ts";
import type { RowId } from "./rows.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);

describe("quorum: every account of every instruction", function () {
  // The first of them makes worlds with three programs.
  this.timeout(120_000);
  it("has a good attempt at every instruction, and each succeeds in one transaction", () =>
    expectAttempts(IDL, ATTEMPTS, 60_000));

  describeAccounts({
    idl: IDL,
    code,
    attack,
    refuse,
    attempts: ATTEMPTS,
    programOf: ({ deployment }) => deployment.quorum,
    types: { config: "QuorumConfig", epoch: "Epoch" },
    created: { initialize: ["config"], freeze: ["epoch"] },
    keeps: (account, length) => (account === "config" ? length - 1 : 511),
    more: ({ name, account, isState, plantAndTry }) => {
      // Where the bump is read from the account it must lead to the account's own address; elsewhere it is not read.
      if (isState && (account.name === "epoch" || ["prove_equivocation", "slash_vote"].includes(name)))
        attack("account bump", `refuses ${name} with a ${account.name} that tells another bump`, () =>
          plantAndTry(({ data }) => {
            const changed = data.slice();
            changed[9] = (changed[9] as number) - 1;
            return { data: changed };
          }, "InvalidSeeds"),
        );
    },
  });
  for (const [name, prepare] of Object.entries(ATTEMPTS))
    describe(name, () => describeLengths(name, prepare));
});

function describeLengths(name: string, prepare: () => Attempt): void {
  attack("trailing bytes", `refuses ${name} with a byte too many or too few`, () => {
    const { world, instruction, signers } = prepare();
    const asked = stillSigning(instruction, signers);
    const long = Uint8Array.from([...instruction.data, 0]);
    refuse(world, { ...instruction, data: long }, asked, code("InstructionLength"));
    const short = instruction.data.slice(0, -1);
    const error = short.length === 0 ? "InstructionUnknown" : "InstructionLength";
    refuse(world, { ...instruction, data: short }, asked, code(error));
  });
}

describe("quorum: instructions that don't exist", () => {
  attack("unknown enum", "refuses every first byte that is no instruction's", () => {
    const { world, instruction } = (ATTEMPTS.seed as () => Attempt)();
    const known = new Set(Object.values(ATTEMPTS).map((prepare) => prepare().instruction.data[0]));
    for (let byte = 0; byte < 256; byte++)
      if (!known.has(byte))
        refuse(world, { ...instruction, data: Uint8Array.of(byte) }, [], code("InstructionUnknown"));
  });
});
