import { encodeOption, questionFor } from "@tolldns/dns/wire/build";
import { OPTION, RCODE, TYPE } from "@tolldns/dns/wire/constants";
import { findOption, readMessage } from "@tolldns/dns/wire/records";
import { evidenceFailure } from "@tolldns/routes/errors";
import type { EvidenceSource } from "@tolldns/routes/source";
import type { Gateway } from "../gateways/gateway.ts";
import type { QueryBudget } from "../pay/policy.ts";

/** Asks for evidence. Empty: what the gateway has under the newest root it knows. */
const WANTED = encodeOption(OPTION.ROUTE_EVIDENCE, new Uint8Array(0));

/**
 * A gateway as somebody who has evidence. It is asked for the registered name's SOA: what answers best by name and type is this
 * edge's to find out, and nobody else's to know.
 * @param budget of the question, shared by all gateways asked for it
 */
export function gatewaySource(gateway: Gateway, budget: QueryBudget): EvidenceSource {
  return {
    label: gateway.url,
    hasEpochs: false,
    patienceMs: () => Math.min(1_500, Math.max(400, 4 * (gateway.score.p95() ?? 250))),
    async ask(name, { signal }) {
      const { answer } = await gateway.ask(questionFor(name.text, TYPE.SOA), budget, signal, WANTED);
      const { opt, rcode } = readMessage(answer);
      const evidence = findOption(opt, OPTION.ROUTE_EVIDENCE);
      if (evidence !== undefined) return evidence;
      const isAnswer = rcode === RCODE.NOERROR || rcode === RCODE.NXDOMAIN;
      const failure = evidenceFailure(gateway.url, isAnswer);
      // It has no feed to ask just now: that is no lie, but no reason to pay it again at once either.
      if (!isAnswer) gateway.refuse(failure);
      throw failure;
    },
    refused: (error) => gateway.refuse(error),
  };
}
