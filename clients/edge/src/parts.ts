/*
 * Modules that are loaded only when they are asked for, since each costs memory that a small router hasn't got. All in one place, so that the first start can put them into the
 * compile cache: one that isn't there brings the compiler of TypeScript (17 MB) into the process that should never have it (decision 0072).
 */

/** `.dns`: feeds, proofs, the quorum's accounts. */
export async function loadRouteParts() {
  const [{ openRoutes }, { createFollow }] = await Promise.all([
    import("@tolldns/routes/open"),
    import("@tolldns/routes/follow"),
  ]);
  return { openRoutes, createFollow };
}

/** States of gateways on chain. */
export async function loadPolicyParts() {
  const [{ openPolicy }, { rpcChain }, { POLICY_PROGRAM_ID }] = await Promise.all([
    import("@tolldns/policy/view/open"),
    import("@tolldns/policy/view/chains"),
    import("@tolldns/sdk/policy"),
  ]);
  return { openPolicy, rpcChain, POLICY_PROGRAM_ID };
}
