import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EdgeOptions, GatewaySource, SpendLimits, WalletOptions } from "@tolldns/edge";
import type { TABLE, Values } from "../config/table.ts";
import { CliError } from "../errors.ts";

export type EdgeSettings = Values<typeof TABLE.edge>;

/** What an edge is started with. @throws CliError option-missing, option-invalid */
export function edgeOptions(
  settings: EdgeSettings,
  data: string,
  wallet: WalletOptions | undefined,
): EdgeOptions {
  const { listen, outOfMoney, freeUpstreams, rebindingProtection: protect, privateNames: allow } = settings;
  if (outOfMoney === "free" && freeUpstreams === undefined)
    throw new CliError(
      "option-missing",
      'out_of_money = "free" needs free_upstreams',
      "Name at least one resolver, such as --free-upstreams udp://192.0.2.53.",
    );
  return {
    stateDir: join(data, "edge"),
    listen,
    gateways: parseGateways(settings),
    ...(wallet === undefined ? {} : { wallet }),
    limits: limitsOf(settings),
    outOfMoney,
    ...(freeUpstreams === undefined ? {} : { freeUpstreams }),
    cacheBytes: settings.cacheSize,
    hedge: settings.hedge,
    confirm: settings.confirm,
    timeoutMs: settings.timeoutMs,
    rebinding: { protect, ...(allow === undefined ? {} : { allow }) },
  };
}

export function limitsOf(settings: EdgeSettings): SpendLimits {
  const { perQuery, perHour, perDay, priceCeiling, laneReserve, lanesTotal } = settings;
  return { perQuery, perHour, perDay, priceCeiling, laneReserve, lanesTotal };
}

function parseGateways({ gateways, gatewayCa, transport }: EdgeSettings): GatewaySource[] {
  if (gateways === undefined || gateways.length === 0)
    throw new CliError(
      "option-missing",
      "the edge knows no gateway",
      "Name one with --gateways https://dns.example.org, or under [edge] in the configuration file.",
    );
  const ca = gatewayCa === undefined ? {} : { ca: readFileSync(gatewayCa, "utf8") };
  return gateways.map((url) => ({ url, ...ca, ...(transport === undefined ? {} : { transport }) }));
}
