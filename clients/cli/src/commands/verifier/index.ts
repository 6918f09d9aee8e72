import type { CommandSpec } from "../../command.ts";
import { attestCommand } from "./attest.ts";
import { enrolCommand } from "./enrol.ts";
import { initCommand } from "./init.ts";
import { replayCommand } from "./replay.ts";
import { runCommand, runVerifier, VERIFIER_SECTIONS } from "./run.ts";
import { statusCommand } from "./status.ts";

export const verifierCommand: CommandSpec = {
  name: "verifier",
  about:
    "Run a verifier: it probes backends and gateways as an ordinary payer would, reports what it saw with signed evidence, and challenges false reports.",
  sections: VERIFIER_SECTIONS,
  examples: [
    ["tolldns verifier init", "make its key, once"],
    ["tolldns verifier --reference udp://127.0.0.1:5335", "run it, with a validating resolver beside it"],
    ["tolldns verifier status", "where it stands, and what is missing"],
  ],
  commands: [runCommand, initCommand, enrolCommand, statusCommand, attestCommand, replayCommand],
  action: runVerifier,
};
