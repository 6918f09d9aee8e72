import type { Command, Option } from "commander";

interface Node {
  /** Words that lead here, without `tolldns`. */
  readonly path: readonly string[];
  readonly commands: readonly { readonly name: string; readonly about: string }[];
  readonly flags: readonly {
    readonly name: string;
    readonly about: string;
    readonly takes: "nothing" | "file" | readonly string[];
  }[];
}

/** A completion script made from the tree of commands: no process is started while completing. */
export function writeCompletion(shell: "bash" | "zsh" | "fish", program: Command): string {
  const nodes = collect(program, [], program.options);
  if (shell === "bash") return bash(nodes);
  return shell === "zsh" ? zsh(nodes) : fish(nodes);
}

function collect(command: Command, path: readonly string[], global: readonly Option[]): Node[] {
  const options = path.length === 0 ? command.options : [...command.options, ...global];
  const node: Node = {
    path,
    commands: command.commands.map((one) => ({ name: one.name(), about: one.description() })),
    flags: [
      ...options.map((option) => ({
        name: option.long ?? "",
        about: option.description,
        takes: takes(option),
      })),
      { name: "--help", about: "show help", takes: "nothing" as const },
    ],
  };
  return [node, ...command.commands.flatMap((one) => collect(one, [...path, one.name()], global))];
}

function takes(option: Option): "nothing" | "file" | readonly string[] {
  if (!option.required && !option.optional) return "nothing";
  if (option.argChoices !== undefined) return option.argChoices;
  const placeholder = /<(.+)>/.exec(option.flags)?.[1] ?? "";
  return placeholder.includes("|") ? placeholder.split("|") : "file";
}

function bash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ path, commands, flags }) => {
    const words = [...commands.map(({ name }) => name), ...flags.map(({ name }) => name)].join(" ");
    return `    "${path.join(" ")}") words="${words}" ;;`;
  });
  const steps = nodes
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      "${path.join(" ")}") at="${path.join(" ")}" ;;`);
  const values = new Map<string, string>();
  for (const { flags } of nodes)
    for (const { name, takes } of flags) if (Array.isArray(takes)) values.set(name, takes.join(" "));
  const choices = [...values].map(
    ([name, words]) => `    ${name}) COMPREPLY=($(compgen -W "${words}" -- "$word")); return ;;`,
  );
  const withFiles = [
    ...new Set(
      nodes.flatMap(({ flags }) => flags.filter(({ takes }) => takes === "file").map(({ name }) => name)),
    ),
  ];
  return `# bash completion for tolldns
_tolldns() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" at="" i words
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${at:+$at }\${COMP_WORDS[i]}" in
${steps.join("\n")}
    esac
  done
  case "$before" in
${choices.join("\n")}
    ${withFiles.join("|")}) COMPREPLY=($(compgen -f -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
  esac
  case "$at" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _tolldns tolldns`;
}

function zsh(nodes: readonly Node[]): string {
  const quote = (text: string) =>
    text.replaceAll("'", "'\\''").replaceAll("[", "\\[").replaceAll("]", "\\]").replaceAll(":", "\\:");
  const cases = nodes.map(({ path, commands, flags }) => {
    const subs = commands.map(({ name, about }) => `'${name}:${quote(about)}'`).join(" ");
    const options = flags.map(({ name, about, takes }) => {
      const values =
        takes === "nothing" ? "" : `:value:${takes === "file" ? "_files" : `(${takes.join(" ")})`}`;
      return `'${name}[${quote(about)}]${values}'`;
    });
    const describe = subs === "" ? "" : `local -a subs=(${subs}); _describe command subs; `;
    return `    "${path.join(" ")}") ${describe}_arguments -S ${options.join(" ")} ;;`;
  });
  const steps = nodes
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => `      "${path.join(" ")}") at="${path.join(" ")}" ;;`);
  return `#compdef tolldns
_tolldns() {
  local at="" i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${at:+$at }\${words[i]}" in
${steps.join("\n")}
    esac
  done
  [[ $at == completion ]] && { compadd bash zsh fish; return }
  case "$at" in
${cases.join("\n")}
  esac
}
(( $+functions[compdef] )) && compdef _tolldns tolldns || _tolldns "$@"`;
}

function fish(nodes: readonly Node[]): string {
  const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap(({ path, commands, flags }) => {
    const subs = commands.map(({ name }) => name).join(" ");
    const within = path.map((word) => `__fish_seen_subcommand_from ${word}`);
    const here = [...within, ...(subs === "" ? [] : [`not __fish_seen_subcommand_from ${subs}`])].join(
      "; and ",
    );
    const condition = here === "" ? "" : ` -n ${quote(here)}`;
    return [
      ...commands.map(
        ({ name, about }) => `complete -c tolldns -f${condition} -a ${name} -d ${quote(about)}`,
      ),
      ...flags.map(({ name, about, takes }) => {
        const values =
          takes === "nothing" ? "" : takes === "file" ? " -r -F" : ` -x -a ${quote(takes.join(" "))}`;
        return `complete -c tolldns${condition} -l ${name.replace(/^--/, "")}${values} -d ${quote(about)}`;
      }),
    ];
  });
  return [
    "# fish completion for tolldns",
    "complete -c tolldns -f",
    ...lines,
    "complete -c tolldns -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'",
  ].join("\n");
}
