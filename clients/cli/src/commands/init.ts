import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { CommandSpec } from "../command.ts";
import { defaultConfigFiles } from "../config/file.ts";
import { writeConfig } from "../config/init.ts";
import type { SectionName } from "../config/table.ts";
import { CliError } from "../errors.ts";

const ROLES: Readonly<Record<string, readonly SectionName[]>> = {
  all: [
    "general",
    "chain",
    "wallet",
    "store",
    "gateway",
    "edge",
    "keeper",
    "quorum",
    "witness",
    "embedded",
    "up",
  ],
  up: ["general", "up"],
  edge: ["general", "chain", "wallet", "edge"],
  gateway: ["general", "chain", "store", "gateway"],
  keeper: ["general", "chain", "store", "keeper", "quorum"],
  witness: ["general", "chain", "witness"],
  chain: ["general", "embedded"],
};

export const initCommand: CommandSpec = {
  name: "init",
  about: "Write a commented configuration file.",
  args: [["[file]", `where to (default: ${defaultConfigFiles()[0]})`]],
  flags: [
    ["--role <role>", "only what this role reads (default: all)", Object.keys(ROLES)],
    ["--print", "write to standard output instead"],
    ["--force", "replace a file that is there"],
  ],
  examples: [
    ["tolldns init", "every setting, commented, at its default"],
    ["tolldns init --role edge /etc/tolldns/config.toml", "only what an edge reads"],
    ["tolldns init --print | less", "look at all of them"],
  ],
  async action({ out, args, flags }) {
    const text = writeConfig(ROLES[(flags.role as string | undefined) ?? "all"]);
    if (flags.print === true) {
      out.result({ config: text }, text.trimEnd());
      return;
    }
    const file = resolve(args[0] ?? (defaultConfigFiles()[0] as string));
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, text, { mode: 0o600, flag: flags.force === true ? "w" : "wx" });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      throw new CliError(
        "file-exists",
        `${file} is there already`,
        "Pass --force to replace it, or name another file.",
        { cause },
      );
    }
    out.result({ written: file }, `Wrote ${file}. Each line without # changes a default.`);
  },
};
