import type { CommandSpec } from "../command.ts";
import { writeCompletion } from "../completion.ts";
import { CliError } from "../errors.ts";

export const completionCommand: CommandSpec = {
  name: "completion",
  about: "Write a completion script for bash, zsh or fish.",
  args: [["<shell>", "bash, zsh or fish"]],
  examples: [
    ["source <(tolldns completion bash)", "this shell only"],
    ["tolldns completion zsh > ~/.zfunc/_tolldns", "zsh, with ~/.zfunc in fpath"],
    ["tolldns completion fish > ~/.config/fish/completions/tolldns.fish", "fish"],
  ],
  async action({ out, args }) {
    const shell = args[0];
    if (shell !== "bash" && shell !== "zsh" && shell !== "fish")
      throw new CliError("usage", `no completion for ${shell}`, "Name bash, zsh or fish.");
    // Here and not above: the tree of commands is built from this file too.
    const { buildProgram } = await import("../program.ts");
    const script = writeCompletion(shell, buildProgram());
    out.result({ shell, script }, script);
  },
};
