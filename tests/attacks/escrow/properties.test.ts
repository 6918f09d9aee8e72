import { expect } from "chai";
import { Broken, type Law } from "../../programs/properties/judge.ts";
import { playSteps, SEED } from "../../programs/properties/run.ts";
import { attack } from "./attack.ts";
import { IDL } from "./errors.ts";

const FILE = import.meta.url;
const STEPS = 100_000;

describe(`escrow: ${STEPS} random steps over all instructions (seed ${SEED})`, () => {
  let broken: Error | undefined;
  let tally = new Map<string, [number, number]>();

  before(async function () {
    this.timeout(900_000);
    try {
      tally = await playSteps(STEPS);
    } catch (error) {
      broken = error as Error;
    }
  });

  /** Fails for the law that was broken; and for the others too, since the play stopped before they were tried to the end. */
  const holds = (law: Law) => {
    if (broken === undefined) return;
    if (broken instanceof Broken && broken.law !== law)
      throw new Error(`not tried to the end: ${broken.message}`);
    throw broken;
  };

  attack(FILE, "conservation", "keeps in the vault exactly what is owed, after every step", () =>
    holds("conservation"),
  );
  attack(FILE, "watermark", "lets watermarks and generations only rise", () => holds("watermark"));
  attack(FILE, "within reserve", "settles no lane past its reserve", () => holds("within reserve"));
  attack(
    FILE,
    "nobody gains",
    "leaves every wallet what its vouchers left it, and does nothing for those who may not",
    () => holds("nobody gains"),
  );
  attack(
    FILE,
    "path to refund",
    "gives everyone everything back at the end of each sequence, paused or not",
    () => holds("path to refund"),
  );

  it("did and refused every instruction that wallets, keepers and operators have", () => {
    const played = [...tally.keys()];
    const administrative = [
      "initialize",
      "propose_authority",
      "accept_authority",
      "set_guardian",
      "set_treasury",
    ];
    // Opened and extended with each new world and after each closed ledger.
    const inPassing = ["open_ledger", "extend_ledger"];
    for (const { name } of IDL.instructions)
      if (![...administrative, ...inPassing].includes(name)) expect(played).include(name);
  });
});
