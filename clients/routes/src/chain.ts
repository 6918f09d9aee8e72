import type { ChainOfRoots } from "./options.ts";
import type { ReadFinalRoots } from "./roots.ts";

/** How final roots are read, and the domain they are of. */
export function openChain(chain: ChainOfRoots): {
  readonly readRoots: ReadFinalRoots;
  readonly domain: Uint8Array;
} {
  return chain;
}
