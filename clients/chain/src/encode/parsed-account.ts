import { readMint, readTokenAccount } from "../ledger/tokens.ts";
import { LOADER_V3, LOOKUP_TABLE, SYSTEM, TOKEN, TOKEN_2022 } from "../svm/ids.ts";
import { addressText } from "../wire/base58.ts";
import { uiAmount } from "./numbers.ts";

/** Finds another account's data, as a token account needs its mint's decimals. */
export type Lookup = (address: Uint8Array) => Uint8Array | null;

export interface Parsed {
  program: string;
  parsed: unknown;
  space: number;
}

/** Account data as `jsonParsed` shows it; null when there is no parser for it, and base64 is given. */
export function parseAccount(owner: string, data: Uint8Array, lookup: Lookup): Parsed | null {
  const found = parsers[owner]?.(data, lookup) ?? null;
  return found === null ? null : { ...found, space: data.length };
}

type Parser = (data: Uint8Array, lookup: Lookup) => Omit<Parsed, "space"> | null;

const parsers: Readonly<Record<string, Parser>> = {
  [TOKEN]: (data, lookup) => token("spl-token", data, lookup),
  [TOKEN_2022]: (data, lookup) => token("spl-token-2022", data, lookup),
  [LOOKUP_TABLE]: lookupTable,
  [LOADER_V3]: loader,
  [SYSTEM]: nonce,
};

function text(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : addressText(bytes);
}

function token(program: string, data: Uint8Array, lookup: Lookup): Omit<Parsed, "space"> | null {
  const mint = readMint(data);
  if (mint !== null) {
    const info = {
      decimals: mint.decimals,
      freezeAuthority: text(mint.freezeAuthority),
      isInitialized: true,
      mintAuthority: text(mint.authority),
      supply: mint.supply.toString(),
    };
    return { program, parsed: { info, type: "mint" } };
  }
  const account = readTokenAccount(data);
  if (account === null) return null;
  const mintData = lookup(account.mint);
  const decimals = mintData === null ? undefined : readMint(mintData)?.decimals;
  if (decimals === undefined) return null;
  const info: Record<string, unknown> = {
    isNative: account.native !== null,
    mint: addressText(account.mint),
    owner: addressText(account.owner),
    state: account.state === 2 ? "frozen" : "initialized",
    tokenAmount: uiAmount(account.amount, decimals),
  };
  if (account.delegate !== null) {
    info.delegate = text(account.delegate);
    info.delegatedAmount = uiAmount(account.delegated, decimals);
  }
  if (account.native !== null) info.rentExemptReserve = uiAmount(account.native, decimals);
  if (account.closeAuthority !== null) info.closeAuthority = text(account.closeAuthority);
  return { program, parsed: { info, type: "account" } };
}

/** type u32 | deactivation slot u64 | last extended u64 | start index u8 | authority option | padding to 56 | addresses. */
function lookupTable(bytes: Uint8Array): Omit<Parsed, "space"> | null {
  const data = Buffer.from(bytes);
  if (data.length < 56 || data.readUInt32LE(0) !== 1) return null;
  const addresses: string[] = [];
  for (let at = 56; at + 32 <= data.length; at += 32) addresses.push(addressText(data.subarray(at, at + 32)));
  const info: Record<string, unknown> = {
    addresses,
    deactivationSlot: data.readBigUInt64LE(4).toString(),
    lastExtendedSlot: data.readBigUInt64LE(12).toString(),
    lastExtendedSlotStartIndex: data[20],
  };
  if (data[21] === 1) info.authority = addressText(data.subarray(22, 54));
  return { program: "address-lookup-table", parsed: { info, type: "lookupTable" } };
}

/** `UpgradeableLoaderState`: u32 kind, then its fields. */
function loader(bytes: Uint8Array): Omit<Parsed, "space"> | null {
  const data = Buffer.from(bytes);
  const program = "bpf-upgradeable-loader";
  const kind = data.length >= 4 ? data.readUInt32LE(0) : -1;
  const authority = (at: number): string | null =>
    data[at] === 1 ? addressText(data.subarray(at + 1, at + 33)) : null;
  const rest = (at: number): [string, string] => [data.subarray(at).toString("base64"), "base64"];
  if (kind === 1)
    return { program, parsed: { info: { authority: authority(4), data: rest(37) }, type: "buffer" } };
  if (kind === 2) {
    return { program, parsed: { info: { programData: addressText(data.subarray(4, 36)) }, type: "program" } };
  }
  if (kind !== 3) return null;
  const info = { authority: authority(12), data: rest(45), slot: Number(data.readBigUInt64LE(4)) };
  return { program, parsed: { info, type: "programData" } };
}

function nonce(bytes: Uint8Array): Omit<Parsed, "space"> | null {
  const data = Buffer.from(bytes);
  if (data.length !== 80) return null;
  if (data.readUInt32LE(4) === 0) return { program: "nonce", parsed: { type: "uninitialized" } };
  const info = {
    authority: addressText(data.subarray(8, 40)),
    blockhash: addressText(data.subarray(40, 72)),
    feeCalculator: { lamportsPerSignature: data.readBigUInt64LE(72).toString() },
  };
  return { program: "nonce", parsed: { info, type: "initialized" } };
}
