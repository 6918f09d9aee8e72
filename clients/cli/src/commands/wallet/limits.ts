import { formatIu } from "@tolldns/sdk";
import type { CommandSpec } from "../../command.ts";
import { resolveOption } from "../../config/settings.ts";
import { envOf, fileKey, TABLE } from "../../config/table.ts";

const KEYS = ["perQuery", "perHour", "perDay", "priceCeiling", "laneReserve", "lanesTotal"] as const;

export const limitsCommand: CommandSpec = {
  name: "limits",
  about: "Show the spend limits in force, where each comes from and how to change it.",
  examples: [
    ["tolldns wallet limits", "each limit and its source"],
    ["tolldns edge --per-day 0.5", "changes one for a run; [edge] in the file changes it for good"],
  ],
  async action(run) {
    const limits = KEYS.map((key) => {
      const option = TABLE.edge[key];
      const { value, source } = resolveOption("edge", key, option, { ...run.sources, flags: {} });
      return {
        name: fileKey(key),
        about: option.about,
        value: value as bigint,
        source,
        env: envOf("edge", key),
      };
    });
    const width = Math.max(...limits.map(({ about }) => about.length));
    const text = limits.map(
      ({ name, about, value, source }) =>
        `${about.padEnd(width)}  ${`${formatIu(value)} IU`.padEnd(12)}  edge.${name} (${source})`,
    );
    run.out.result({ limits }, text.join("\n"));
  },
};
