import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each error of the embedded chain. Paths are the caller's own. */
export interface ChainErrors {
  "chain-damaged": { what: string };
  "chain-locked": { folder: string };
  "chain-stopped": { why: string };
  "chain-address": { got: string };
}

/** Errors of the embedded chain itself, 9100-9109; what its RPC answers has Solana's codes. */
export const CHAIN_ERRORS: ErrorTable<ChainErrors> = {
  "chain-damaged": {
    number: 9100,
    message: "the chain's files are damaged",
    hint: "Restore the folder from a copy, or move it away to begin a new chain.",
  },
  "chain-locked": {
    number: 9101,
    message: "another process has this chain open",
    hint: "End that process, or use another folder.",
  },
  "chain-stopped": {
    number: 9102,
    message: "the log can't be written any more",
    hint: "Make room on the disk and start the chain again; nothing acknowledged is lost.",
  },
  "chain-address": {
    number: 9103,
    message: "not an address",
    hint: "Pass the base58 of 32 bytes.",
  },
};

export const fail = errorsOf(CHAIN_ERRORS);
