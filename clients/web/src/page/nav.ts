import { h, type JSX } from "preact";

const PAGES = [
  ["/", "Money"],
  ["/names", "Names"],
  ["/epochs", "Epochs"],
  ["/policy", "Policy"],
] as const;

/** Where one can go; the page one is on is marked. */
export function Nav({ at }: { at: (typeof PAGES)[number][0] }): JSX.Element {
  return h(
    "nav",
    { "aria-label": "Pages" },
    PAGES.map(([href, title]) =>
      h("a", { key: href, href, ...(href === at ? { "aria-current": "page" as const } : {}) }, title),
    ),
  );
}
