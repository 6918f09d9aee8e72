/** What a program wrote to a terminal, as lines and as a picture. */

/** Orders that our programs give a terminal: lines up, clear to the end, clear the line, colours (ECMA-48). */
const ORDER = new RegExp(
  `${String.fromCharCode(27)}\\[([0-9;?]*)([A-Za-z])|\r|\n|[^\r\n${String.fromCharCode(27)}]+`,
  "g",
);

/** The lines that stand on the terminal in the end. */
export function screenOf(written: string): string[] {
  const rows: string[] = [""];
  let row = 0;
  let column = 0;
  for (const [token, count = "", letter] of written.matchAll(ORDER)) {
    const now = rows[row] ?? "";
    if (token === "\r") column = 0;
    else if (token === "\n") {
      row++;
      if (row === rows.length) rows.push("");
    } else if (letter === "A") row = Math.max(0, row - Number(count || 1));
    else if (letter === "J") {
      rows[row] = now.slice(0, column);
      rows.length = row + 1;
    } else if (letter === "K") rows[row] = count === "2" ? "" : now.slice(0, column);
    else if (letter === undefined) {
      rows[row] = now.slice(0, column).padEnd(column) + token + now.slice(column + token.length);
      column += token.length;
    }
  }
  while (rows.at(-1) === "") rows.pop();
  return rows.map((line) => line.trimEnd());
}

/** Columns of a picture; longer lines go on in the next, as in a terminal. */
const COLUMNS = 140;

/** Lines as an SVG: what is typed in one colour, what matches `quiet` in another. */
export function drawSvg(given: readonly string[], label: string, quiet = /^$/): string {
  // Spaces that aren't broken keep columns where they are in every viewer.
  const xml = (text: string) =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(" ", "\u00a0");
  const lines = given.flatMap((text) => wrap(text).map((line, place) => ({ text, line, place })));
  const columns = Math.max(...lines.map(({ line }) => line.length));
  const width = Math.ceil(columns * 7.85) + 40;
  const height = lines.length * 19 + 40;
  const rows = lines.map(({ text, line }, index) => {
    const colour = /^(\$| {2}(dig|curl|npx) )/.test(text)
      ? ' fill="#2dd4bf"'
      : quiet.test(text)
        ? ' fill="#9aaaa3"'
        : "";
    return `<text x="20" y="${34 + index * 19}"${colour}>${xml(line)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${xml(label)}">
<rect width="100%" height="100%" rx="10" fill="#0f1412"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13" fill="#e7eeea">
${rows.join("\n")}
</g>
</svg>
`;
}

/** Cuts at spaces; what goes on is indented as far as the text of its row. */
function wrap(text: string): string[] {
  if (text.length <= COLUMNS || text.startsWith("$") || !text.includes(" ")) return [text];
  const indent = " ".repeat(/^ {2}\d\d:\d\d:\d\d {2}\S+ +/.exec(text)?.[0].length ?? 0);
  const cut = text.lastIndexOf(" ", COLUMNS);
  if (cut <= indent.length) return [text];
  return [text.slice(0, cut), ...wrap(indent + text.slice(cut + 1))];
}
