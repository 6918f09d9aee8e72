import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { type Clock, systemClock } from "./clock.ts";
import { DnsError } from "./errors.ts";

/** A certificate chain and its key, both PEM. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that may be exchanged while listeners use it. */
export interface Certificate {
  readonly pair: CertificatePair;
  /** Takes another pair for new connections. @throws DnsError `certificate-invalid`, and the old one stays */
  replace(pair: CertificatePair): void;
  /** Calls `changed` after each replacement until the returned function is called. */
  subscribe(changed: (pair: CertificatePair) => void): () => void;
  /** When the leaf ends, in seconds since 1970. */
  readonly expiresAt: number;
}

function checkPair(pair: CertificatePair): number {
  try {
    createSecureContext({ cert: pair.cert, key: pair.key });
    return Math.floor(Date.parse(new X509Certificate(pair.cert).validTo) / 1000);
  } catch (cause) {
    throw new DnsError("certificate-invalid", "certificate and key don't belong together, or are no PEM", {
      cause,
    });
  }
}

/** @throws DnsError `certificate-invalid` */
export function createCertificate(first: CertificatePair): Certificate {
  let pair = first;
  let expiresAt = checkPair(first);
  const subscribers = new Set<(pair: CertificatePair) => void>();
  return {
    get pair() {
      return pair;
    },
    get expiresAt() {
      return expiresAt;
    },
    replace(next) {
      if (next.cert === pair.cert && next.key === pair.key) return;
      expiresAt = checkPair(next);
      pair = next;
      for (const changed of subscribers) changed(next);
    },
    subscribe(changed) {
      subscribers.add(changed);
      return () => subscribers.delete(changed);
    },
  };
}

export interface CertificateFiles {
  /** PEM chain, leaf first. */
  readonly certFile: string;
  /** PEM key. */
  readonly keyFile: string;
  /** Milliseconds between looks at the files. Default 60 000. */
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** Told when a changed file can't be used; the old certificate stays in use. */
  readonly onError?: (error: DnsError) => void;
}

/**
 * Reads a certificate from files and follows their changes, as ACME clients make them.
 *
 * @throws DnsError `certificate-invalid`
 */
export async function watchCertificate(files: CertificateFiles): Promise<Certificate & { close(): void }> {
  const clock = files.clock ?? systemClock;
  const read = async (): Promise<CertificatePair> => ({
    cert: await readFile(files.certFile, "utf8"),
    key: await readFile(files.keyFile, "utf8"),
  });
  const stamp = async () => {
    const [cert, key] = await Promise.all([stat(files.certFile), stat(files.keyFile)]);
    return `${cert.mtimeMs} ${cert.ino} ${key.mtimeMs} ${key.ino}`;
  };
  let seen: string;
  let certificate: Certificate;
  try {
    seen = await stamp();
    certificate = createCertificate(await read());
  } catch (cause) {
    if (cause instanceof DnsError) throw cause;
    throw new DnsError("certificate-invalid", "the certificate's files can't be read", { cause });
  }
  const look = async () => {
    try {
      const next = await stamp();
      if (next === seen) return;
      certificate.replace(await read());
      seen = next;
    } catch (cause) {
      const known = cause instanceof DnsError;
      files.onError?.(
        known ? cause : new DnsError("certificate-invalid", "the files can't be read", { cause }),
      );
    }
  };
  const close = clock.every(files.everyMs ?? 60_000, () => void look());
  return Object.assign(Object.create(certificate) as Certificate, { close });
}
