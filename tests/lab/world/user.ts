import type { Asked } from "../measure/asked.ts";
import type { Place } from "../places/place.ts";
import { startScript } from "../processes/child.ts";
import type { ClientArguments } from "../processes/client.ts";

/** Who asks. */
export interface LabUser {
  /** Begins a steady load, questions a second. */
  start(rate: number): Promise<void>;
  /** Were all questions from `from` to `to`, Unix ms, answered right? */
  allRight(from: number, to: number): Promise<boolean>;
  /** Ends it; everything that was asked since. */
  stop(): Promise<Asked>;
  end(): Promise<void>;
}

const USER_AT = 2;

export async function startLabUser(place: Place, server: ClientArguments["server"]): Promise<LabUser> {
  const told: ClientArguments = { from: place.address(USER_AT), server };
  const child = await startScript<null>(place, "user", "../processes/client.ts", told);
  return {
    start: (rate) => child.ask("start", { rate }),
    allRight: (from, to) => child.ask("allRight", { from, to }),
    stop: () => child.ask("stop"),
    end: child.end,
  };
}
