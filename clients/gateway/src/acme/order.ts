import { Agent } from "node:https";
import type { CertificatePair } from "@tolldns/dns";
import type { Challenges } from "./challenges.ts";
import type { AcmeFolder } from "./folder.ts";
import type { AcmeSettings } from "./settings.ts";

const REQUEST_MS = 30_000;

/**
 * Orders a certificate with a new key: account, order, challenges, download (RFC 8555 section 7).
 *
 * @throws what the authority answered or the network said
 */
export async function orderCertificate(
  settings: AcmeSettings,
  folder: AcmeFolder,
  challenges: Challenges,
): Promise<CertificatePair> {
  // Loaded here only: it is needed for seconds in months, and is heavy.
  const { axios, Client, crypto } = await import("acme-client");
  const { defaults } = axios;
  defaults.timeout = REQUEST_MS;
  // Its settings are the process's, which has one gateway.
  defaults.httpsAgent = settings.ca === undefined ? undefined : new Agent({ ca: settings.ca });
  // Trying again is the caller's, which knows whether there is a hurry.
  Object.assign(defaults, { acmeSettings: { retryMaxAttempts: 0 } });

  const newKey = async () => (await crypto.createPrivateEcdsaKey("P-256")).toString();
  const client = new Client({
    directoryUrl: settings.directory,
    accountKey: await folder.accountKey(newKey),
    backoffAttempts: 20,
    backoffMin: 500,
    backoffMax: 10_000,
  });
  const key = await newKey();
  const [, csr] = await crypto.createCsr({ altNames: [...settings.names] }, key);
  const cert = await client.auto({
    csr,
    termsOfServiceAgreed: true,
    // The gateway's own public address often can't be reached from inside.
    skipChallengeVerification: true,
    challengePriority: ["http-01"],
    async challengeCreateFn(_, challenge, keyAuthorization) {
      if (challenge.type !== "http-01") throw new Error("the authority doesn't offer HTTP-01");
      challenges.set(challenge.token, keyAuthorization);
    },
    challengeRemoveFn: async (_, challenge) => challenges.remove(challenge.token),
    ...(settings.email === undefined ? {} : { email: settings.email }),
  });
  return { cert, key };
}
