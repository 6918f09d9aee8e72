/** Attacks on the bytes of every instruction of a program that has one byte for a discriminator and tells lengths exactly. */
import { type Accounts, stillSigning } from "./accounts.ts";

/** What differs between programs. */
interface Bytes<World> extends Pick<Accounts<World>, "code" | "refuse" | "attempts"> {
  readonly attack: (row: "trailing bytes" | "unknown enum", title: string, test: () => void) => void;
}

/** Tests of each instruction's length; called within a `describe`. */
export function describeLengths<World>({ attack, attempts, code, refuse }: Bytes<World>): void {
  for (const [name, prepare] of Object.entries(attempts))
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

/** A test of first bytes that are no instruction's; called within a `describe`. */
export function describeUnknown<World>({ attack, attempts, code, refuse }: Bytes<World>): void {
  attack("unknown enum", "refuses every first byte that is no instruction's", () => {
    const all = Object.values(attempts).map((prepare) => prepare());
    const unsigned = all.find(({ signers }) => signers.length === 0);
    if (unsigned === undefined) throw new Error("every instruction asks for a signer");
    const { world, instruction } = unsigned;
    const known = new Set(all.map((attempt) => attempt.instruction.data[0]));
    for (let byte = 0; byte < 256; byte++)
      if (!known.has(byte))
        refuse(world, { ...instruction, data: Uint8Array.of(byte) }, [], code("InstructionUnknown"));
  });
}
