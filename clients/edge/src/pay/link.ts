import type { Question } from "@tolldns/dns/wire/question";
import type { TollSlug } from "@tolldns/sdk";
import { EdgeError } from "../errors.ts";

/** One gateway, reachable: how bytes get there is the link's affair. */
export interface GatewayLink {
  /**
   * Asks with a toll message, or null for none, and with more EDNS options in wire form; the answer in wire form.
   * @throws TollRefused when the answer is a toll error; EdgeError or DnsError for everything else
   */
  ask(
    question: Question,
    toll: Uint8Array | null,
    signal: AbortSignal,
    options?: Uint8Array,
  ): Promise<Uint8Array>;
  /** Hands in a session or voucher message; the 33 bytes of an acknowledgement. @throws as ask */
  tell(message: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** What a gateway says the lane stands at, micro-IU; a claim, not a fact. */
export interface KnownAmounts {
  readonly acknowledged: bigint;
  readonly consumed: bigint;
}

/** The gateway answered with an error of the toll protocol. */
export class TollRefused extends EdgeError {
  readonly slug: TollSlug;
  readonly known: KnownAmounts | null;

  constructor(slug: TollSlug, known: KnownAmounts | null = null) {
    super("gateway-refused", slug);
    this.slug = slug;
    this.known = known;
  }
}
