import type { Question } from "@tolldns/dns";
import { TIER } from "@tolldns/policy";
import type { AskQuestion } from "./ask.ts";
import type { Board } from "./board.ts";
import type { Vote } from "./vote.ts";

export interface ConfirmOptions {
  readonly board: Board;
  readonly vote: Vote;
  /** How those questions are asked that aren't confirmed. */
  readonly ask: AskQuestion;
  /** Share of questions that are confirmed, 0 to 1. */
  readonly share: number;
  readonly timeoutMs: number;
  readonly random: () => number;
  readonly onConfirmed: () => void;
}

/**
 * Answers only what several operators say, for all questions or a share of them. Where the backends in use are too few to agree,
 * centralised upstreams vote too, and the upstream quorum, which is an agreement itself, is asked last.
 */
export function createConfirm(options: ConfirmOptions): AskQuestion {
  const { board, vote, ask, share, random, timeoutMs } = options;
  return async (question: Question) => {
    if (share < 1 && random() >= share) return ask(question);
    options.onConfirmed();
    const { members } = board.lineup();
    const [quorum] = members.filter((one) => one.tier === TIER.QUORUM);
    const voters = members.filter((one) => one.tier !== TIER.QUORUM);
    try {
      // In the board's order: who is out is asked after those of lower tiers that can be used.
      return await vote(question, voters);
    } catch (error) {
      if (quorum === undefined) throw error;
      return { message: await quorum.ask(question, timeoutMs), parsed: null };
    }
  };
}
