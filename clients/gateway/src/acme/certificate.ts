import { X509Certificate } from "node:crypto";
import { type Certificate, type CertificatePair, type Clock, createCertificate } from "@tolldns/dns";
import { gatewayError } from "../errors.ts";
import type { Log } from "../observe/log.ts";
import { openChallenges } from "./challenges.ts";
import { type AcmeFolder, isFor, openAcmeFolder } from "./folder.ts";
import { orderCertificate } from "./order.ts";
import { type AcmeOptions, type AcmeSettings, readAcmeOptions } from "./settings.ts";

const LOOK_MS = 60_000;
/** Seconds until the next try after a failure; doubled each time. Public authorities take five failures an hour. */
const FIRST_PAUSE = 60;
const LONGEST_PAUSE = 3_600;
/** Seconds until the next try when another process has the challenge port: it is likely ordering what is needed here. */
const PORT_PAUSE = 5;
/** Seconds between two renewals at least: a clock that is wrong mustn't use up what an authority gives in a week. */
const RENEWAL_PAUSE = 12 * 3_600;
const LONGEST_REASON = 300;

export interface AcmeCertificateOptions {
  readonly options: AcmeOptions;
  /** Where challenges are answered, IP literal. */
  readonly host: string;
  /** Unix seconds. */
  readonly now: () => number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A certificate that is renewed until it is closed. */
export type AcmeCertificate = Certificate & { close(): void };

/**
 * The kept certificate, or a new one: without any it waits for the authority and says so in the log. Renewed when a third of
 * its life is left. Processes may share a folder and port: the one that gets the port orders, the others take what it kept.
 *
 * @throws GatewayError `acme-options`, `acme-port`
 */
export async function openAcmeCertificate(given: AcmeCertificateOptions): Promise<AcmeCertificate> {
  const { host, now, clock, log } = given;
  const settings = readAcmeOptions(given.options);
  const folder = await openAcmeFolder(settings.folder, settings.directory);
  const { names } = settings;
  const kept = await folder.read(names);
  const usable = kept !== null && lifeOf(kept).to > now() ? kept : null;
  const certificate = createCertificate(usable ?? (await obtainFirst(settings, folder, given)));

  let pause = FIRST_PAUSE;
  let notBefore = 0;
  let isBusy = false;
  let isClosed = false;
  const look = async () => {
    if (isBusy || isClosed) return;
    isBusy = true;
    try {
      const other = await folder.read(names);
      if (other !== null && lifeOf(other).to > certificate.expiresAt) certificate.replace(other);
      if (now() < dueAt(certificate.pair) || now() < notBefore) return;
      const next = await obtain(settings, folder, host, now);
      if (isClosed) return;
      certificate.replace(next);
      notBefore = now() + RENEWAL_PAUSE;
      pause = FIRST_PAUSE;
      log.info("certificate-renewed", { expires: dateOf(certificate.expiresAt) });
    } catch (error) {
      notBefore = now() + pause;
      const fields = { reason: said(error), expires: dateOf(certificate.expiresAt), retrySeconds: pause };
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      if (certificate.expiresAt > now()) log.warn("certificate-not-renewed", fields);
      else log.error("certificate-expired", fields);
    } finally {
      isBusy = false;
    }
  };
  const stop = clock.every(LOOK_MS, () => void look());
  void look();
  return Object.assign(Object.create(certificate) as Certificate, {
    close() {
      isClosed = true;
      stop();
    },
  });
}

/** Tries until there is a certificate. @throws acme-port */
async function obtainFirst(
  settings: AcmeSettings,
  folder: AcmeFolder,
  { host, now, clock, log }: AcmeCertificateOptions,
): Promise<CertificatePair> {
  for (let pause = FIRST_PAUSE; ; ) {
    try {
      const pair = await obtain(settings, folder, host, now);
      log.info("certificate-obtained", { expires: dateOf(lifeOf(pair).to) });
      return pair;
    } catch (error) {
      const { code } = error as { code?: string };
      if (code === "EACCES" || code === "EADDRNOTAVAIL")
        throw gatewayError("acme-port", `${host} port ${settings.challengePort}: ${code}`, error);
      const isTaken = code === "EADDRINUSE";
      const retrySeconds = isTaken ? PORT_PAUSE : pause;
      if (!isTaken) pause = Math.min(pause * 2, LONGEST_PAUSE);
      log.error("certificate-awaited", { reason: said(error), retrySeconds });
      await wait(clock, retrySeconds * 1_000);
    }
  }
}

/** One try. The challenge port is also what keeps processes that share a folder from ordering at once. */
async function obtain(
  settings: AcmeSettings,
  folder: AcmeFolder,
  host: string,
  now: () => number,
): Promise<CertificatePair> {
  const challenges = await openChallenges(host, settings.challengePort);
  try {
    const made = await folder.read(settings.names);
    if (made !== null && now() < dueAt(made)) return made;
    const pair = await orderCertificate(settings, folder, challenges);
    if (!isFor(pair, settings.names)) throw new Error("the authority's certificate isn't for these names");
    await folder.write(pair);
    return pair;
  } finally {
    challenges.close();
  }
}

/** Unix seconds. */
function lifeOf({ cert }: CertificatePair): { readonly from: number; readonly to: number } {
  const leaf = new X509Certificate(cert);
  return { from: Date.parse(leaf.validFrom) / 1000, to: Date.parse(leaf.validTo) / 1000 };
}

function dueAt(pair: CertificatePair): number {
  const { from, to } = lifeOf(pair);
  return to - (to - from) / 3;
}

const dateOf = (seconds: number) => new Date(seconds * 1000).toISOString();

/** What the authority or the network said; it holds no more than the gateway's own names. */
function said(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const text = typeof message === "string" && message !== "" ? message : String(code ?? error);
  return text.slice(0, LONGEST_REASON);
}

function wait(clock: Clock, ms: number): Promise<void> {
  // The clock's timers let the process end; one that waits for its first certificate has nothing else to keep it.
  const hold = setInterval(() => {}, 2 ** 30);
  return new Promise((resolve) => {
    const stop = clock.every(ms, () => {
      stop();
      clearInterval(hold);
      resolve();
    });
  });
}
