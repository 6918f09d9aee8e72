import { formatAddress, fromBase58, fromBase64Url, isTollError, toAddress } from "@tolldns/sdk";
import {
  DISCRIMINATOR,
  decodeName,
  decodeNamesConfig,
  deriveName,
  deriveNamesConfig,
  isPremium,
  type Name,
  normalizeLabel,
  priceOf,
  tenureOf,
} from "@tolldns/sdk/names";
import type { DnsSnapshot } from "../../snapshot.ts";
import { ask } from "../live.ts";
import { readAccount, readHolder, readRoots, readTime, rpc } from "./chain.ts";
import { type Checked, checkEvidence } from "./check.ts";

/** What the page shows of a name. */
export interface Found {
  readonly label: string;
  readonly tenure: "free" | "held" | "grace";
  readonly premium: boolean;
  /** micro-IU, for a year or at least. */
  readonly price: string;
  readonly name: Name | null;
  readonly holder: string | null;
  readonly history: readonly Past[];
  /** The feed that was asked, and its evidence as it was checked here; or why there is none. */
  readonly proof: { readonly feed: string; readonly checked: Checked } | { readonly why: string };
}

/** A transaction that did something with the name. */
export interface Past {
  readonly signature: string;
  readonly at: number | null;
  readonly what: string;
}

/** Looks a name up: owner and history on the chain, its route at a feed, checked here. @throws Error in words for the page */
export async function lookUp(apiKey: string, dns: DnsSnapshot, text: string): Promise<Found> {
  const label = labelOf(text);
  const names = toAddress(dns.programs.names);
  const [config, account, now] = await Promise.all([
    readAccount(apiKey, deriveNamesConfig(names).address),
    readAccount(apiKey, deriveName(names, label).address),
    readTime(apiKey),
  ]);
  if (config === null) throw new Error("The chain has no names program.");
  const { terms } = decodeNamesConfig(config);
  const name = account === null ? null : decodeName(account);
  const tenure = tenureOf(name ?? undefined, terms.grace, now);
  const [holder, history, proof] = await Promise.all([
    name === null || tenure === "free" ? null : readHolder(apiKey, name.mint),
    name === null ? [] : readHistory(apiKey, dns.programs.names, deriveName(names, label).address),
    readProof(apiKey, dns, label, now),
  ]);
  const price = priceOf(terms.prices, label.length, 1).toString();
  return { label, tenure, premium: isPremium(label), price, name, holder, history, proof };
}

function labelOf(text: string): string {
  try {
    return normalizeLabel(text.trim());
  } catch (error) {
    const hint = isTollError(error) ? ` ${error.hint}` : "";
    throw new Error(`“${text.trim()}” is no name that can be registered.${hint}`);
  }
}

async function readProof(
  apiKey: string,
  dns: DnsSnapshot,
  label: string,
  now: bigint,
): Promise<Found["proof"]> {
  try {
    const told = await ask<{ feed: string; evidence: string }>(apiKey, `/api/route/${label}.dns`);
    const chain = await readRoots(apiKey, dns.programs.quorum);
    return { feed: told.feed, checked: checkEvidence(fromBase64Url(told.evidence), label, chain, now) };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

const DONE: Readonly<Record<number, string>> = {
  [DISCRIMINATOR.register]: "registered",
  [DISCRIMINATOR.renew]: "renewed",
  [DISCRIMINATOR.openAuction]: "put up for auction",
  [DISCRIMINATOR.settleAuction]: "auction settled",
  [DISCRIMINATOR.offerControl]: "offered to another wallet",
  [DISCRIMINATOR.acceptControl]: "accepted by its new owner",
  [DISCRIMINATOR.withdrawOffer]: "offer taken back",
  [DISCRIMINATOR.appointDelegate]: "delegate appointed",
  [DISCRIMINATOR.dismissDelegate]: "delegate dismissed",
  [DISCRIMINATOR.postRoute]: "route posted on chain",
};

interface Told {
  readonly blockTime: number | null;
  readonly meta: { readonly err: unknown } | null;
  readonly transaction: {
    readonly message: {
      readonly accountKeys: readonly string[];
      readonly instructions: readonly { readonly programIdIndex: number; readonly data: string }[];
    };
  };
}

/** What happened to a name, newest first, at most 12. */
async function readHistory(apiKey: string, program: string, address: Uint8Array): Promise<Past[]> {
  const rows = await rpc<{ signature: string; blockTime?: number | null; err: unknown }[]>(
    apiKey,
    "getSignaturesForAddress",
    [formatAddress(address), { limit: 12, commitment: "confirmed" }],
  );
  const told = await Promise.all(
    rows
      .filter(({ err }) => err === null)
      .map(async ({ signature }) => {
        const options = { encoding: "json", commitment: "confirmed", maxSupportedTransactionVersion: 1 };
        const one = await rpc<Told | null>(apiKey, "getTransaction", [signature, options]).catch(() => null);
        return { signature, at: one?.blockTime ?? null, what: describe(one, program) };
      }),
  );
  return told.filter(({ what }) => what !== "");
}

function describe(told: Told | null, program: string): string {
  if (told === null) return "something";
  const { accountKeys, instructions } = told.transaction.message;
  return instructions
    .filter(({ programIdIndex }) => accountKeys[programIdIndex] === program)
    .flatMap(({ data }) => DONE[fromBase58(data)[0] ?? -1] ?? [])
    .join(", ");
}
