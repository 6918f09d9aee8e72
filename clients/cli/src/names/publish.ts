import { setTimeout as sleep } from "node:timers/promises";
import { bytesEqual, formatAddress, isTollError } from "@tolldns/sdk";
import type { Feed } from "@tolldns/sdk/feed";
import {
  decodeDelegate,
  deriveDelegate,
  hashName,
  postRoute,
  recordAuthority,
  wireName,
} from "@tolldns/sdk/names";
import {
  canonicalizeRecords,
  hashRecords,
  hashUpdate,
  parseRecords,
  type RouteRecord,
  signUpdate,
} from "@tolldns/sdk/routes";
import { CliError, isCliError } from "../errors.ts";
import { type Look, requireHeld } from "./look.ts";
import { type NamesSession, sendNames } from "./program.ts";
import type { Quorum } from "./quorum.ts";
import { type FinalRoute, isDisplaced, isReached, readFinalRoute, requireFeeds } from "./route.ts";
import { readSigned, restoreSigned, writeSigned } from "./signed.ts";

/** A wallet that publishes routes. */
export interface Publisher extends NamesSession {
  readonly data: string;
  readonly feeds: readonly Feed[];
  readQuorum(): Promise<Quorum>;
}

/** What stands for a name now, with what is signed but not final yet taken into account. */
export interface Standing {
  readonly look: Look & { readonly name: NonNullable<Look["name"]> };
  readonly quorum: Quorum;
  readonly final: FinalRoute | null;
  /** What the next update builds on. */
  readonly records: readonly RouteRecord[];
  /** The highest version known in the present registration; 0 before the first. */
  readonly version: bigint;
  /** The records are of an update that is not final yet. */
  readonly pending: boolean;
}

/**
 * Reads what there is: the chain, a feed's evidence, and what this machine signed last.
 * @throws CliError name-free, name-foreign, feed-missing, feed-refused
 */
export async function readStanding(publisher: Publisher, label: string): Promise<Standing> {
  const look = await requireHeld(publisher.rpc, publisher.names, label);
  const { name } = look;
  const quorum = await publisher.readQuorum();
  const final =
    publisher.feeds.length === 0 ? null : await readFinalRoute(publisher.feeds, publisher.readQuorum, label);
  const current = final?.entry?.generation === name.generation ? final : null;
  const known = readSigned(publisher.data, label, quorum.domain);
  const signed = known?.generation === name.generation ? known : undefined;
  const finalVersion = current?.entry?.version ?? 0n;
  const pending = signed !== undefined && signed.version > finalVersion;
  return {
    look,
    quorum,
    final,
    records: pending ? parseRecords(signed.records, wireName(label)) : (current?.records ?? []),
    version: [finalVersion, signed?.version ?? 0n, name.posted?.version ?? 0n].reduce((a, b) =>
      a > b ? a : b,
    ),
    pending,
  };
}

export interface Published {
  readonly generation: number;
  readonly version: bigint;
  readonly updateHash: Uint8Array;
  readonly expiresAt: bigint;
  /** Canonical wire form. */
  readonly records: Uint8Array;
  /** The feed that took it; null where it was only posted. */
  readonly feed: string | null;
  /** Transaction of the posting, if it was posted. */
  readonly signature: string | null;
}

/**
 * Signs these records as the name's next version and hands the update to a feed, and with `onChain` posts it too.
 * @throws CliError records-invalid, name-foreign, feed-missing, feed-refused
 */
export async function publishRecords(
  publisher: Publisher,
  label: string,
  standing: Standing,
  records: readonly RouteRecord[],
  options: { readonly onChain: boolean },
): Promise<Published> {
  const { signer, data } = publisher;
  const { look, quorum } = standing;
  const isHolder = look.holder !== undefined && bytesEqual(look.holder, signer.publicKey);
  if (!isHolder) await requireDelegate(publisher, look, label);
  if (!options.onChain) requireFeeds(publisher.feeds);
  const wire = canonical(records, label);
  const { generation, expiresAt } = look.name;
  const version = standing.version + 1n;
  const update = {
    nameHash: hashName(label),
    generation,
    version,
    expiresAt,
    recordsHash: hashRecords(wire),
  };
  const updateHash = hashUpdate(update, quorum.domain);
  const { signature } = signUpdate(update, quorum.domain, signer);
  if (isHolder) await ensureRecorded(publisher, standing.look, label);
  const before = readSigned(data, label, quorum.domain);
  writeSigned(data, label, quorum.domain, { generation, version, updateHash, records: wire });
  const posted = options.onChain
    ? await sendNames(publisher, [
        postRoute({
          deployment: publisher.names.deployment,
          label,
          generation,
          holder: look.holder ?? signer.publicKey,
          ...(isHolder ? {} : { poster: signer.publicKey }),
          version,
          expiresAt,
          recordsHash: update.recordsHash,
          domain: quorum.domain,
          signature,
        }),
      ])
    : null;
  const submitted = {
    name: `${label}.dns`,
    generation,
    version,
    expiresAt,
    records: wire,
    signer: signer.publicKey,
    signature,
  };
  const feed =
    publisher.feeds.length === 0
      ? null
      : await submit(publisher.feeds, submitted).catch((error: unknown) => {
          // What is refused must not be what the next command builds on; what is posted stands.
          if (posted === null && isCliError(error, "feed-refused"))
            restoreSigned(data, label, quorum.domain, before);
          if (posted !== null && isCliError(error, "feed-missing")) return null;
          throw error;
        });
  return { generation, version, updateHash, expiresAt, records: wire, feed, signature: posted };
}

/** Witnesses go by who is recorded as the name's authority; a token that an ordinary wallet moved has told nobody yet. */
async function ensureRecorded(publisher: Publisher, { name, holder }: Standing["look"], label: string) {
  if (holder === undefined || (name.authority !== undefined && bytesEqual(name.authority, holder))) return;
  const { deployment } = publisher.names;
  await sendNames(publisher, [recordAuthority({ deployment, label, generation: name.generation, holder })]);
}

/** The routes' own rules, in the words of a command line. */
function canonical(records: readonly RouteRecord[], label: string): Uint8Array {
  try {
    return canonicalizeRecords(records, wireName(label));
  } catch (error) {
    if (!isTollError(error)) throw error;
    throw new CliError("records-invalid", error.message, error.hint, { cause: error });
  }
}

async function requireDelegate({ rpc, names, signer }: NamesSession, look: Look, label: string) {
  const at = deriveDelegate(names.deployment.names, label, signer.publicKey).address;
  const account = await rpc.readAccount(at);
  const delegate = account === null ? undefined : decodeDelegate(account.data);
  if (
    delegate?.generation === look.name?.generation &&
    look.holder !== undefined &&
    delegate !== undefined &&
    bytesEqual(delegate.appointedBy, look.holder) &&
    delegate.ended === undefined &&
    look.now < delegate.expiresAt
  )
    return;
  throw new CliError(
    "name-foreign",
    `${label}.dns belongs to ${look.holder === undefined ? "another wallet" : formatAddress(look.holder)}`,
    "Sign with the owner's wallet (--key), or ask the owner to run `tolldns name delegate` for this one.",
  );
}

/** The first feed that takes it; feeds tell each other. A refusal is the update's fault and ends the search. */
async function submit(feeds: readonly Feed[], update: Parameters<Feed["submit"]>[0]): Promise<string> {
  const failures: string[] = [];
  for (const feed of feeds) {
    try {
      await feed.submit(update, { signal: AbortSignal.timeout(10_000) });
      return feed.url;
    } catch (error) {
      if (!isTollError<string, { refusal?: string; advice?: string }>(error)) throw error;
      if (error.code === "feed-refused")
        throw new CliError(
          "feed-refused",
          `${feed.url} refused: ${error.context.refusal}`,
          error.context.advice || error.hint,
          {
            cause: error,
          },
        );
      failures.push(`${feed.url}: ${error.message}`);
    }
  }
  throw new CliError(
    "feed-missing",
    `no feed took the update: ${failures.join("; ")}`,
    "It is signed and kept; run the command again later, or with --on-chain to post it yourself.",
  );
}

/** Milliseconds between two looks for finality. */
const LOOK_MS = 1_000;

export interface Waiting {
  /** Longest to wait. */
  readonly seconds: number;
  /** Told the final route at each look, null while none can be read. */
  readonly onLook?: (route: FinalRoute | null) => void;
  readonly signal?: AbortSignal;
}

/**
 * Waits until an update is final, checked by its own evidence against the chain.
 * @returns the epoch. @throws CliError not-final after `seconds`, or when another update took its place
 */
export async function waitUntilFinal(
  publisher: Publisher,
  label: string,
  { generation, version, updateHash }: Pick<Published, "generation" | "version" | "updateHash">,
  { seconds, onLook, signal }: Waiting,
): Promise<bigint> {
  const ends = performance.now() + seconds * 1_000;
  for (;;) {
    const route = await readFinalRoute(publisher.feeds, publisher.readQuorum, label).catch(
      (error: unknown) => {
        if (error instanceof CliError && error.code === "feed-missing") throw error;
        return null;
      },
    );
    if (route !== null && isReached(route, generation, version)) {
      if (!isDisplaced(route, version, updateHash)) return route.epoch;
      throw new CliError(
        "not-final",
        `another update of ${label}.dns is final in its place, version ${route.entry?.version}`,
        "`tolldns name records` shows what is there; sign again what is missing.",
      );
    }
    onLook?.(route);
    if (performance.now() > ends)
      throw new CliError(
        "not-final",
        `version ${version} of ${label}.dns is not final after ${seconds} s`,
        "It stays with the feeds: look again with `tolldns name records`. If it is withheld, `--on-chain` posts it, and witnesses that leave it out can be slashed.",
      );
    await sleep(LOOK_MS, undefined, signal === undefined ? {} : { signal });
  }
}
