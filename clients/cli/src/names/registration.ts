import { setTimeout as sleep } from "node:timers/promises";
import { deriveTokenAccount, formatAddress, formatIu, readU64 } from "@tolldns/sdk";
import {
  cancelCommitment,
  commit,
  decodeCommitment,
  deriveCommitment,
  hashCommitment,
  hashName,
  priceOf,
  register,
} from "@tolldns/sdk/names";
import { CliError } from "../errors.ts";
import { chainTime } from "../wallet/rpc.ts";
import { type Look, lookUp } from "./look.ts";
import { forgetSecret, makeSecret, readSecret } from "./pending.ts";
import { type NamesSession, sendNames } from "./program.ts";

export interface Registration extends NamesSession {
  /** Folder the secret is kept in until the name is registered. */
  readonly data: string;
  /** Normalised. */
  readonly label: string;
  /** Terms to pay for. */
  readonly years: number;
  readonly onStep?: (step: RegistrationStep) => void;
  /** Ends the waiting; a later call goes on. */
  readonly signal?: AbortSignal;
}

/** What has just happened, or how long is still to wait (seconds). */
export type RegistrationStep =
  | { readonly step: "promised"; readonly signature: string }
  | { readonly step: "resumed" }
  | { readonly step: "waiting"; readonly seconds: number };

export interface Registered {
  /** Null where an earlier run had registered it. */
  readonly signature: string | null;
  readonly expiresAt: bigint;
  /** micro-IU */
  readonly paid: bigint;
}

/**
 * Registers a name in two transactions: a promise that hides it, and, when that is old enough, the registration. May be ended at any
 * moment and called again: it goes on from what the chain and the kept secret say.
 * @throws CliError name-taken, name-premium, funds-short; TollError of the names program
 */
export async function registerName(registration: Registration): Promise<Registered> {
  const { rpc, names, signer, data, label, years } = registration;
  const owner = signer.publicKey;
  const look = await lookUp(rpc, names, label);
  const begun = readSecret(data, label, owner);
  if (look.tenure !== "free") {
    const isOwn = look.holder !== undefined && formatAddress(look.holder) === formatAddress(owner);
    if (begun === undefined || !isOwn || look.name === undefined) throw taken(look);
    forgetSecret(data, label, owner);
    return { signature: null, expiresAt: look.name.expiresAt, paid: 0n };
  }
  if (look.premium)
    throw new CliError(
      "name-premium",
      `names of up to four characters are sold by auction, and ${label}.dns is one`,
      `\`tolldns name auction ${label}.dns <amount>\` opens its auction; ${formatIu(look.price)} IU is the least.`,
    );
  const paid = priceOf(names.config.terms.prices, label.length, years);
  await requireFunds(registration, paid);

  const secret = await promise(registration, begun);
  await waitUntilRipe(registration, secret);
  const { deployment } = names;
  const signature = await sendNames(registration, [
    register({
      deployment,
      label,
      generation: (look.name?.generation ?? 0) + 1,
      owner,
      source: deriveTokenAccount(owner, deployment.mint, deployment.tokenProgram).address,
      secret,
      years,
    }),
  ]);
  forgetSecret(data, label, owner);
  const { name } = await lookUp(rpc, names, label);
  return { signature, expiresAt: name?.expiresAt ?? 0n, paid };
}

function taken({ label, tenure, holder }: Look): CliError {
  return new CliError(
    "name-taken",
    `${label}.dns ${tenure === "grace" ? "has lapsed, but only its owner's registration can be renewed yet" : `belongs to ${holder === undefined ? "somebody" : formatAddress(holder)}`}`,
    `\`tolldns name show ${label}.dns\` says until when; \`tolldns name search\` finds others.`,
  );
}

/** @throws CliError funds-short */
async function requireFunds({ rpc, names, signer }: NamesSession, needed: bigint) {
  const { mint, tokenProgram } = names.deployment;
  const account = await rpc.readAccount(deriveTokenAccount(signer.publicKey, mint, tokenProgram).address);
  const has = account === null ? 0n : readU64(account.data, 64);
  if (has >= needed) return;
  throw new CliError(
    "funds-short",
    `it costs ${formatIu(needed)} IU and the wallet has ${formatIu(has)} outside escrow`,
    "`tolldns wallet withdraw` takes Index Units out of escrow; on a development chain `tolldns wallet fund` gives some.",
  );
}

/** The secret whose promise stands on the chain: the one begun with if its promise is still good, else a new one. */
async function promise(registration: Registration, begun: Uint8Array | undefined): Promise<Uint8Array> {
  const { rpc, names, signer, data, label, onStep } = registration;
  const owner = signer.publicKey;
  if (begun !== undefined) {
    const commitment = await readCommitment(registration, begun);
    const deadline = BigInt(names.config.terms.commitMax) + (commitment?.madeAt ?? 0n);
    if (commitment !== undefined && (await chainTime(rpc)) <= deadline) {
      onStep?.({ step: "resumed" });
      return begun;
    }
    if (commitment !== undefined) {
      const hash = hashCommitment(hashName(label), owner, begun);
      await sendNames(registration, [cancelCommitment({ deployment: names.deployment, owner, hash })]);
    }
  }
  // One whose promise never landed, or was taken back unseen, is as good as new.
  const secret = begun ?? makeSecret(data, label, owner);
  const hash = hashCommitment(hashName(label), owner, secret);
  const signature = await sendNames(registration, [commit({ deployment: names.deployment, owner, hash })]);
  onStep?.({ step: "promised", signature });
  return secret;
}

async function readCommitment({ rpc, names, signer, label }: Registration, secret: Uint8Array) {
  const hash = hashCommitment(hashName(label), signer.publicKey, secret);
  const { names: program } = names.deployment;
  const account = await rpc.readAccount(deriveCommitment(program, signer.publicKey, hash).address);
  return account === null ? undefined : decodeCommitment(account.data);
}

/** Milliseconds between two looks at the chain's clock. */
const LOOK_MS = 1_000;

async function waitUntilRipe(registration: Registration, secret: Uint8Array) {
  const { rpc, names, onStep, signal } = registration;
  const commitment = await readCommitment(registration, secret);
  const ripe = (commitment?.madeAt ?? 0n) + BigInt(names.config.terms.commitMin);
  for (;;) {
    const left = Number(ripe - (await chainTime(rpc)));
    if (left <= 0) return;
    onStep?.({ step: "waiting", seconds: left });
    await sleep(Math.min(LOOK_MS, left * 1_000), undefined, signal === undefined ? {} : { signal });
  }
}
