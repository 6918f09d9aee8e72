import { X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import type { CertificatePair } from "./certificates.ts";

/** A leaf for listeners and the authority clients are told to trust. */
export interface DevelopmentCertificate {
  readonly pair: CertificatePair;
  /** PEM of the authority. */
  readonly ca: string;
  /** File that PEM lies in. */
  readonly caFile: string;
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
/** Apple's clients refuse leaves that live longer than 825 days, Chromium those over 398. */
const LEAF_DAYS = 397;
const RENEW_DAYS = 30;
const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const toPem = (label: string, der: ArrayBuffer) =>
  `-----BEGIN ${label}-----\n${(
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  ).join("\n")}\n-----END ${label}-----\n`;

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Written beside and renamed, so that a file is whole or not there. */
async function writePrivate(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, file);
}

function isUsable(cert: string, ca: string, names: readonly string[], now: number): boolean {
  const leaf = new X509Certificate(cert);
  if (Date.parse(leaf.validTo) - now < RENEW_DAYS * DAY_MS) return false;
  if (!leaf.checkIssued(new X509Certificate(ca))) return false;
  return names.every((name) => (isIP(name) ? leaf.checkIP(name) : leaf.checkHost(name)) !== undefined);
}

/**
 * Makes, once, an authority and a leaf for `names` (host names and IP addresses) in `dir`, ECDSA P-256, files of mode
 * 0600. Called again it returns what is there, and renews a leaf that ends within 30 days or lacks a name. The authority's
 * name constraints aren't set, so keep its key where only you can read it.
 *
 * @throws what the file system throws
 * @example const { pair, caFile } = await ensureDevelopmentCertificate(dir, ["localhost", "127.0.0.1", "::1"]);
 */
export async function ensureDevelopmentCertificate(
  dir: string,
  names: readonly string[],
  now: number = Date.now(),
): Promise<DevelopmentCertificate> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(dir, name);
  const caFile = file("ca.pem");
  const [ca, caKey, cert, key] = await Promise.all(
    ["ca.pem", "ca-key.pem", "cert.pem", "key.pem"].map((name) => readOptional(file(name))),
  );
  if (ca !== undefined && cert !== undefined && key !== undefined && isUsable(cert, ca, names, now))
    return { pair: { cert, key }, ca, caFile };

  // Loaded here only: it is needed once in a machine's life, and is heavy.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const newKeys = () => crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  type Key = Awaited<ReturnType<typeof newKeys>>["privateKey"];
  const exportKey = async (private_: Key) =>
    toPem("PRIVATE KEY", await crypto.subtle.exportKey("pkcs8", private_));

  let authority: {
    readonly cert: InstanceType<typeof x509.X509Certificate>;
    readonly key: Key;
    readonly pem: string;
  };
  const isCaValid =
    ca !== undefined && Date.parse(new X509Certificate(ca).validTo) - now > LEAF_DAYS * DAY_MS;
  if (ca !== undefined && caKey !== undefined && isCaValid) {
    const der = Buffer.from(caKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
    const signer = await crypto.subtle.importKey("pkcs8", der, ALGORITHM, false, ["sign"]);
    authority = { cert: new x509.X509Certificate(ca), key: signer, pem: ca };
  } else {
    const keys = await newKeys();
    const made = await x509.X509CertificateGenerator.createSelfSigned({
      name: "CN=TollDNS development authority",
      notBefore: new Date(now - DAY_MS),
      notAfter: new Date(now + CA_DAYS * DAY_MS),
      signingAlgorithm: ALGORITHM,
      keys,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    authority = { cert: made, key: keys.privateKey, pem: `${made.toString("pem")}\n` };
    await writePrivate(file("ca-key.pem"), await exportKey(keys.privateKey));
    await writePrivate(caFile, authority.pem);
  }

  const keys = await newKeys();
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "CN=TollDNS development",
    issuer: authority.cert.subject,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + LEAF_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) ? ("ip" as const) : ("dns" as const), value: name })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(authority.cert),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pair = { cert: `${leaf.toString("pem")}\n`, key: await exportKey(keys.privateKey) };
  await writePrivate(file("key.pem"), pair.key);
  await writePrivate(file("cert.pem"), pair.cert);
  return { pair, ca: authority.pem, caFile };
}
