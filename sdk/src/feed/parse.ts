import { fromBase64Url } from "../base64url.ts";
import { fail } from "./errors.ts";

/** How far a root has come: `docs/reference/quorum.md`, "An epoch". */
export type RootStatus = "frozen" | "drawing" | "voting" | "attested" | "final" | "rejected" | "stalled";

const STATUSES: readonly RootStatus[] = [
  "frozen",
  "drawing",
  "voting",
  "attested",
  "final",
  "rejected",
  "stalled",
];

/** Evidence as a feed says it is: a hint until it is verified against a root of the chain. */
export interface FeedRoute {
  readonly name: string;
  readonly epoch: bigint;
  /** 32 bytes. */
  readonly root: Uint8Array;
  readonly evidence: Uint8Array;
}

/** An epoch as a feed tells it. Hashes of 32 bytes, times in Unix seconds; null where there is none yet. */
export interface FeedRoot {
  readonly epoch: bigint;
  readonly status: RootStatus;
  readonly previousRoot: Uint8Array | null;
  readonly root: Uint8Array | null;
  readonly updatesRoot: Uint8Array | null;
  readonly count: number | null;
  readonly digest: Uint8Array | null;
  readonly frozenAt: bigint | null;
  readonly finalAt: bigint | null;
}

/** What became of an update. */
export interface FeedUpdateState {
  readonly state: "pending" | "final" | "superseded";
  /** The epoch it became final in; null before. */
  readonly epoch: bigint | null;
}

export type FeedEvent =
  | {
      readonly kind: "update";
      readonly name: string;
      readonly updateHash: Uint8Array;
      readonly version: bigint;
    }
  | { readonly kind: "root"; readonly root: FeedRoot };

/** Most entries of `roots`. */
export const MAX_ROOTS = 100;
/** Most bytes of evidence that are taken: four times what the largest record set and a map of 2^32 names make. */
export const MAX_EVIDENCE_BYTES = 24 * 1024;
const MAX_U64 = 2n ** 64n - 1n;

type Json = Readonly<Record<string, unknown>>;

/** Reads what came out of JSON.parse, for one feed. Unknown fields are left alone, so that later versions may add some. */
export class FeedReader {
  readonly #feed: string;

  /** @param feed origin, for errors */
  constructor(feed: string) {
    this.#feed = feed;
  }

  /** @throws feed-form */
  route(value: unknown): FeedRoute {
    const json = this.#object(value, "(all)");
    return {
      name: this.#text(json, "name", 255),
      epoch: this.#u64(json, "epoch"),
      root: this.#hash(json, "root"),
      evidence: this.#bytes(json, "evidence", MAX_EVIDENCE_BYTES),
    };
  }

  /** @throws feed-form */
  roots(value: unknown): FeedRoot[] {
    if (!Array.isArray(value) || value.length > MAX_ROOTS)
      throw this.#wrong("(all)", `a list of at most ${MAX_ROOTS}`);
    return value.map((one) => this.root(one));
  }

  /** @throws feed-form */
  root(value: unknown): FeedRoot {
    const json = this.#object(value, "(entry)");
    const hash = (field: string) => (isMissing(json[field]) ? null : this.#hash(json, field));
    const number = (field: string) => (isMissing(json[field]) ? null : this.#u64(json, field));
    const count = number("count");
    return {
      epoch: this.#u64(json, "epoch"),
      status: this.#status(json.status),
      previousRoot: hash("previousRoot"),
      root: hash("root"),
      updatesRoot: hash("updatesRoot"),
      count: count === null ? null : Number(count),
      digest: hash("digest"),
      frozenAt: number("frozenAt"),
      finalAt: number("finalAt"),
    };
  }

  /** @throws feed-form */
  updateHash(value: unknown): Uint8Array {
    return this.#hash(this.#object(value, "(all)"), "updateHash");
  }

  /** @throws feed-form */
  updateState(value: unknown): FeedUpdateState {
    const json = this.#object(value, "(all)");
    const { state } = json;
    if (state !== "pending" && state !== "final" && state !== "superseded")
      throw this.#wrong("state", "pending, final or superseded");
    return { state, epoch: isMissing(json.epoch) ? null : this.#u64(json, "epoch") };
  }

  /** An event of a kind this version doesn't know is null. @throws feed-form */
  event(kind: string, data: string): FeedEvent | null {
    if (kind === "root") return { kind, root: this.root(this.json(data)) };
    if (kind !== "update") return null;
    const json = this.#object(this.json(data), "(event)");
    return {
      kind,
      name: this.#text(json, "name", 255),
      updateHash: this.#hash(json, "updateHash"),
      version: this.#u64(json, "version"),
    };
  }

  /** @throws feed-form */
  json(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      throw this.#wrong("(all)", "JSON");
    }
  }

  #wrong(field: string, expected: string) {
    return fail("feed-form", { feed: this.#feed, field, expected });
  }

  #object(value: unknown, field: string): Json {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.#wrong(field, "an object");
    return value as Json;
  }

  #text(json: Json, field: string, most: number): string {
    const value = json[field];
    if (typeof value === "string" && value.length > 0 && value.length <= most) return value;
    throw this.#wrong(field, `text of at most ${most} characters`);
  }

  /** Whole numbers may be written as numbers or, beyond 2^53, as decimal strings. */
  #u64(json: Json, field: string): bigint {
    const value = json[field];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
    if (typeof value === "string" && /^(0|[1-9]\d{0,19})$/.test(value) && BigInt(value) <= MAX_U64)
      return BigInt(value);
    throw this.#wrong(field, "a whole number");
  }

  #hash(json: Json, field: string): Uint8Array {
    const bytes = this.#bytes(json, field, 32);
    if (bytes.length === 32) return bytes;
    throw this.#wrong(field, "32 bytes in base64url");
  }

  #bytes(json: Json, field: string, most: number): Uint8Array {
    const value = json[field];
    if (typeof value === "string" && value.length <= Math.ceil((most * 4) / 3))
      try {
        return fromBase64Url(value);
      } catch {
        // Answered below: which field it was matters more than which character.
      }
    throw this.#wrong(field, `at most ${most} bytes in base64url`);
  }

  #status(value: unknown): RootStatus {
    const found =
      typeof value === "number"
        ? STATUSES[value - 1]
        : STATUSES.find((status) => status === String(value).toLowerCase());
    if (found === undefined) throw this.#wrong("status", STATUSES.join(", "));
    return found;
  }
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
