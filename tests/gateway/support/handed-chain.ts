import { PublicKey } from "@solana/web3.js";
import type { ChainSource } from "@tolldns/gateway";
import { deriveLedger } from "@tolldns/sdk";
import { ACCOUNT_DISCRIMINATORS, LEDGER_HEADER_LENGTH, ROW_LENGTH } from "@tolldns/sdk/escrow";
import type { LaneTerms } from "../../../clients/gateway/src/toll/lanes.ts";

export const ESCROW = new Uint8Array(32).fill(0xe5);
export const GENESIS = new Uint8Array(32).fill(0x6e);
export const OPERATOR = new Uint8Array(32).fill(0x09);
export const HANDED_LEDGER = deriveLedger(ESCROW, GENESIS, OPERATOR, 0).address;

/**
 * Bytes of a ledger account, handed to the chain watch through the interface it reads a chain by, for states of a chain that
 * take a clock of days to reach. The same watch runs against the embedded chain in chain.test.ts.
 */
export interface HandedChain extends ChainSource {
  setLane(lane: number, terms: LaneTerms): void;
  /** Tells subscribers. */
  publish(): void;
  /** While true, reads fail and nobody is told anything. */
  away: boolean;
  slot: number;
  reads: number;
}

export function createHandedChain(
  rows = 8,
  given: { owner?: Uint8Array; minReserve?: bigint } = {},
): HandedChain {
  const data = Buffer.alloc(LEDGER_HEADER_LENGTH + rows * ROW_LENGTH);
  data.set(ACCOUNT_DISCRIMINATORS.Ledger, 0);
  data[8] = 1;
  data[9] = 255;
  data.set(OPERATOR, 16);
  data.writeBigUInt64LE(given.minReserve ?? 1000n, 80);
  data.writeUInt32LE(rows, 112);
  const owner = new PublicKey(given.owner ?? ESCROW);
  const listeners = new Map<number, (account: { data: Uint8Array }, context: { slot: number }) => void>();
  const chain: HandedChain = {
    away: false,
    slot: 100,
    reads: 0,
    setLane(lane, terms) {
      const at = LEDGER_HEADER_LENGTH + lane * ROW_LENGTH;
      data.set(terms.sessionKey, at + 32);
      data.writeBigUInt64LE(terms.reserve, at + 64);
      data.writeBigUInt64LE(terms.settled, at + 72);
      data.writeBigUInt64LE(BigInt(terms.deadline), at + 80);
      data.writeUInt16LE(terms.generation, at + 88);
      data[at + 90] = ["free", "open", "revoked", "closing"].indexOf(terms.state);
    },
    publish() {
      chain.slot++;
      if (chain.away) return;
      for (const listener of listeners.values()) listener({ data: Buffer.from(data) }, { slot: chain.slot });
    },
    async getAccountInfoAndContext() {
      chain.reads++;
      if (chain.away) throw new Error("the chain is away");
      return { context: { slot: chain.slot }, value: { data: Buffer.from(data), owner } };
    },
    onAccountChange(_address, callback) {
      const id = listeners.size + 1;
      listeners.set(id, callback);
      return id;
    },
    async removeAccountChangeListener(id) {
      listeners.delete(id);
    },
  };
  return chain;
}
