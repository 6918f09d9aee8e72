import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each migration error. */
export interface MigrationErrors {
  "migrate-rpc": { method: string; reason: string };
  "migrate-failed": { signature: string; error: string };
  "migrate-expired": { attempts: number };
  "migrate-genesis": { expected: string; got: string };
  "migrate-authority": { program: string; expected: string; got: string };
  "migrate-program-key": { program: string };
  "migrate-funds": { address: string; lamports: string; needed: string };
  "migrate-mint": { mint: string; reason: string };
  "migrate-config": { field: string; expected: string; got: string };
  "migrate-key": { path: string; reason: string };
  "migrate-faucet": { mint: string };
}

/** Migration errors, 9000-9099. */
export const MIGRATION_ERRORS: ErrorTable<MigrationErrors> = {
  "migrate-rpc": {
    number: 9000,
    message: "the RPC endpoint refused or can't be reached",
    hint: "Check the address; then run the migration again, it goes on where it stopped.",
  },
  "migrate-failed": {
    number: 9001,
    message: "a transaction failed",
    hint: "Read the error; run the migration again once its cause is gone.",
  },
  "migrate-expired": {
    number: 9002,
    message: "a transaction expired again and again",
    hint: "The cluster is busy or the endpoint drops transactions: raise unitPrice or change the endpoint.",
  },
  "migrate-genesis": {
    number: 9003,
    message: "the folder belongs to another cluster",
    hint: "Use another folder for this cluster, or the endpoint the folder was made with.",
  },
  "migrate-authority": {
    number: 9004,
    message: "the program's upgrade authority is another key",
    hint: "Pass the upgrade authority's key file.",
  },
  "migrate-program-key": {
    number: 9005,
    message: "the first deployment needs the key of the program's address",
    hint: "Pass the program's key file; on public clusters build the program for a key of your own.",
  },
  "migrate-funds": {
    number: 9006,
    message: "the authority has too few lamports",
    hint: "Send it SOL; the rent of the upload buffer returns when the program is deployed.",
  },
  "migrate-mint": {
    number: 9007,
    message: "the mint is not usable as Index Unit",
    hint: "It must have 6 decimals and be SPL Token, or Token-2022 without extensions.",
  },
  "migrate-config": {
    number: 9008,
    message: "the escrow was initialised with other terms",
    hint: "Terms are set once; pass those it has, or deploy under another program address.",
  },
  "migrate-key": {
    number: 9009,
    message: "not a usable key file",
    hint: "A key file is a JSON list of 64 bytes, as solana-keygen writes it, of mode 0600.",
  },
  "migrate-faucet": {
    number: 9010,
    message: "this deployment has no faucet for Index Units",
    hint: "Only a deployment that made its own mint has one; elsewhere, buy or receive Index Units.",
  },
};

export const fail = errorsOf(MIGRATION_ERRORS);
