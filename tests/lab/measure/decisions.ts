import { type DecisionLine, readDecisionLog } from "@tolldns/policy";
import type { World } from "../world/world.ts";

/** Lines that gateways and edge wrote since `from`, Unix milliseconds, by who wrote them. */
export async function readDecisions(world: World, from: number): Promise<Map<string, DecisionLine[]>> {
  const logs = [
    ...[...world.gateways.values()].map(({ name, decisions }) => [`gateway ${name}`, decisions] as const),
    ["edge", world.edge.decisions] as const,
  ];
  const found = new Map<string, DecisionLine[]>();
  for (const [who, folder] of logs) {
    const lines: DecisionLine[] = [];
    for await (const line of readDecisionLog(folder)) if (line.at * 1_000 >= from) lines.push(line);
    found.set(who, lines);
  }
  return found;
}
