/**
 * A place of the lab: what fails together when a line is cut. Either a network namespace with an address range of its own, or, where
 * namespaces can't be had, a range of 127.0.0.0/8 in this one.
 */
export interface Place {
  readonly name: string;
  /** The `n`-th address of the place, 1 to 250. */
  address(n: number): string;
  /** First characters of each of its addresses, with the last dot. */
  readonly prefix: string;
  /** A command line that runs inside the place. */
  inside(command: string, args: readonly string[]): readonly [string, readonly string[]];
  /** Cuts its line to everybody else, or joins it again. Null where there is no line: who calls then freezes what runs in the place. */
  readonly line: { cut(): Promise<void>; join(): Promise<void> } | null;
}

export interface Places {
  /** `namespaces`, or `processes` with why not. */
  readonly kind: "namespaces" | "processes";
  readonly reason: string;
  place(name: string): Promise<Place>;
  close(): Promise<void>;
}
