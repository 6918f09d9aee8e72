import type { CommandSpec } from "../../command.ts";
import { explainCommand } from "./explain.ts";
import { logCommand } from "./log.ts";
import { registerCommand } from "./register.ts";
import { statusCommand } from "./status.ts";
import { watchCommand } from "./watch.ts";

export const policyCommand: CommandSpec = {
  name: "policy",
  about: "States of backends and gateways: what they are, why they changed, what was decided by them.",
  sections: ["chain"],
  examples: [
    ["tolldns policy", "the state of everything"],
    ["tolldns policy explain", "the story of the last incident"],
    ["tolldns policy watch", "follow changes live"],
    ["tolldns policy log --check", "were the decision logs changed?"],
  ],
  commands: [statusCommand, explainCommand, watchCommand, logCommand, registerCommand],
  action: statusCommand.action as NonNullable<CommandSpec["action"]>,
};
