import { Command, CommanderError, Option as Flag } from "commander";
import { buildCommand, type CommandSpec, flagsOf, isOn } from "./command.ts";
import { chainCommand } from "./commands/chain.ts";
import { completionCommand } from "./commands/completion.ts";
import { edgeCommand } from "./commands/edge.ts";
import { epochCommand } from "./commands/epoch/index.ts";
import { gatewayCommand } from "./commands/gateway.ts";
import { initCommand } from "./commands/init.ts";
import { keeperCommand } from "./commands/keeper.ts";
import { nameCommand } from "./commands/name/index.ts";
import { policyCommand } from "./commands/policy/index.ts";
import { stakeCommand } from "./commands/stake/index.ts";
import { upCommand } from "./commands/up.ts";
import { verifierCommand } from "./commands/verifier/index.ts";
import { verifyCommand } from "./commands/verify.ts";
import { walletCommand } from "./commands/wallet/index.ts";
import { witnessCommand } from "./commands/witness/index.ts";
import { nearest } from "./config/nearest.ts";
import { TABLE } from "./config/table.ts";
import { CliError, EXIT } from "./errors.ts";
import { failWith } from "./output.ts";

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  upCommand,
  walletCommand,
  nameCommand,
  verifyCommand,
  epochCommand,
  policyCommand,
  edgeCommand,
  gatewayCommand,
  keeperCommand,
  witnessCommand,
  verifierCommand,
  stakeCommand,
  chainCommand,
  initCommand,
  completionCommand,
];

const FOOTER = `
Examples:
  tolldns up                    # everything on this machine: chain, gateway, keepers, verifiers, edge, dashboard
  tolldns wallet                # what the wallet holds and has spent
  tolldns policy explain        # what happened when something failed, and on which evidence
  tolldns edge --help           # one role alone, against any Solana RPC

Values come from flags, then TOLLDNS_… variables, then the configuration file, then defaults.
The file is --config, TOLLDNS_CONFIG, ~/.config/tolldns/config.toml or /etc/tolldns/config.toml; \`tolldns init\` writes one.

Exit codes: 0 done · 1 failed · 2 wrong use or configuration · 3 something needed can't be reached or is taken · 4 refused by the chain, a limit or a setting`;

/** The whole command line. */
export function buildProgram(): Command {
  const program = new Command("tolldns")
    .description(
      "Paid DNS: a resolver that pays its way, the gateways it pays, and the chain they settle on.",
    )
    .version("0.1.0", "-V, --version", "print the version")
    .helpOption("-h, --help", "show help; works for every command")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .addOption(new Flag("--json", "write JSON, one object a line; TOLLDNS_JSON=1 does the same"))
    .addOption(new Flag("--config <path>", "configuration file (TOML)"));
  for (const flag of flagsOf("data", TABLE.general.data)) program.addOption(flag);
  for (const spec of COMMANDS) program.addCommand(buildCommand(spec));
  program.addHelpText("after", FOOTER);
  settle(program);
  return program;
}

/** No command ends the process or writes errors by itself. */
function settle(command: Command) {
  command.exitOverride();
  command.configureOutput({ writeErr: () => {} });
  command.configureHelp({ showGlobalOptions: true });
  for (const sub of command.commands) settle(sub);
}

/** Runs the command line. @returns the exit code, see EXIT. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const json = argv.includes("--json") || isOn(process.env.TOLLDNS_JSON);
  const program = buildProgram();
  try {
    await program.parseAsync(argv.length === 0 ? ["--help"] : [...argv], { from: "user" });
    return typeof process.exitCode === "number" ? process.exitCode : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      return failWith(usageError(error, program, argv), json);
    }
    return failWith(error, json);
  }
}

function usageError(error: CommanderError, program: Command, argv: readonly string[]): CliError {
  const { path, command, rest } = findCommand(program, argv);
  const help = `\`${[...path, "--help"].join(" ")}\` shows what there is.`;
  const stray = rest.find((word) => !word.startsWith("-"));
  // Where a command has both an action and commands below, commander takes a mistyped one for an argument.
  if (error.code === "commander.excessArguments" && command.commands.length > 0 && stray !== undefined) {
    const near = nearest(
      stray,
      command.commands.map((one) => one.name()),
    );
    return new CliError(
      "usage",
      `unknown command '${stray}'`,
      near === undefined ? help : `Did you mean ${near}? ${help}`,
    );
  }
  const [what = "", ...more] = error.message.replace(/^error: /, "").split("\n");
  const suggestion = more
    .join(" ")
    .trim()
    .replace(/^\(|\)$/g, "");
  return new CliError("usage", what, suggestion === "" ? help : `${suggestion} ${help}`);
}

/** The command that the words lead to, and the words after it. */
function findCommand(program: Command, argv: readonly string[]) {
  const path = [program.name()];
  let command = program;
  let rest = argv;
  for (const [index, word] of argv.entries()) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) continue;
    path.push(word);
    command = next;
    rest = argv.slice(index + 1);
  }
  return { path, command, rest };
}
