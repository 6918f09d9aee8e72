import type { Buckets } from "../limits/buckets.ts";
import type { Booth, PaymentAnswer } from "../toll/booth.ts";
import { REFUSALS, type Refusal } from "../toll/refusal.ts";
import type { WorkerSeat } from "../workers/seat.ts";

/** Openings and vouchers, with a limit on what strangers may have verified; and ticks whose session another worker holds. */
export interface Payments {
  /** `network` is whom the message is counted for, see hashNetwork. Never rejects. */
  pay(message: Uint8Array, network: number): Promise<PaymentAnswer>;
  /** Spends a tick at the worker that holds its session. Never rejects. */
  spendElsewhere(message: Uint8Array, question: Uint8Array, cost: number): Promise<Refusal>;
}

export interface PaymentsOptions {
  readonly booth: Booth;
  /** Openings and vouchers a network may have refused. */
  readonly checks: Buckets;
  readonly seat: WorkerSeat | null;
  /** Seconds. */
  readonly now: () => number;
  readonly onPaid: (seconds: number) => void;
}

/** Checking a signature costs a hundred times a query, so a network that sends bad ones soon waits; good ones cost it nothing. */
export function createPayments(options: PaymentsOptions): Payments {
  const { booth, checks, seat, now } = options;
  seat?.serve(async (request) => {
    if (request.op === "pay") return booth.pay(request.message);
    const { message, question, cost } = request;
    return booth.spend(message, 0, message.length, question, 0, question.length, cost);
  });

  const payWhereHeld = (message: Uint8Array): Promise<PaymentAnswer> => {
    const holder = booth.holderOf(message);
    if (seat === null || holder === seat.index) return booth.pay(message);
    return seat.call(holder, { op: "pay", message }).then(
      (answer) => answer as PaymentAnswer,
      () => ({ ok: false, refusal: REFUSALS.unavailable }),
    );
  };

  return {
    async pay(message, network) {
      const started = now();
      if (!checks.has(network, started)) return { ok: false, refusal: REFUSALS.rateLimited };
      const answer = await payWhereHeld(message);
      // What the gateway couldn't do itself is nobody's fault.
      if (!answer.ok && answer.refusal !== REFUSALS.unavailable) checks.take(network, now());
      options.onPaid(now() - started);
      return answer;
    },
    async spendElsewhere(message, question, cost) {
      if (seat === null) return REFUSALS.sessionUnknown;
      return seat.call(message[1] as number, { op: "spend", message, question, cost }).then(
        (result) => result as Refusal,
        () => REFUSALS.unavailable,
      );
    },
  };
}
