import { isAbsolute, resolve } from "node:path";
import { formatIu, parseIu } from "@tolldns/sdk";

/** How one kind of value is read from text, file and environment, and shown. */
export interface Kind<T> {
  /** For help and completion: `<port>`, `<IU>`. */
  readonly placeholder: string;
  /** Says what is wanted, as the end of "… must be". */
  readonly wanted: string;
  /** Reads text, a TOML value, or a list's items. @throws Error when it isn't one; the message isn't used. */
  read(value: unknown, base: string): T;
  /** As TOML. */
  show(value: T): string;
  readonly choices?: readonly string[];
  readonly isFlag?: boolean;
  readonly isList?: boolean;
  readonly isPath?: boolean;
}

const bad = (): never => {
  throw new Error("not a value of this kind");
};
const text = (value: unknown): string => (typeof value === "string" && value !== "" ? value : bad());

export const string: Kind<string> = {
  placeholder: "text",
  wanted: "text",
  read: text,
  show: (value) => JSON.stringify(value),
};

/** A path; relative ones start at the folder of the configuration file, or at the working folder. */
export const path: Kind<string> = {
  placeholder: "path",
  wanted: "a path",
  isPath: true,
  read(value, base) {
    const given = text(value).replace(/^~(?=\/|$)/, process.env.HOME ?? "~");
    return isAbsolute(given) ? given : resolve(base, given);
  },
  show: (value) => JSON.stringify(value),
};

export const boolean: Kind<boolean> = {
  placeholder: "yes|no",
  wanted: "true or false",
  isFlag: true,
  read(value) {
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "yes" || value === "1") return true;
    if (value === "false" || value === "no" || value === "0") return false;
    return bad();
  },
  show: String,
};

/** A whole number within bounds. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER, placeholder = "number"): Kind<number> {
  return {
    placeholder,
    wanted:
      max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
    read(value) {
      const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
      return typeof number === "number" && Number.isSafeInteger(number) && number >= min && number <= max
        ? number
        : bad();
    },
    show: String,
  };
}

/** 0 takes a free one. */
export const port: Kind<number> = {
  ...integer(0, 65_535, "port"),
  wanted: "a port from 0 (a free one) to 65535",
};
export const seconds: Kind<number> = integer(1, 31_536_000, "seconds");
export const milliseconds: Kind<number> = integer(1, 600_000, "ms");

/** `64MiB`, `512KiB`, or bytes. */
export const bytes: Kind<number> = {
  placeholder: "size",
  wanted: "a size such as 64MiB",
  read(value) {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    const match = /^(\d{1,12})\s*(KiB|MiB|GiB)?$/.exec(text(value)) ?? bad();
    return Number(match[1]) * ({ KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[match[2] ?? ""] ?? 1);
  },
  show: (value) => (value % 1024 ** 2 === 0 ? JSON.stringify(`${value / 1024 ** 2}MiB`) : String(value)),
};

/** Index Units as people write them; micro-IU inside. */
export const amount: Kind<bigint> = {
  placeholder: "IU",
  wanted: "an amount of IU with at most six decimals, such as 0.00002",
  read(value) {
    if (typeof value === "number") return parseIu(value < 1e-6 && value > 0 ? bad() : plainNumber(value));
    return parseIu(text(value));
  },
  show: (value) => JSON.stringify(formatIu(value)),
};

/** 0.00002 prints as 0.00002, never as 2e-5. */
function plainNumber(value: number): string {
  if (!Number.isFinite(value) || value < 0) return bad();
  const plain = value.toFixed(6);
  return Number(plain) === value ? plain : bad();
}

export function choice<const T extends string>(...choices: readonly T[]): Kind<T> {
  return {
    placeholder: choices.join("|"),
    wanted: `one of ${choices.join(", ")}`,
    choices,
    read: (value) => choices.find((one) => one === value) ?? bad(),
    show: (value) => JSON.stringify(value),
  };
}

export const httpUrl: Kind<string> = {
  placeholder: "url",
  wanted: "an http:// or https:// address",
  read(value) {
    const url = new URL(text(value));
    return url.protocol === "http:" || url.protocol === "https:" ? text(value).replace(/\/$/, "") : bad();
  },
  show: (value) => JSON.stringify(value),
};

/** Items separated by commas in flags and environment; an array in TOML; the flag may be repeated. */
export function list<T>(item: Kind<T>): Kind<readonly T[]> {
  return {
    placeholder: `${item.placeholder},…`,
    wanted: `a list; each item ${item.wanted}`,
    isList: true,
    ...(item.choices === undefined ? {} : { choices: item.choices }),
    read(value, base) {
      const items = typeof value === "string" ? value.split(",").map((one) => one.trim()) : value;
      if (!Array.isArray(items)) return bad();
      return items.filter((one) => one !== "").map((one) => item.read(one, base));
    },
    show: (value) => `[${value.map((one) => item.show(one)).join(", ")}]`,
  };
}

/** `host:port`, `[v6]:port`, `host` or `:port`. */
export function hostPort(defaultPort: number): Kind<{ readonly host: string; readonly port: number }> {
  return {
    placeholder: "host:port",
    wanted: "an address such as 127.0.0.1:53",
    read(value) {
      const match = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9A-Za-z.-]*))(?::(\d{1,5}))?$/.exec(text(value)) ?? bad();
      const number = match[3] === undefined ? defaultPort : port.read(match[3], "");
      return { host: match[1] ?? (match[2] || "127.0.0.1"), port: number };
    },
    show: ({ host, port }) => JSON.stringify(`${host.includes(":") ? `[${host}]` : host}:${port}`),
  };
}
