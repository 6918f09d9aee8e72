/** What one worker asks of the one that holds a session. */
export type WorkerRequest =
  | {
      readonly op: "spend";
      readonly message: Uint8Array;
      readonly question: Uint8Array;
      readonly cost: number;
    }
  | { readonly op: "pay"; readonly message: Uint8Array };

/** A worker's place among those that share the ports: sessions live in one of them, whichever a query reaches. */
export interface WorkerSeat {
  /** 0 to count - 1; the first byte of the names of its sessions. */
  readonly index: number;
  readonly count: number;
  /** Asks another worker. Rejects if it ended or has too much to do. */
  call(worker: number, request: WorkerRequest): Promise<unknown>;
  /** Answers what others ask. Called once. */
  serve(answer: (request: WorkerRequest) => Promise<unknown>): void;
}
