/**
 * Writes docs/invariants.md: what always holds, and which test tries which attack. `--check` compares instead.
 *
 *   node tests/attacks/escrow/invariants.ts [--check]
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { listenerTable } from "../listener-rows.ts";
import { registry } from "./attack.ts";
import { ROWS, type Row, type RowId } from "./rows.ts";

const PAGE = fileURLToPath(new URL("../../../docs/invariants.md", import.meta.url));
const here = new URL(".", import.meta.url);

/** Loads every test file, so that each notes its attacks. */
export async function loadAttacks(): Promise<void> {
  for (const file of readdirSync(here).sort())
    if (file.endsWith(".test.ts") && file !== "coverage.test.ts") await import(new URL(file, here).href);
}

/** The page. `loadAttacks` must have run. */
export function invariantsPage(): string {
  const lines = (Object.entries(ROWS) as [RowId, Row][]).map(([id, row]) => {
    const tests = registry.filter((entry) => entry.row === id);
    const files = [...new Set(tests.map(({ file }) => `\`${file}\``))].sort().join(", ");
    const first = tests[0]?.title ?? "";
    const example =
      tests.length > 1 ? `${files}: ${tests.length} tests, such as *${first}*` : `${files}: *${first}*`;
    const covered = row.why ?? row.elsewhere ?? example;
    return `| ${row.area} | ${row.text} | ${row.why === undefined ? covered : `does not apply: ${row.why}`} |`;
  });
  return `# What always holds

The escrow's invariants. Each is asserted in the program where it can be, and in \`tests/attacks/escrow/properties.test.ts\` after every one of 100 000
random steps (a million in \`tests/programs/properties.slow.test.ts\`).

1. \`vault = sum(free) + sum(reserve - settled) + sum(credited - distributed)\`, dust apart. Every instruction that moves tokens compares what the vault
   gained or lost with what is owed more or less (\`conservation.rs\`), and fails with 6120 otherwise.
2. \`settled <= reserve\` in every lane; in one generation \`settled\` only rises, and never past what the lane's session key signed.
3. \`distributed <= credited\` in every ledger; both only rise.
4. A row's \`generation\` rises with every opening, a ledger's address is used once: no voucher is ever good for another lane than the one it was signed for.
5. \`open_lanes\` of a ledger and the sum over all Balances count the lanes that are not FREE.
6. What a wallet owns (tokens, free balance, unspent reserves) falls only by vouchers of its own session keys.
7. From every state everyone gets out: a payer after at most the grace period, an operator after closing its lanes and distributing. A pause stops none of it.
8. Deadlines, once set, are never moved; a lane's terms (grace period) never change while it is open.

## Which test tries which attack

Made by \`node tests/attacks/escrow/invariants.ts\` from the tests in \`tests/attacks/escrow\`, which assert the exact error and that nothing of worth moved.

| area | attack | test |
|---|---|---|
${lines.join("\n")}

What the listeners and the keepers are tried against:

${listenerTable()}
`;
}

if (import.meta.main) {
  // Test files run under mocha; here only their titles are wanted.
  const skip = () => {};
  Object.assign(globalThis, { describe: (_: string, body: () => void) => body(), it: skip, before: skip });
  await loadAttacks();
  const page = invariantsPage();
  if (process.argv.includes("--check")) {
    if (readFileSync(PAGE, "utf8") !== page) {
      console.error(
        "docs/invariants.md is not what the tests cover; run node tests/attacks/escrow/invariants.ts",
      );
      process.exitCode = 1;
    }
  } else writeFileSync(PAGE, page);
}
