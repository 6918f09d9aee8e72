import type { HttpRequest, HttpResponse, Route } from "@tolldns/dns";
import { DISCOVERY_PATH, SESSION_PATH, TOLL_MEDIA_TYPE, VOUCHER_PATH } from "@tolldns/sdk";
import { hashNetwork } from "../limits/prefix.ts";
import type { Counters } from "./counters.ts";
import type { Payments } from "./payments.ts";
import { paymentProblem } from "./refusals.ts";

export interface RouteOptions {
  readonly discovery: () => Uint8Array;
  readonly payments: Payments | null;
  readonly counters: Counters;
}

const NOT_FOUND: HttpResponse = { status: 404 };

/** Everything on the DoH port that is no query: discovery, openings and vouchers. */
export function createRoutes(options: RouteOptions): Route {
  const { payments, counters } = options;

  const pay = async (request: HttpRequest): Promise<HttpResponse> => {
    if (payments === null) return NOT_FOUND;
    if (request.method !== "POST") return { status: 405, headers: { allow: "POST" } };
    const answer = await payments.pay(request.body, hashNetwork(request.peer.address));
    if (answer.ok)
      return {
        status: 200,
        headers: { "content-type": TOLL_MEDIA_TYPE, "cache-control": "no-store" },
        body: answer.acknowledgement,
      };
    counters.refusals[answer.refusal] = (counters.refusals[answer.refusal] as number) + 1;
    const problem = paymentProblem(answer.refusal, answer.known);
    return {
      status: problem.status,
      headers: { "content-type": problem.contentType as string, "cache-control": "no-store" },
      body: problem.body,
    };
  };

  return (request) => {
    const path = request.path.split("?")[0];
    if (path === SESSION_PATH || path === VOUCHER_PATH) return pay(request);
    if (path !== DISCOVERY_PATH) return NOT_FOUND;
    if (request.method !== "GET" && request.method !== "HEAD")
      return { status: 405, headers: { allow: "GET, HEAD" } };
    return {
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "max-age=60" },
      body: options.discovery(),
    };
  };
}
