import { type ComponentChildren, h, type JSX } from "preact";

/** A table with a head of these titles; `rows` are made by `row`. */
export function table(
  titles: readonly string[],
  rows: readonly JSX.Element[],
  { caption, ...attributes }: { readonly class?: string; readonly caption?: string } = {},
): JSX.Element {
  return h(
    "table",
    attributes,
    caption === undefined ? null : h("caption", null, caption),
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        titles.map((title) => h("th", { key: title, scope: "col" }, title)),
      ),
    ),
    h("tbody", null, rows),
  );
}

/** A row of cells, known by its key. */
export const row = (key: string | number, ...cells: JSX.Element[]): JSX.Element => h("tr", { key }, ...cells);
export const cell = (content: ComponentChildren): JSX.Element => h("td", null, content);
/** A cell of figures. */
export const figure = (content: ComponentChildren): JSX.Element => h("td", { class: "number" }, content);
