import type { CommandSpec } from "../../command.ts";
import { logCommand } from "./log.ts";

export const policyCommand: CommandSpec = {
  name: "policy",
  about: "States of backends and gateways: what they are, why they changed, what was decided by them.",
  examples: [["tolldns policy log --check", "were the decision logs changed?"]],
  commands: [logCommand],
};
