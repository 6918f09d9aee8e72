import { CliError } from "../errors.ts";
import { baseOf, type ConfigFile } from "./file.ts";
import {
  type AnyOption,
  envOf,
  fileKey,
  flagOf,
  type Section,
  type SectionName,
  TABLE,
  type Values,
} from "./table.ts";

/** Where a value came from, for messages and `--json`. */
export type Source = "flag" | "environment" | "file" | "default";

export interface Sources {
  /** Flags as commander hands them over, by key. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | null;
}

/**
 * The values of a section: flag before environment before file before default.
 * @throws CliError option-invalid, secret-argument
 */
export function resolveSection<N extends SectionName>(name: N, sources: Sources): Values<(typeof TABLE)[N]> {
  const section: Section = TABLE[name];
  const values: Record<string, unknown> = {};
  for (const [key, option] of Object.entries(section))
    values[key] = resolveOption(name, key, option, sources).value;
  return values as Values<(typeof TABLE)[N]>;
}

/** One value and where it came from. @throws CliError option-invalid, secret-argument */
export function resolveOption(
  section: SectionName,
  key: string,
  option: AnyOption,
  { flags, env, file }: Sources,
): { readonly value: unknown; readonly source: Source } {
  const read = (value: unknown, base: string, where: string): unknown => {
    try {
      return option.kind.read(value, base);
    } catch (cause) {
      const shown = option.secret === undefined ? `, not ${JSON.stringify(value)}` : "";
      throw new CliError(
        "option-invalid",
        `${where} must be ${option.kind.wanted}${shown}`,
        `${section === "general" ? "" : `[${section}] `}${fileKey(key)}: ${option.about}.`,
        { cause },
      );
    }
  };
  if (flags[key] !== undefined) {
    const value = read(flags[key], process.cwd(), flagOf(key));
    if (option.secret?.(value) === true)
      throw new CliError(
        "secret-argument",
        `${flagOf(key)} holds a password, and arguments can be read by everyone on this machine`,
        `Put it in the environment as ${envOf(section, key)}, or in a configuration file of mode 0600.`,
      );
    return { value, source: "flag" };
  }
  const variable = env[envOf(section, key)];
  if (variable !== undefined && variable !== "")
    return { value: read(variable, process.cwd(), envOf(section, key)), source: "environment" };
  const written = file?.values.get(`${section}.${key}`);
  if (written !== undefined) {
    const where = `${file?.path}: ${section === "general" ? "" : `${section}.`}${fileKey(key)}`;
    return { value: read(written, baseOf(file), where), source: "file" };
  }
  return { value: option.default, source: "default" };
}
