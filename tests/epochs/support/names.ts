import type { Connection } from "@solana/web3.js";
import type { Signer } from "@tolldns/sdk";
import { deriveTokenAccount } from "@tolldns/sdk";
import { commit, hashCommitment, hashName, type NamesDeployment, register } from "@tolldns/sdk/names";
import { packInstructions, sendAll } from "./send.ts";

/** A name to register and who will own it. */
export interface WantedName {
  readonly label: string;
  readonly owner: Signer;
}

/** Compute units of a `commit` and of a `register`, rounded up from what they cost. */
const COMMIT_UNITS = 12_000;
const REGISTER_UNITS = 90_000;

const SECRET = new Uint8Array(32).fill(0x5e);

/**
 * Registers names for a year each, many to a transaction: all commitments, the wait, all registrations. Owners hold SOL and
 * Index Units. `wait` lets that many seconds of the chain's time pass.
 */
export async function registerNames(
  connection: Connection,
  deployment: NamesDeployment,
  wanted: readonly WantedName[],
  commitMin: number,
  wait: (seconds: number) => Promise<void>,
): Promise<void> {
  const byOwner = Map.groupBy(wanted, ({ owner }) => owner);
  const commits = [...byOwner].flatMap(([owner, names]) =>
    packInstructions(
      owner,
      names.map(({ label }) =>
        commit({
          deployment,
          owner: owner.publicKey,
          hash: hashCommitment(hashName(label), owner.publicKey, SECRET),
        }),
      ),
      COMMIT_UNITS,
    ),
  );
  await sendAll(connection, commits);
  await wait(commitMin + 1);
  const registers = [...byOwner].flatMap(([owner, names]) => {
    const source = deriveTokenAccount(owner.publicKey, deployment.mint, deployment.tokenProgram).address;
    return packInstructions(
      owner,
      names.map(({ label }) =>
        register({
          deployment,
          label,
          generation: 1,
          owner: owner.publicKey,
          source,
          secret: SECRET,
          years: 1,
        }),
      ),
      REGISTER_UNITS,
    );
  });
  await sendAll(connection, registers);
}
