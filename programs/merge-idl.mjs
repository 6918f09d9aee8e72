// Merges what `cargo test --features idl-build` prints into one IDL, as `anchor idl build` does. Reads standard input, writes standard output.
// Sorted where Anchor's own order depends on the order tests run in, so that the result is the same on every machine.
import { readFileSync } from "node:fs";

const text = readFileSync(0, "utf8");

/** The bodies of all `--- IDL begin KIND ---` sections. */
function sections(kind) {
  const pattern = new RegExp(`^--- IDL begin ${kind} ---\\n([\\s\\S]*?)\\n--- IDL end ${kind} ---$`, "gm");
  return [...text.matchAll(pattern)].map((match) => match[1]);
}

function only(kind) {
  const found = sections(kind);
  if (found.length !== 1) throw new Error(`expected one "${kind}" section, found ${found.length}`);
  return found[0];
}

const byName = (left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0);

function merged(lists) {
  const entries = new Map(lists.flat().map((entry) => [entry.name, entry]));
  return [...entries.values()].sort(byName);
}

const idl = JSON.parse(only("program"));
const events = sections("event").map((section) => JSON.parse(section));
idl.address = only("address").trim();
idl.events = merged([idl.events ?? [], events.map((part) => part.event)]);
idl.types = merged([idl.types ?? [], ...events.map((part) => part.types)]);
idl.accounts = merged([idl.accounts ?? []]);
idl.errors = sections("errors")
  .flatMap((section) => JSON.parse(section))
  .sort((a, b) => a.code - b.code);
process.stdout.write(`${JSON.stringify(idl, null, 2)}\n`);
