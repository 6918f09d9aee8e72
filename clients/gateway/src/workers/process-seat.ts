import { gatewayError } from "../errors.ts";
import type { WorkerRequest, WorkerSeat } from "./seat.ts";

/** A message between workers, passed on by the process that started them. */
export type SeatMessage =
  | {
      readonly seat: "ask";
      readonly from: number;
      readonly to: number;
      readonly id: number;
      readonly request: WorkerRequest;
    }
  | {
      readonly seat: "answer";
      readonly from: number;
      readonly to: number;
      readonly id: number;
      readonly value?: unknown;
      readonly failed?: true;
    };

/** Calls under way at once; more fail at once, since whoever waits has a client waiting. */
const MAX_CALLS = 4_096;
const CALL_MS = 2_000;

export function isSeatMessage(message: unknown): message is SeatMessage {
  return typeof message === "object" && message !== null && "seat" in message;
}

/** The seat of a process forked with an IPC channel and `serialization: "advanced"`. */
export function createProcessSeat(index: number, count: number): WorkerSeat {
  const calls = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void; at: number }
  >();
  let lastId = 0;
  let answer: ((request: WorkerRequest) => Promise<unknown>) | null = null;
  const send = (message: SeatMessage) => process.send?.(message, undefined, undefined, () => {});

  process.on("message", (message: unknown) => {
    if (!isSeatMessage(message)) return;
    if (message.seat === "answer") {
      const call = calls.get(message.id);
      calls.delete(message.id);
      if (message.failed === true) call?.reject(gatewayError("worker-gone", "the worker could not answer"));
      else call?.resolve(message.value);
      return;
    }
    const { from, id } = message;
    const back = { seat: "answer", from: index, to: from, id } as const;
    if (answer === null) return void send({ ...back, failed: true });
    answer(message.request).then(
      (value) => send({ ...back, value }),
      () => send({ ...back, failed: true }),
    );
  });
  setInterval(() => {
    const due = performance.now() - CALL_MS;
    for (const [id, call] of calls) {
      if (call.at > due) break;
      calls.delete(id);
      call.reject(gatewayError("worker-gone", "no answer in time"));
    }
  }, CALL_MS / 4).unref();

  return {
    index,
    count,
    call(to, request) {
      if (calls.size >= MAX_CALLS)
        return Promise.reject(gatewayError("worker-gone", "too many calls under way"));
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        calls.set(id, { resolve, reject, at: performance.now() });
        send({ seat: "ask", from: index, to, id, request });
      });
    },
    serve(given) {
      answer = given;
    },
  };
}
