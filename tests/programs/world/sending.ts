import type { Address, Signer } from "@tolldns/sdk";
import { keyOf } from "./keys.ts";
import { Machine, type Outcome, type SendOptions } from "./machine.ts";
import type { Instruction } from "./sdk.ts";

/** Pays for transactions of worlds. */
export const PAYER = keyOf("machine payer");

type Instructions = Instruction | readonly Instruction[];

/** Programs on a machine, in a world that goes on by a slot with every transaction. */
export class ProgramWorld {
  readonly machine: Machine;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  send(instructions: Instructions, signers: readonly Signer[] = [], options: SendOptions = {}): Outcome {
    const list = Array.isArray(instructions)
      ? (instructions as readonly Instruction[])
      : [instructions as Instruction];
    const outcome = this.machine.send(list, signers, options);
    this.machine.nextSlot();
    return outcome;
  }
  /** Sends what must succeed. */
  must(instructions: Instructions, signers: readonly Signer[] = [], options: SendOptions = {}): Outcome {
    const outcome = this.send(instructions, signers, options);
    if (outcome.error !== undefined)
      throw new Error(`refused with ${String(outcome.error)}\n${outcome.logs.join("\n")}`);
    return outcome;
  }
  pass(seconds: number): void {
    this.machine.setTime(this.machine.now() + BigInt(seconds));
  }
}

/** Makes the function that returns the machine which `make` makes, from its snapshot after the first time. */
export function snapshots(): (name: string, make: () => Machine) => Machine {
  const known = new Map<string, Uint8Array>();
  return (name, make) => {
    const saved = known.get(name);
    if (saved !== undefined) return Machine.restore(PAYER, saved);
    const machine = make();
    known.set(name, machine.save());
    return machine;
  };
}

/** Makes the function that derives each address once: deriving takes a hundred times as long as looking up, and long random runs derive the same few. */
export function derivations(): (name: string, derive: () => { readonly address: Address }) => Address {
  const known = new Map<string, Address>();
  return (name, derive) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const { address } = derive();
    known.set(name, address);
    return address;
  };
}
