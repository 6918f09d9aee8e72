import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { CliError } from "../errors.ts";
import { nearest } from "./nearest.ts";
import { fileKey, type SectionName, TABLE } from "./table.ts";

/** A configuration file as read: raw values by section and key, not yet of their kinds. */
export interface ConfigFile {
  readonly path: string;
  readonly values: ReadonlyMap<string, unknown>;
}

/** Where a configuration file is looked for when none is named. Never the working folder: whoever wrote there isn't always the user. */
export function defaultConfigFiles(): string[] {
  const home = process.env.XDG_CONFIG_HOME || join(homedir(), ".config");
  return [join(home, "tolldns", "config.toml"), "/etc/tolldns/config.toml"];
}

/**
 * Reads the named file, or the first default one there is; null if there is none.
 * @throws CliError config-unreadable, config-syntax, config-unknown
 */
export function readConfigFile(named: string | undefined): ConfigFile | null {
  const path = named === undefined ? defaultConfigFiles().find((file) => existsSync(file)) : resolve(named);
  if (path === undefined) return null;
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    throw new CliError(
      "config-unreadable",
      `can't read ${path} (${why})`,
      "Name a readable file with --config, or write one with `tolldns init`.",
      { cause },
    );
  }
  return { path, values: flatten(parseToml(text, path), path) };
}

function parseToml(text: string, path: string): Record<string, unknown> {
  try {
    return parse(text) as Record<string, unknown>;
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const what = cause.message.split("\n", 1)[0]?.replace(/^Invalid TOML document: /, "");
    throw new CliError(
      "config-syntax",
      `${path}:${cause.line}:${cause.column}: ${what}`,
      "Correct that line; https://toml.io shows the format.",
      { cause },
    );
  }
}

/** Unknown names are refused: a mistyped limit must not silently be the default. */
function flatten(document: Record<string, unknown>, path: string): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const sections = Object.keys(TABLE).filter((name) => name !== "general") as SectionName[];
  const general = Object.keys(TABLE.general);
  for (const [name, content] of Object.entries(document)) {
    const top = general.find((key) => fileKey(key) === name);
    if (top !== undefined) {
      values.set(`general.${top}`, content);
      continue;
    }
    const section = sections.find((one) => one === name);
    if (section === undefined) throw unknown(path, name, [...general.map(fileKey), ...sections]);
    if (typeof content !== "object" || content === null || Array.isArray(content))
      throw new CliError(
        "config-syntax",
        `${path}: ${name} is a section`,
        `Write [${name}] on a line of its own and its settings below.`,
      );
    const keys = Object.keys(TABLE[section]);
    for (const [given, value] of Object.entries(content)) {
      const key = keys.find((one) => fileKey(one) === given);
      if (key === undefined)
        throw unknown(
          path,
          `${section}.${given}`,
          keys.map((one) => `${section}.${fileKey(one)}`),
        );
      values.set(`${section}.${key}`, value);
    }
  }
  return values;
}

function unknown(path: string, name: string, candidates: readonly string[]): CliError {
  const near = nearest(name, candidates);
  return new CliError(
    "config-unknown",
    `${path}: unknown setting ${name}`,
    near === undefined
      ? "`tolldns init --print` lists every setting."
      : `Did you mean ${near}? \`tolldns init --print\` lists every setting.`,
  );
}

/** Relative paths in a file start where the file is. */
export const baseOf = (file: ConfigFile | null): string =>
  file === null ? process.cwd() : dirname(file.path);
