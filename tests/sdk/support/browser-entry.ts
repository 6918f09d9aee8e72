import { createSeed, createTickChain, decodeMessage, isTollError, revealTick, toHex } from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";
import * as tx from "@tolldns/sdk/transaction";
import * as umi from "@tolldns/sdk/umi";
import * as web3 from "@tolldns/sdk/web3";
import { build, SAMPLES, someone } from "./instructions.ts";
import { VECTOR_CHECKS } from "./vector-checks.ts";
import type { Case } from "./vectors.ts";

/** What the test asks of the page; the same functions are called in Node for comparison. */
export const inBrowser = {
  /** Runs a group's check on each row; answers what failed. */
  checkVectors(group: string, rows: readonly Case[]): string[] {
    const failures: string[] = [];
    for (const row of rows) {
      try {
        VECTOR_CHECKS[group]?.(row);
      } catch (error) {
        failures.push(`${row.name}: ${String(error)}`);
      }
    }
    return failures;
  },

  /** Program, accounts and data of every sample, by each of the three kinds of builder. */
  buildSamples(): string[] {
    return SAMPLES.map(({ name, input }) => {
      const plain = build(escrow, name, input) as escrow.Instruction;
      const forWeb3 = web3.fromTransactionInstruction(build(web3, name, input) as never);
      const [forUmi] = umi.toTransactionBuilder(plain, []).getInstructions();
      return [
        shown(plain),
        shown(forWeb3),
        forUmi?.keys.map(({ pubkey }) => pubkey).join(),
        toHex(forUmi?.data ?? plain.data),
      ].join(" ");
    });
  },

  /** A v1 transaction without signatures. */
  encodeTransaction(): string {
    const instructions = SAMPLES.slice(0, 3).map(
      ({ name, input }) => build(escrow, name, input) as escrow.Instruction,
    );
    return toHex(tx.encodeMessageOf({ version: 1, payer: someone(1), blockhash: someone(2), instructions }));
  },

  /** Anchor and last tick of a chain of 65 536 units. */
  makeChain(): string[] {
    const chain = createTickChain(someone(3), 65_536);
    return [toHex(chain.anchor), toHex(revealTick(chain, 65_536))];
  },

  /** Code of the error for a malformed message. */
  refuse(): string {
    try {
      decodeMessage(Uint8Array.of(9));
    } catch (error) {
      if (isTollError(error)) return `${error.code} ${error.number} ${error.hint}`;
    }
    return "nothing";
  },

  /** Length of a fresh seed. */
  seedLength(): number {
    return createSeed().length;
  },
};

function shown({ program, accounts, data }: escrow.Instruction): string {
  const keys = accounts.map(({ address, signer, writable }) => `${toHex(address)}:${signer}:${writable}`);
  return [toHex(program), ...keys, toHex(data)].join(" ");
}

Object.assign(globalThis, { inBrowser });
