import type { Question } from "@tolldns/dns/wire/question";
import type { TollDiscovery } from "@tolldns/sdk";
import { EdgeError } from "../errors.ts";
import { type GatewayLink, TollRefused } from "./link.ts";
import type { Payer } from "./payer.ts";
import type { QueryBudget } from "./policy.ts";

/** Times one question is asked of a gateway that refuses the toll. */
const MAX_TRIES = 4;

/** Why an attempt was given up by choice: another gateway was faster. */
export const OVERTAKEN = new EdgeError("gateway-timeout", "another gateway was faster");

export interface PaidAsk {
  /** The terms in force. */
  readonly terms: () => Promise<TollDiscovery>;
  /** Who pays now. */
  readonly payer: () => Payer;
  readonly ask: GatewayLink["ask"];
}

/** Asks with a toll; where the gateway says what is to be done first, does that and asks again. @throws what kept an answer from coming */
export async function askPaid(
  { terms, payer, ask }: PaidAsk,
  question: Question,
  budget: QueryBudget,
  signal: AbortSignal,
  options: Uint8Array | undefined,
): Promise<Uint8Array> {
  for (let tries = 1; ; tries++) {
    const paying = payer();
    const { classes } = await terms();
    const units = (question.dnssecOk ? classes.dnssec : undefined) ?? classes.standard;
    const toll = await paying.draw(units, budget, signal);
    try {
      const answer = await ask(question, paying.reveal(toll), signal, options);
      paying.settle(toll, "answered");
      return answer;
    } catch (error) {
      if (!(error instanceof TollRefused)) {
        // It was asked, and did or will do the work: that this edge no longer waits is not held against it.
        paying.settle(toll, error === OVERTAKEN ? "cancelled" : "lost");
        throw error;
      }
      if (tries >= MAX_TRIES || !(await paying.refused(toll, error, budget, signal))) throw error;
    }
  }
}
