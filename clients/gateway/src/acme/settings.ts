import { isIP } from "node:net";
import { gatewayError } from "../errors.ts";
import type { CertificateOptions } from "../options.ts";

export type AcmeOptions = Extract<CertificateOptions, { readonly kind: "acme" }>;

/** HTTP-01 is asked for on port 80 (RFC 8555 section 8.3). */
const CHALLENGE_PORT = 80;
/** Public authorities put at most this many names in a certificate. */
const MAX_NAMES = 100;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const MAIL = /^[^\s@,?]+@[^\s@,?]+$/;

export interface AcmeSettings {
  readonly directory: string;
  readonly folder: string;
  /** Lower case, each once. */
  readonly names: readonly string[];
  readonly email?: string;
  readonly ca?: string;
  readonly challengePort: number;
}

/** Options made complete. @throws acme-options */
export function readAcmeOptions(options: AcmeOptions): AcmeSettings {
  const refuse = (detail: string): never => {
    throw gatewayError("acme-options", detail);
  };
  const { directory, folder, email, ca, challengePort = CHALLENGE_PORT } = options;
  if (!URL.canParse(directory) || new URL(directory).protocol !== "https:")
    refuse("directory is the https:// address of the authority's directory");
  if (folder === "") refuse("folder is where keys and certificate are kept");
  const names = [...new Set((options.names ?? []).map((name) => name.toLowerCase()))];
  if (names.length === 0 || names.length > MAX_NAMES) refuse(`names are 1 to ${MAX_NAMES}`);
  for (const name of names) {
    if (name.startsWith("*.")) refuse(`${name}: wildcards can't be proven over HTTP`);
    if (isIP(name) !== 0) refuse(`${name}: names are host names, not addresses`);
    if (!HOST_NAME.test(name)) refuse(`${name} is no host name`);
  }
  if (email !== undefined && !MAIL.test(email)) refuse("email is one mail address");
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) refuse("ca is a PEM certificate");
  if (!Number.isInteger(challengePort) || challengePort < 1 || challengePort > 65_535)
    refuse("challengePort is 1 to 65535");
  return {
    directory,
    folder,
    names,
    challengePort,
    ...(email === undefined ? {} : { email }),
    ...(ca === undefined ? {} : { ca }),
  };
}
