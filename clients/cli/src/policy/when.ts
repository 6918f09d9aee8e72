import { CliError } from "../errors.ts";

const AGO = { s: 1, min: 60, m: 60, h: 3_600, d: 86_400 } as const;

/**
 * Reads a moment as people write it: `2026-11-21T16:04:00Z`, `2026-11-21 16:04` (UTC), `16:04` or `16:04:30` (UTC, the last one that was), `10m` or `2h` ago, Unix seconds.
 * @returns Unix seconds. @throws CliError usage
 */
export function parseMoment(text: string, now: number): number {
  const ago = /^(\d{1,6})\s*(s|min|m|h|d)$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * AGO[ago[2] as keyof typeof AGO];
  if (/^\d{9,11}(\.\d+)?$/.test(text)) return Number(text);
  const clock = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text);
  if (clock !== null) {
    const [, hours, minutes, seconds = "0"] = clock;
    const within = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
    if (within < 86_400 && Number(minutes) < 60 && Number(seconds) < 60) {
      const today = now - (now % 86_400) + within;
      return today > now ? today - 86_400 : today;
    }
  }
  const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(text);
  if (date !== null) {
    // Without a zone it is UTC, as everything that is printed is.
    const whole = text.replace(" ", "T") + (date[1] === undefined && text.length > 10 ? "Z" : "");
    const at = Date.parse(whole) / 1_000;
    if (Number.isFinite(at)) return at;
  }
  throw new CliError(
    "usage",
    `${JSON.stringify(text)} is no time`,
    "Write 2026-11-21T16:04:00Z, 16:04 (UTC), 10m (ago) or Unix seconds.",
  );
}

/** `16:04:30`, UTC; with the day where it is another than `now`'s. */
export function clockTime(at: number, now = Number.NaN): string {
  const iso = new Date(at * 1_000).toISOString();
  const isToday = Math.floor(at / 86_400) === Math.floor(now / 86_400);
  return isToday || Number.isNaN(now) ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

/** `2026-11-21 16:04:30 UTC`. */
export const fullTime = (at: number): string =>
  `${new Date(at * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `45 s`, `5 min`, `5 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const parts: string[] = [];
  let rest = whole;
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ") || "0 s";
}
