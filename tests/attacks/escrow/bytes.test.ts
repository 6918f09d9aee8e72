import { attack, refuse } from "./attack.ts";
import { ATTEMPTS, attemptAt } from "./catalogue.ts";
import { code, IDL } from "./errors.ts";

const FILE = import.meta.url;

describe("escrow: bytes of instructions", () => {
  for (const { name } of IDL.instructions) {
    const prepare = ATTEMPTS[name];
    if (prepare === undefined) continue;
    attack(FILE, "trailing bytes", `refuses ${name} with a byte too many`, () => {
      const { world, instruction, signers } = prepare();
      const data = Uint8Array.from([...instruction.data, 0]);
      refuse(world, { ...instruction, data }, signers, code("InstructionLength"));
    });
    attack(FILE, "ragged length", `refuses ${name} with a byte too few`, () => {
      const { world, instruction, signers } = prepare();
      const data = instruction.data.slice(0, -1);
      // What has no arguments is left with nothing at all.
      const error = data.length === 0 ? "InstructionUnknown" : "InstructionLength";
      refuse(world, { ...instruction, data }, signers, code(error));
    });
  }

  attack(FILE, "unknown enum", "refuses every discriminator that is no instruction's", () => {
    const { world, instruction, signers } = attemptAt("deposit");
    const known = new Set(IDL.instructions.map(({ discriminator }) => discriminator[0]));
    for (let discriminator = 0; discriminator < 256; discriminator++) {
      if (known.has(discriminator)) continue;
      const data = instruction.data.slice();
      data[0] = discriminator;
      refuse(world, { ...instruction, data }, signers, code("InstructionUnknown"));
    }
  });

  attack(FILE, "unknown enum", "takes Anchor's tag for event calls for nothing special", () => {
    const { world, instruction, signers } = attemptAt("deposit");
    const data = Uint8Array.from([0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d, 0]);
    refuse(world, { ...instruction, data }, signers, code("InstructionUnknown"));
  });

  attack(FILE, "vector edges", "refuses an empty batch", () => {
    const { world, instruction } = attemptAt("settle");
    const data = Uint8Array.from([...instruction.data.slice(0, 3), 0, 0, 0, 0]);
    refuse(world, { ...instruction, data }, [], code("BatchEmpty"));
  });

  attack(
    FILE,
    "ragged length",
    "refuses a batch that is not whole records, whatever length it claims",
    () => {
      const { world, instruction } = attemptAt("settle");
      const claim = (length: number, bytes: number) => {
        const data = new Uint8Array(7 + bytes);
        data.set(instruction.data.slice(0, 7 + bytes));
        new DataView(data.buffer).setUint32(3, length, true);
        return { ...instruction, data };
      };
      for (const bytes of [1, 73, 75, 147]) refuse(world, claim(bytes, bytes), [], code("BatchRagged"));
      for (const [length, bytes] of [
        [74, 73],
        [73, 74],
        [0, 74],
        [0xffff_ffff, 74],
        [148, 74],
      ] as const)
        refuse(world, claim(length, bytes), [], code("InstructionLength"));
    },
  );
});
