import { readFile } from "node:fs/promises";
import { describeError, EdgeError } from "./errors.ts";
import type { EdgeOptions, PolicySettings, SpendLimits } from "./options.ts";

/** Options as JSON has them: amounts are decimal strings of micro-IU, addresses base58. */
export type EdgeConfig = Omit<
  EdgeOptions,
  "limits" | "clock" | "random" | "log" | "onAnswer" | "wallet" | "policy" | "decisions"
> & {
  readonly policy?: PolicySettings | false;
  readonly limits?: { readonly [Key in keyof SpendLimits]?: string };
  readonly wallet?: {
    readonly rpcUrl: string;
    readonly deployment: {
      readonly escrow: string;
      readonly mint: string;
      readonly tokenProgram: string;
      readonly genesisHash: string;
    };
    readonly owner: { readonly keyFile: string };
  };
};

/** Reads a config file. @throws EdgeError option-invalid */
export async function readConfig(path: string): Promise<EdgeOptions> {
  let config: EdgeConfig;
  try {
    config = JSON.parse(await readFile(path, "utf8")) as EdgeConfig;
  } catch (cause) {
    throw new EdgeError("option-invalid", `${path}: ${describeError(cause)}`, { cause });
  }
  if (typeof config.stateDir !== "string" || !Array.isArray(config.gateways))
    throw new EdgeError("option-invalid", `${path}: stateDir and gateways are needed`);
  const { limits, ...rest } = config;
  return { ...rest, ...(limits === undefined ? {} : { limits: amountsOf(limits) }) };
}

function amountsOf(texts: NonNullable<EdgeConfig["limits"]>): Partial<SpendLimits> {
  const limits: Record<string, bigint> = {};
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text !== "string" || !/^\d{1,17}$/.test(text))
      throw new EdgeError("option-invalid", `limits.${name} is a decimal string of micro-IU`);
    limits[name] = BigInt(text);
  }
  return limits;
}
