/** Makes src/generated from the IDLs in programs/artifacts; with --check fails if what is committed differs. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { argv, exit, stderr } from "node:process";
import { fileURLToPath } from "node:url";
import { convertIdlToCamelCase } from "@coral-xyz/anchor/dist/cjs/idl.js";

interface Idl {
  address: string;
  accounts: { name: string; discriminator: number[] }[];
  events: { name: string; discriminator: number[] }[];
  errors: { code: number; name: string; msg: string }[];
}

function discriminators(entries: { name: string; discriminator: number[] }[]): string {
  return entries.map(({ name, discriminator }) => `  ${name}: [${discriminator.join(", ")}],\n`).join("");
}

/** What is made of one program's IDL: its constants, and the IDL with its type. */
function generate(program: string, file: string, says: string): Record<string, string> {
  const source = readFileSync(new URL(`../../programs/artifacts/${program}.json`, import.meta.url), "utf8");
  const idl = JSON.parse(source) as Idl;
  const notice = `// Made by sdk/scripts/generate.ts from programs/artifacts/${program}.json. Do not edit.\n`;
  const upper = program.toUpperCase();
  const constants = `${notice}
/** Program id the committed program is built for. */
export const ${upper}_PROGRAM_ID = ${JSON.stringify(idl.address)};

/** First 8 bytes of each account. */
export const ACCOUNT_DISCRIMINATORS = {
${discriminators(idl.accounts)}} as const;

/** First 8 bytes of each event. */
export const EVENT_DISCRIMINATORS = {
${discriminators(idl.events)}} as const;

/** Name and message of each error of the program, by code. */
export const PROGRAM_ERRORS = {
${idl.errors.map(({ code, name, msg }) => `  ${code}: [${JSON.stringify(name)}, ${JSON.stringify(msg)}],\n`).join("")}} as const;
`;
  const type = `${program.charAt(0).toUpperCase()}${program.slice(1)}Idl`;
  const camel = convertIdlToCamelCase(JSON.parse(source));
  const typed = `${notice}
/** The ${says} IDL: \`new Program<${type}>(${upper}_IDL, provider)\` with @coral-xyz/anchor. */
export const ${upper}_IDL: object = ${JSON.stringify(JSON.parse(source))};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type ${type} = ${JSON.stringify(camel, (key, value) => (key === "docs" ? undefined : value))};
`;
  return { [`${program}.ts`]: constants, [file]: typed };
}

/** As Biome lays it out, so that formatting the tree changes nothing. */
function formatted(name: string, text: string): string {
  const biome = fileURLToPath(new URL("../../node_modules/.bin/biome", import.meta.url));
  return execFileSync(biome, ["format", `--stdin-file-path=sdk/src/generated/${name}`], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    input: text,
    encoding: "utf8",
  });
}

let stale = 0;
for (const [name, raw] of Object.entries({
  ...generate("escrow", "idl.ts", "escrow's"),
  ...generate("names", "names-idl.ts", "names program's"),
  ...generate("stake", "stake-idl.ts", "stake program's"),
  ...generate("quorum", "quorum-idl.ts", "quorum program's"),
  ...generate("policy", "policy-idl.ts", "policy program's"),
})) {
  const text = formatted(name, raw);
  const path = new URL(`../src/generated/${name}`, import.meta.url);
  if (!argv.includes("--check")) writeFileSync(path, text);
  else if (readFileSync(path, "utf8") !== text) {
    stderr.write(`sdk/src/generated/${name} is not what the IDL makes; run node sdk/scripts/generate.ts\n`);
    stale++;
  }
}
exit(stale === 0 ? 0 : 1);
