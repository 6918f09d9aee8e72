import { BN, BorshCoder, type Idl } from "@coral-xyz/anchor";
import { PublicKey } from "@solana/web3.js";
import { concatBytes } from "@tolldns/sdk";
import { NAMES_IDL } from "@tolldns/sdk/idl/names";
import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import { ATTEMPTS } from "../attacks/names/catalogue.ts";
import { PARTIES, TERMS } from "../programs/names/world.ts";
import { someone } from "./support/instructions.ts";

const idl = NAMES_IDL as unknown as Idl;
const coder = new BorshCoder(idl);
interface Field {
  readonly name: string;
  readonly type: unknown;
}

/** A value of each type, as Anchor writes it and as ours reads it. */
function sample(type: unknown, i: number): [written: unknown, read: unknown] {
  if (type === "pubkey") return [new PublicKey(someone(i + 1)), someone(i + 1)];
  if (type === "u64") return [new BN(String((1n << 60n) + BigInt(i))), (1n << 60n) + BigInt(i)];
  if (type === "u32") return [3_000_000_000 + i, 3_000_000_000 + i];
  if (type === "u8") return [1, 1];
  return [[...someone(i + 9)], someone(i + 9)];
}

describe("events of the names program", () => {
  for (const event of idl.events ?? []) {
    it(`reads ${event.name} as Anchor writes it, and nothing shorter or longer`, () => {
      const type = idl.types?.find(({ name }) => name === event.name)?.type as unknown as { fields: Field[] };
      const samples = type.fields.map((field, i) => sample(field.type, i));
      const written = Object.fromEntries(type.fields.map(({ name }, i) => [name, samples[i]?.[0]]));
      const bytes = concatBytes(
        Uint8Array.from(event.discriminator),
        coder.types.encode(event.name, written),
      );
      const read = names.decodeNamesEvent(bytes);
      if (read === undefined) throw new Error("not read");
      const [name, ...values] = Object.values(read);
      expect(name).equal(event.name.charAt(0).toLowerCase() + event.name.slice(1));
      const flags = ["moved", "paused"];
      expect(values).eql(
        type.fields.map((field, i) => (flags.includes(field.name) ? samples[i]?.[1] === 1 : samples[i]?.[1])),
      );
      expect(names.decodeNamesEvent(bytes.subarray(0, -1))).equal(undefined);
      expect(names.decodeNamesEvent(concatBytes(bytes, Uint8Array.of(0)))).equal(undefined);
    });
  }

  it("finds what a registration says in its transaction's log", () => {
    const { world, instruction, signers } = (
      ATTEMPTS.register as () => ReturnType<(typeof ATTEMPTS)[string]>
    )();
    const slot = world.machine.slot();
    const { logs } = world.must(instruction, signers);
    const events = names.decodeNamesEvents(logs, world.deployment.names);
    const owner = signers[0]?.publicKey as Uint8Array;
    expect(events.map(({ name }) => name)).eql(["authorityRecorded", "nameRegistered"]);
    expect(events[0]).deep.include({ authority: owner, slot });
    expect(events[1]).deep.include({ owner, generation: 1, price: TERMS.prices[4] });
    expect(names.decodeNamesEvents(logs, PARTIES.alice.publicKey), "of another program").eql([]);
  });
});
