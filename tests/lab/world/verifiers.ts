import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { VerifierStatus } from "@tolldns/keepers";
import type { Place } from "../places/place.ts";
import { type Served, startScript } from "../processes/child.ts";
import type { VerifierArguments } from "../processes/verifier.ts";
import type { LabChain } from "./chain.ts";
import type { Origin } from "./origin.ts";
import { LAB_SET, type LabPolicy } from "./policy.ts";
import { makeRecursor, RECURSOR_PORT, type Recursor } from "./recursor.ts";
import type { LabResolver } from "./resolver.ts";
import { hotKeyName, LEAST_STAKE, type VerifierPlan } from "./staking.ts";

/**
 * Five verifiers of equal weight, each of an operator, a region and a network of its own: with a quorum of 67 % four must agree, so
 * three are one short of it.
 */
export const VERIFIERS: readonly VerifierPlan[] = Array.from({ length: 5 }, (_, i) => ({
  name: `v${i + 1}`,
  region: i + 1,
  asn: 64_500 + i,
  // What is staked is worth a hair less, by the pool's rounding.
  stake: LEAST_STAKE * 2n,
}));

/** A verifier and the resolver of its own that says what is right. */
export interface LabVerifier {
  readonly name: string;
  readonly child: Served<null>;
  readonly reference: Recursor;
  status(): Promise<VerifierStatus>;
  /** Reports from now on that this backend answered nothing; null ends it. */
  accuse(target: string | null): Promise<void>;
}

/** Probes of a target in a window: half as many again as the terms ask for. */
const PROBES = 12;
const VERIFIER_AT = 1;
const VERIFIER_PORT = 8080;
const REFERENCE_AT = 4;

/** Where a verifier's reports are served, as its Node says on chain. */
export const endpointOf = (place: Place) => `http://${place.address(VERIFIER_AT)}:${VERIFIER_PORT}`;

export async function startLabVerifier(
  plan: VerifierPlan,
  place: Place,
  chain: LabChain,
  policy: LabPolicy,
  origin: Origin,
  resolvers: readonly LabResolver[],
  folder: string,
): Promise<LabVerifier> {
  const reference = makeRecursor("unbound", place, REFERENCE_AT, origin, folder);
  await reference.start();
  const told: VerifierArguments = {
    rpcUrl: chain.rpcUrl,
    program: policy.program,
    key: hotKeyName(plan.name),
    store: join(folder, `verifier-${plan.name}.db`),
    set: readFileSync(LAB_SET, "utf8"),
    reference: { host: reference.address, port: RECURSOR_PORT },
    ca: resolvers.flatMap(({ relay }) => relay.ready.ca ?? []),
    probes: PROBES,
    host: place.address(VERIFIER_AT),
    port: VERIFIER_PORT,
  };
  const child = await startScript<null>(place, `verifier ${plan.name}`, "../processes/verifier.ts", told);
  return {
    name: plan.name,
    child,
    reference,
    status: () => child.ask("status"),
    accuse: (target) => child.ask("accuse", target),
  };
}
