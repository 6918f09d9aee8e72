import { bytesEqual, toHex, type VerifyEd25519 } from "@tolldns/sdk";
import { hashUpdate, type RouteUpdate, updateSigningBytes } from "@tolldns/sdk/routes";
import { entitlementOf } from "./entitled.ts";
import type { DelegateState, Moment, NameState, RouteChain } from "./types.ts";

/** What the chain says of some names and delegates, read once after a freeze. */
export interface Registry {
  name(label: string): NameState | null;
  delegate(label: string, signer: Uint8Array): DelegateState | null;
  hashOf(update: RouteUpdate): Uint8Array;
  readonly verify: VerifyEd25519;
}

/** Whose right is asked for. */
export interface Claim {
  readonly label: string;
  readonly signer: Uint8Array;
}

/** Accounts `getMultipleAccounts` takes at once. */
const AT_ONCE = 100;
const ABREAST = 4;

/** Reads all names of these claims, and delegates where the signer is not the authority. */
export async function readRegistry(
  chain: RouteChain,
  claims: readonly Claim[],
  verify: VerifyEd25519,
): Promise<Registry> {
  const labels = [...new Set(claims.map(({ label }) => label))];
  const names = new Map<string, NameState | null>();
  await inBatches(labels, async (some) => {
    const read = await chain.readNames(some);
    some.forEach((label, at) => {
      names.set(label, read[at] ?? null);
    });
  });
  // Whoever posted an update is asked for as well: the post binds only if the poster was entitled.
  const all = [...claims];
  for (const [label, name] of names)
    if (name?.posted != null) all.push({ label, signer: name.posted.signer });
  const keyOf = (label: string, signer: Uint8Array) => `${label} ${toHex(signer)}`;
  const others = new Map<string, { label: string; delegate: Uint8Array }>();
  for (const { label, signer } of all) {
    const name = names.get(label);
    if (name != null && !bytesEqual(name.authority, signer))
      others.set(keyOf(label, signer), { label, delegate: signer });
  }
  const delegates = new Map<string, DelegateState | null>();
  await inBatches([...others.values()], async (some) => {
    const read = await chain.readDelegates(some);
    some.forEach(({ label, delegate }, at) => {
      delegates.set(keyOf(label, delegate), read[at] ?? null);
    });
  });
  return {
    verify,
    name: (label) => names.get(label) ?? null,
    delegate: (label, signer) => delegates.get(keyOf(label, signer)) ?? null,
    hashOf: (update) => hashUpdate(update, chain.domain),
  };
}

async function inBatches<T>(items: readonly T[], work: (some: readonly T[]) => Promise<void>): Promise<void> {
  const batches: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) batches.push(items.slice(at, at + AT_ONCE));
  for (let at = 0; at < batches.length; at += ABREAST)
    await Promise.all(batches.slice(at, at + ABREAST).map(work));
}

/** Does what this name's owner posted have to be in an epoch frozen at that moment? The rule of `challenge_omission`. */
export function isDue({ label, posted, ...name }: NameState, moment: Moment, registry: Registry): boolean {
  if (posted === null || posted.slot > moment.slot) return false;
  const { update, signer, signature } = posted;
  if (update.expiresAt <= moment.at) return false;
  const delegate = registry.delegate(label, signer);
  const whole = { label, posted, ...name };
  return (
    entitlementOf(signer, update.generation, moment, whole, delegate) === "yes" &&
    registry.verify(signer, updateSigningBytes(registry.hashOf(update)), signature)
  );
}
