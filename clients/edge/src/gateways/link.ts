import { DnsError } from "@tolldns/dns/errors";
import type { Upstream } from "@tolldns/dns/exchange/upstream";
import { encodeOption, questionFor } from "@tolldns/dns/wire/build";
import { CLASS, OPTION, RCODE, TYPE } from "@tolldns/dns/wire/constants";
import type { Question } from "@tolldns/dns/wire/question";
import { findOption, readMessage } from "@tolldns/dns/wire/records";
import {
  decodeAcknowledgement,
  EDNS_OPTION_TOLL,
  findTollErrorByInfoCode,
  MESSAGE,
  TOLL_HEADER,
  TOLL_NAME,
  type TollProtocolError,
  toBase64Url,
  tollErrorOfProblem,
} from "@tolldns/sdk";
import { EdgeError } from "../errors.ts";
import { type GatewayLink, type KnownAmounts, TollRefused } from "../pay/link.ts";
import { abortable } from "../pay/wait.ts";

/** Told of each answer to a question by who starts it: also of one that nobody waits for any more. */
export type Hear = () => (answer: Uint8Array) => void;

/** Speaks toll over an exchange with one gateway. Ticks ride in the option, or on DoH in the header. */
export function createGatewayLink(upstream: Upstream, hear?: Hear): GatewayLink {
  const isHttp = upstream.protocol === "doh";
  const payment = questionFor(TOLL_NAME, TYPE.TXT, { class: CLASS.CH });

  async function exchange(
    question: Question,
    toll: Uint8Array | null,
    signal: AbortSignal,
    more?: Uint8Array,
    heard?: (answer: Uint8Array) => void,
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const inHeader = isHttp && toll !== null && toll[0] === MESSAGE.tick;
    const options = [
      ...(toll === null || inHeader ? [] : [encodeOption(EDNS_OPTION_TOLL, toll)]),
      ...(more === undefined ? [] : [more]),
    ];
    const extras = {
      ...(inHeader ? { headers: { [TOLL_HEADER]: toBase64Url(toll) } } : {}),
      ...(options.length === 0
        ? {}
        : { options: options.length === 1 ? (options[0] as Uint8Array) : Buffer.concat(options) }),
    };
    try {
      const asked = upstream.ask(question, extras);
      if (heard !== undefined) asked.then(heard, () => {});
      return await abortable(asked, signal);
    } catch (error) {
      throw refusalOfHttp(error) ?? error;
    }
  }

  return {
    async ask(question, toll, signal, more) {
      const answer = await exchange(question, toll, signal, more, hear?.());
      // The response code is in the fourth byte: only a refusal is looked at more closely.
      if (((answer[3] as number) & 15) === RCODE.REFUSED) throwRefusal(answer);
      return answer;
    },
    async tell(message, signal) {
      const answer = await exchange(payment, message, signal);
      throwRefusal(answer);
      const bytes = findOption(readMessage(answer).opt, EDNS_OPTION_TOLL);
      if (bytes === undefined)
        throw new EdgeError("gateway-lied", "no acknowledgement in the answer to a payment");
      return bytes;
    },
    close: () => upstream.close(),
  };
}

/** Throws TollRefused if the answer is a toll error. */
function throwRefusal(answer: Uint8Array): void {
  const message = readMessage(answer);
  const ede = findOption(message.opt, OPTION.EDE);
  if (message.rcode !== RCODE.REFUSED || ede === undefined || ede.length < 2) return;
  const entry = findTollErrorByInfoCode(((ede[0] as number) << 8) | (ede[1] as number));
  if (entry === undefined) return;
  throw refusal(entry, knownOf(findOption(message.opt, EDNS_OPTION_TOLL)));
}

/** The toll error in a refused DoH exchange, or undefined. */
function refusalOfHttp(error: unknown): TollRefused | undefined {
  if (!(error instanceof DnsError) || error.body === undefined) return undefined;
  try {
    const problem: unknown = JSON.parse(Buffer.from(error.body).toString("utf8"));
    const entry = tollErrorOfProblem(problem);
    return entry === undefined ? undefined : refusal(entry, knownOfProblem(problem));
  } catch {
    return undefined;
  }
}

function refusal(entry: TollProtocolError, known: KnownAmounts | null): TollRefused {
  return new TollRefused(entry.slug, known);
}

function knownOf(bytes: Uint8Array | undefined): KnownAmounts | null {
  try {
    return bytes === undefined ? null : decodeAcknowledgement(bytes);
  } catch {
    return null;
  }
}

function knownOfProblem(problem: unknown): KnownAmounts | null {
  const { acknowledged, consumed } = problem as { acknowledged?: unknown; consumed?: unknown };
  if (typeof acknowledged !== "string" || typeof consumed !== "string") return null;
  if (!/^\d{1,20}$/.test(acknowledged) || !/^\d{1,20}$/.test(consumed)) return null;
  return { acknowledged: BigInt(acknowledged), consumed: BigInt(consumed) };
}
