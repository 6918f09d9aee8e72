import { openNamespaces } from "./namespaces.ts";
import type { Places } from "./place.ts";
import { openPlain } from "./plain.ts";

/** Namespaces where they can be had, plain processes else, and says which. `plain` asks for the latter. */
export async function openPlaces(plain: boolean): Promise<Places> {
  if (plain) return openPlain("asked for plain processes");
  try {
    return await openNamespaces();
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return openPlain(`no namespaces here (${words})`);
  }
}
