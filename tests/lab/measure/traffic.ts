import type { World } from "../world/world.ts";

/** What the relays saw: who was asked, in bins of BIN_MS. The lab's own view of where traffic goes, beside what logs say. */
export interface Traffic {
  /** By resolver: [begin of the bin in Unix ms, questions]. */
  readonly [resolver: string]: readonly (readonly [number, number])[];
}

export const BIN_MS = 250;

export async function readTraffic(world: World): Promise<Traffic> {
  const all = [...world.resolvers.values()].map(
    async ({ name, counts }) => [name, (await counts()).bins] as const,
  );
  return Object.fromEntries(await Promise.all(all));
}

/** Each resolver's share of all questions from `from` to `to`, Unix ms; 0 for all if there were none. */
export function sharesOf(traffic: Traffic, from: number, to: number): Record<string, number> {
  const sums = Object.entries(traffic).map(([name, bins]) => {
    const inside = bins.filter(([at]) => at >= from && at < to);
    return [name, inside.reduce((sum, [, asked]) => sum + asked, 0)] as const;
  });
  const total = sums.reduce((sum, [, asked]) => sum + asked, 0);
  return Object.fromEntries(sums.map(([name, asked]) => [name, total === 0 ? 0 : asked / total]));
}

/** Does each have about the share it had? `slack` is the difference that is let pass. */
export function isLike(a: Record<string, number>, b: Record<string, number>, slack = 0.25): boolean {
  return Object.keys(b).every((name) => Math.abs((a[name] ?? 0) - (b[name] ?? 0)) <= slack);
}
