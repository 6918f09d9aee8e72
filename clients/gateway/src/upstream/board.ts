import type { Clock } from "@tolldns/dns";
import {
  type DecisionLog,
  type EjectionSettings,
  type PolicyView,
  type Settings,
  TIER,
} from "@tolldns/policy";
import { createBoard, type Board as SharedBoard } from "@tolldns/policy/board";
import type { Member } from "./member.ts";

/** The board of both ends, kept going by a clock: backends die while nobody asks, too. */
export interface Board extends SharedBoard<Member> {
  /** Everybody is ejected on own evidence: the stale cache is what is left. What policy says never makes it so. */
  isDown(): boolean;
}

export interface BoardOptions {
  readonly members: readonly Member[];
  readonly clock: Clock;
  readonly settings: Settings;
  readonly ejection: EjectionSettings;
  readonly policy: Pick<PolicyView, "of" | "onChange"> | null;
  readonly log: Pick<DecisionLog, "append"> | null;
  /** 0 to 1, from which nobody can learn the next. */
  readonly random: () => number;
  /** A backend was put out for contradicting others: what it said should be forgotten. */
  readonly onLiar: (member: Member) => void;
}

const TICK_MS = 100;

export function openBoard(options: BoardOptions): Board {
  const { clock, onLiar, ...rest } = options;
  const board = createBoard<Member>({
    ...rest,
    now: clock.now,
    refresh(member, now) {
      member.quotaWait = member.quota.wait(now);
    },
    onEject(member) {
      if (member.measured.cause === "disagrees") onLiar(member);
    },
    tierNames: ["backends", "upstream quorum", "centralised upstreams", "stale cache"],
  });
  let isDown = false;
  const look = () => {
    board.lineup();
    isDown = board.status().tier === TIER.STALE;
  };
  const stop = clock.every(TICK_MS, look);
  look();
  return {
    ...board,
    changed(member, change) {
      board.changed(member, change);
      if (change !== null) look();
    },
    isDown: () => isDown,
    close() {
      stop();
      board.close();
    },
  };
}
