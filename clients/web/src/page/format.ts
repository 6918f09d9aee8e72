import { formatIu } from "@tolldns/sdk";

/** Micro-IU as IU with its unit; a dash while unknown. */
export const money = (micro: string | null): string =>
  micro === null ? "–" : `${formatIu(BigInt(micro))} IU`;

/** For places with little room: micro-units below a thousandth of an IU. */
export function shortMoney(micro: bigint): string {
  return micro < 1_000n ? `${micro} µIU` : `${formatIu(micro)} IU`;
}

export const count = (value: number): string => value.toLocaleString("en");

export const share = (part: number, whole: number): string =>
  whole === 0 ? "0 %" : `${Math.round((100 * part) / whole)} %`;

export const time = (seconds: number): string => new Date(seconds * 1_000).toLocaleTimeString("en-GB");

export function milliseconds(ms: number): string {
  if (ms < 0.1) return "< 0.1 ms";
  return ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

export const shorten = (text: string, keep = 8): string =>
  text.length <= 2 * keep ? text : `${text.slice(0, keep)}…${text.slice(-4)}`;
