import { isIP } from "node:net";
import { checkAmount } from "@tolldns/sdk";
import { EdgeError } from "./errors.ts";
import { parseFreeUpstream } from "./free.ts";
import { DEFAULT_LIMITS, type EdgeOptions, type SpendLimits } from "./options.ts";

/** Fills in the defaults of the limits. @throws EdgeError option-invalid */
export function completeLimits(given: Partial<SpendLimits> = {}): SpendLimits {
  const limits = { ...DEFAULT_LIMITS, ...given };
  for (const [name, value] of Object.entries(limits))
    try {
      checkAmount(value as bigint, name);
    } catch {
      throw new EdgeError("option-invalid", `limits.${name} is an amount in micro-IU as bigint`);
    }
  return limits;
}

/** Says at the start what would only fail later. @throws EdgeError option-invalid */
export function checkOptions(options: EdgeOptions): void {
  if (options.gateways.length === 0 && options.outOfMoney !== "free")
    throw new EdgeError("option-invalid", 'name a gateway, or free upstreams and outOfMoney "free"');
  for (const { url, address } of options.gateways) {
    if (!URL.canParse(url) || new URL(url).protocol !== "https:")
      throw new EdgeError("option-invalid", `gateway ${url}: an https:// address is needed`);
    if (address !== undefined && isIP(address) === 0)
      throw new EdgeError("option-invalid", `gateway ${url}: ${address} is no IP address`);
  }
  const { crossCheck = 0 } = options;
  if (!(crossCheck >= 0 && crossCheck <= 1))
    throw new EdgeError("option-invalid", "crossCheck is a share from 0 to 1");
  if (options.confirm === true && options.gateways.length < 2)
    throw new EdgeError("option-invalid", "confirm needs two gateways");
  for (const text of options.freeUpstreams ?? []) parseFreeUpstream(text);
  for (const { host, port } of options.listen ?? [])
    if (isIP(host) === 0 || !Number.isInteger(port) || port < 0 || port > 65_535)
      throw new EdgeError("option-invalid", `listen ${host}:${port}`);
}
