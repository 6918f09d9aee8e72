declare global {
  interface JSON {
    /** ECMAScript "JSON.parse source text access": text that `JSON.stringify` writes as it is. */
    rawJSON(text: string): object;
  }
}

/** A u64 as a JSON number with all of its digits. */
export function u64(value: bigint): number | object {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : JSON.rawJSON(value.toString());
}

/** A token amount as the RPC shows it. */
export interface UiAmount {
  amount: string;
  decimals: number;
  uiAmount: number | null;
  uiAmountString: string;
}

export function uiAmount(amount: bigint, decimals: number): UiAmount {
  const digits = amount.toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const part = decimals === 0 ? "" : digits.slice(-decimals).replace(/0+$/, "");
  const shown = part === "" ? whole : `${whole}.${part}`;
  return { amount: amount.toString(), decimals, uiAmount: Number(shown), uiAmountString: shown };
}
