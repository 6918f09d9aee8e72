import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildProgram } from "@tolldns/cli";
import { expect } from "chai";
import type { Command } from "commander";
import { ROOT } from "./run.ts";

const PAGES = globSync(["*.md", "docs/**/*.md"], { cwd: ROOT }).sort();
const textOf = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** The part of an address that leads to a heading, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

/** Links of a page that lead into this project. */
function linksOf(page: string): string[] {
  const prose = textOf(page).replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

function isDead(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return true;
  if (anchor === undefined) return false;
  const headings = [...textOf(file).matchAll(/^#+ (.+)$/gm)];
  return !headings.some(([, heading = ""]) => anchorOf(heading) === anchor);
}

/** Commands that a page names: lines of blocks and what stands in backquotes, to where a shell ends them. */
function commandsOf(page: string): string[] {
  const text = textOf(page);
  const lines = [...text.matchAll(/^(?: {4}|\t)?(?:sudo |npx )*tolldns (.+)$/gm)];
  const inline = [...text.matchAll(/`(?:sudo |npx )*tolldns ([^`]+)`/g)];
  return [...lines, ...inline].map(([, words = ""]) => words.replace(/(\s#|[|>&`]).*$/, "").trim());
}

/** What of a command does not exist; undefined if all does. */
function unknownPart(command: string): string | undefined {
  let at: Command = buildProgram();
  const path: Command[] = [at];
  const words = command.split(/\s+/);
  for (const [place, word] of words.entries()) {
    if (word.startsWith("--")) {
      const flag = word.replace(/=.*$/, "").replace(/[^\w-]+$/, "");
      const known = path.flatMap(({ options }) => options.map(({ long }) => long));
      if (flag !== "--help" && !known.includes(flag)) return flag;
      continue;
    }
    const next = at.commands.find((one) => one.name() === word);
    if (next !== undefined) {
      at = next;
      path.push(at);
    } else if (place === 0 && /^[a-z]/.test(word)) return word;
    else if (/^[a-z]/.test(word) && at.commands.length > 0 && at.registeredArguments.length === 0) {
      // A value of the flag before it, or a command there isn't.
      if (!(words[place - 1] ?? "").startsWith("--")) return word;
    }
  }
  return undefined;
}

describe("the documentation", () => {
  for (const page of PAGES) {
    const links = linksOf(page);
    if (links.length > 0)
      it(`${page} links only to what is there`, () =>
        expect(links.filter((link) => isDead(page, link))).to.deep.equal([]));
    const commands = commandsOf(page);
    if (commands.length > 0)
      it(`${page} names only commands and flags that exist`, () =>
        expect(
          commands.flatMap((command) => {
            const unknown = unknownPart(command);
            return unknown === undefined ? [] : [`${unknown} in: tolldns ${command}`];
          }),
        ).to.deep.equal([]));
  }

  it("lists every page", () => {
    const index = linksOf("docs/README.md").map((link) => join("docs", link));
    const pages = PAGES.filter((page) => /^docs\/(guides|reference)\/|^docs\/[a-z-]+\.md$/.test(page));
    expect(pages.filter((page) => !index.includes(page))).to.deep.equal([]);
  });

  it("finds what is dead or unknown", () => {
    expect(isDead("README.md", "docs/none.md")).to.equal(true);
    expect(isDead("README.md", "docs/quick-start.md#none")).to.equal(true);
    expect(isDead("README.md", "docs/quick-start.md#start")).to.equal(false);
    expect(unknownPart("polcy watch")).to.equal("polcy");
    expect(unknownPart("policy wach")).to.equal("wach");
    expect(unknownPart("policy log --chek")).to.equal("--chek");
    expect(unknownPart("policy log --check")).to.equal(undefined);
  });
});
