import type { Place } from "../places/place.ts";
import type { Child } from "../processes/child.ts";

/**
 * Cuts places off. In namespaces the line goes down. Without lines, all processes of the place are frozen instead: to everybody else
 * that looks the same, as nothing comes from there and nothing is answered, but those inside lose the time.
 */
export function createCutter(places: ReadonlyMap<string, Place>, all: () => readonly Child[]) {
  const placeOf = (name: string): Place => {
    const place = places.get(name);
    if (place === undefined) throw new Error(`no place ${name}; there are ${[...places.keys()].join(", ")}`);
    return place;
  };
  const inside = (place: Place) => all().filter((child) => child.place === place);
  return {
    async cut(name: string): Promise<void> {
      const place = placeOf(name);
      if (place.line !== null) await place.line.cut();
      else for (const child of inside(place)) child.freeze();
    },
    async join(name: string): Promise<void> {
      const place = placeOf(name);
      if (place.line !== null) await place.line.join();
      else for (const child of inside(place)) child.thaw();
    },
  };
}
