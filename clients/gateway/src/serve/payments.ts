import type { Buckets } from "../limits/buckets.ts";
import type { Booth, PaymentAnswer } from "../toll/booth.ts";
import { REFUSALS } from "../toll/refusal.ts";

/** Openings and vouchers, with a limit on what strangers may have verified. */
export interface Payments {
  /** `network` is whom the message is counted for, see hashNetwork. Never rejects. */
  pay(message: Uint8Array, network: number): Promise<PaymentAnswer>;
}

/** Checking a signature costs a hundred times a query, so a network that sends bad ones soon waits; good ones cost it nothing. */
export function createPayments(
  booth: Booth,
  checks: Buckets,
  now: () => number,
  onPaid: (seconds: number) => void,
): Payments {
  return {
    async pay(message, network) {
      const started = now();
      if (!checks.take(network, started)) return { ok: false, refusal: REFUSALS.rateLimited };
      const answer = await booth.pay(message);
      if (answer.ok) checks.give(network);
      onPaid(now() - started);
      return answer;
    },
  };
}
