import { Command, Option as Flag } from "commander";
import { readConfigFile } from "./config/file.ts";
import { resolveSection, type Sources } from "./config/settings.ts";
import {
  ABOUT,
  type AnyOption,
  envOf,
  flagOf,
  type Section,
  type SectionName,
  TABLE,
  type Values,
} from "./config/table.ts";
import { createOutput, type Output } from "./output.ts";

/** What an action is given: its settings, arguments and where to write. */
export interface Run {
  readonly out: Output;
  readonly sources: Sources;
  /** Flags of the command that are no settings. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  /** Values of a section, each from flag, environment, file or default. */
  settings<N extends SectionName>(section: N): Values<(typeof TABLE)[N]>;
}

export interface CommandSpec {
  readonly name: string;
  readonly about: string;
  /** Positional arguments, as commander writes them: `<amount>`, `[file]`, with what they are. */
  readonly args?: readonly (readonly [name: string, about: string])[];
  /** Sections whose settings are flags of this command. `general` always is. */
  readonly sections?: readonly SectionName[];
  /** Flags that are no settings: they say what to do this once. */
  readonly flags?: readonly (readonly [flags: string, about: string, choices?: readonly string[]])[];
  readonly examples: readonly (readonly [command: string, about: string])[];
  readonly action?: (run: Run) => Promise<void>;
  readonly commands?: readonly CommandSpec[];
}

/** Makes the command with its flags, help and sub-commands. */
export function buildCommand(spec: CommandSpec): Command {
  const command = new Command(spec.name).description(spec.about).showHelpAfterError(false);
  for (const [name, about] of spec.args ?? []) command.argument(name, about);
  for (const [flags, about, choices] of spec.flags ?? []) {
    const flag = new Flag(flags, about);
    command.addOption(choices === undefined ? flag : flag.choices([...choices]));
  }
  for (const section of spec.sections ?? []) addSection(command, section);
  for (const sub of spec.commands ?? []) command.addCommand(buildCommand(sub));
  command.addHelpText("after", helpAfter(spec));
  if (spec.action !== undefined)
    command.action(async (...given: unknown[]) => spec.action?.(createRun(given)));
  else command.action(() => command.help());
  return command;
}

function addSection(command: Command, name: SectionName) {
  const section: Section = TABLE[name];
  for (const [key, option] of Object.entries(section))
    for (const flag of flagsOf(key, option)) command.addOption(flag);
}

/** The flags of a setting. No commander defaults: what wasn't given must be told apart from what was. */
export function flagsOf(key: string, option: AnyOption): Flag[] {
  const { kind } = option;
  const about = option.about + describeDefault(option);
  if (kind.isFlag === true) {
    return [new Flag(flagOf(key), about), new Flag(flagOf(key).replace("--", "--no-"), "").hideHelp()];
  }
  const flag = new Flag(`${flagOf(key)} <${kind.placeholder}>`, about);
  if (kind.isList === true)
    return [
      flag.argParser((value: string, before: string | undefined) =>
        before === undefined ? value : `${before},${value}`,
      ),
    ];
  return [flag];
}

function describeDefault(option: AnyOption): string {
  if (option.kind.isFlag === true)
    return option.default === true ? ` (on; ${"--no-…"} turns it off)` : " (off)";
  if (option.default !== undefined)
    return ` (default: ${option.kind.show(option.default).replaceAll('"', "")})`;
  return option.otherwise === undefined ? "" : ` (default: ${option.otherwise})`;
}

function helpAfter(spec: CommandSpec): string {
  const width = Math.max(...spec.examples.map(([command]) => command.length));
  const examples = spec.examples.map(([command, about]) => `  ${command.padEnd(width)}  # ${about}`);
  const lines = ["", "Examples:", ...examples];
  const last = spec.sections?.at(-1);
  if (last !== undefined) {
    const key = Object.keys(TABLE[last])[0] ?? "";
    lines.push(
      "",
      `Settings may also stand in the file under [${last}] or in the environment, such as ${envOf(last, key)}.`,
      `${ABOUT[last]}: \`tolldns init --print\` shows all of them.`,
    );
  }
  return lines.join("\n");
}

function createRun(given: readonly unknown[]): Run {
  const command = given.at(-1) as Command;
  const flags = command.optsWithGlobals() as Record<string, unknown>;
  const json = flags.json === true || isOn(process.env.TOLLDNS_JSON);
  const named = (flags.config as string | undefined) ?? process.env.TOLLDNS_CONFIG;
  const sources: Sources = { flags, env: process.env, file: readConfigFile(named || undefined) };
  return {
    out: createOutput(json),
    sources,
    flags,
    args: command.args,
    settings: (section) => resolveSection(section, sources),
  };
}

export const isOn = (value: string | undefined): boolean =>
  value === "1" || value === "true" || value === "yes";
