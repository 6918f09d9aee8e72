import type { CommandSpec } from "../../command.ts";
import { rebuildCommand } from "./rebuild.ts";
import { showCommand, watchCommand } from "./show.ts";

export const epochCommand: CommandSpec = {
  name: "epoch",
  about: "Epochs, in which routes become final: see one, follow them, rebuild every root by yourself.",
  sections: ["chain"],
  examples: [
    ["tolldns epoch", "the present one and the last final root"],
    ["tolldns epoch watch", "each step as it happens"],
    ["tolldns epoch rebuild", "all roots from published updates, compared with the chain"],
  ],
  commands: [showCommand, watchCommand, rebuildCommand],
  ...(showCommand.action === undefined ? {} : { action: showCommand.action }),
};
