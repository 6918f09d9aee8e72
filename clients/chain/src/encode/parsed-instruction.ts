import { ATA, MEMO, MEMO_V1, SYSTEM, TOKEN, TOKEN_2022 } from "../svm/ids.ts";
import { addressText, toBase58 } from "../wire/base58.ts";
import { u64, uiAmount } from "./numbers.ts";

/** An instruction with its accounts named. */
export interface NamedInstruction {
  program: string;
  accounts: string[];
  data: Uint8Array;
  stackHeight: number;
}

type Info = Record<string, unknown>;
interface Known {
  program: string;
  parsed: unknown;
}

/** An instruction as `jsonParsed` shows it: parsed where the program is known, else accounts and base58 data. */
export function parseInstruction(instruction: NamedInstruction): unknown {
  const { program: programId, accounts, data, stackHeight } = instruction;
  const known = parsers[programId]?.(Buffer.from(data), accounts) ?? null;
  if (known !== null) return { ...known, programId, stackHeight };
  return { programId, accounts, data: toBase58(data), stackHeight };
}

type Parser = (data: Buffer, accounts: readonly string[]) => Known | null;

const parsers: Readonly<Record<string, Parser>> = {
  [SYSTEM]: system,
  [TOKEN]: (data, accounts) => token("spl-token", data, accounts),
  [TOKEN_2022]: (data, accounts) => token("spl-token-2022", data, accounts),
  [ATA]: associated,
  [MEMO]: memo,
  [MEMO_V1]: memo,
};

function shown(program: string, type: string, info: Info): Known {
  return { program, parsed: { type, info } };
}

function memo(data: Buffer): Known {
  return { program: "spl-memo", parsed: data.toString("utf8") };
}

function system(data: Buffer, [a, b]: readonly string[]): Known | null {
  const kind = data.length >= 4 ? data.readUInt32LE(0) : -1;
  if (kind === 0 && data.length >= 52) {
    return shown("system", "createAccount", {
      source: a,
      newAccount: b,
      lamports: u64(data.readBigUInt64LE(4)),
      space: u64(data.readBigUInt64LE(12)),
      owner: addressText(data.subarray(20, 52)),
    });
  }
  if (kind === 1 && data.length >= 36) {
    return shown("system", "assign", { account: a, owner: addressText(data.subarray(4, 36)) });
  }
  if (kind === 2 && data.length >= 12) {
    return shown("system", "transfer", { source: a, destination: b, lamports: u64(data.readBigUInt64LE(4)) });
  }
  if (kind === 8 && data.length >= 12) {
    return shown("system", "allocate", { account: a, space: u64(data.readBigUInt64LE(4)) });
  }
  return null;
}

function associated(data: Buffer, accounts: readonly string[]): Known | null {
  const type = data.length === 0 || data[0] === 0 ? "create" : data[0] === 1 ? "createIdempotent" : null;
  if (type === null) return null;
  const [source, account, wallet, mint, systemProgram, tokenProgram] = accounts;
  return shown("spl-associated-token-account", type, {
    source,
    account,
    wallet,
    mint,
    systemProgram,
    tokenProgram,
  });
}

/** The token instructions wallets show; the first byte is the kind. */
function token(program: string, data: Buffer, accounts: readonly string[]): Known | null {
  const [a, b, c, d] = accounts;
  const amount = data.length >= 9 ? data.readBigUInt64LE(1) : 0n;
  const checked = data.length >= 10 ? { tokenAmount: uiAmount(amount, data[9] as number) } : {};
  const plain = { amount: amount.toString() };
  switch (data[0]) {
    case 1:
    case 18:
      return shown(
        program,
        data[0] === 1 ? "initializeAccount" : "initializeAccount3",
        initialised(data, accounts),
      );
    case 0:
    case 20:
      return shown(program, data[0] === 0 ? "initializeMint" : "initializeMint2", {
        mint: a,
        decimals: data[1],
        mintAuthority: addressText(data.subarray(2, 34)),
      });
    case 3:
      return shown(program, "transfer", { source: a, destination: b, authority: c, ...plain });
    case 4:
      return shown(program, "approve", { source: a, delegate: b, owner: c, ...plain });
    case 5:
      return shown(program, "revoke", { source: a, owner: b });
    case 7:
      return shown(program, "mintTo", { mint: a, account: b, mintAuthority: c, ...plain });
    case 8:
      return shown(program, "burn", { account: a, mint: b, authority: c, ...plain });
    case 9:
      return shown(program, "closeAccount", { account: a, destination: b, owner: c });
    case 12:
      return shown(program, "transferChecked", {
        source: a,
        mint: b,
        destination: c,
        authority: d,
        ...checked,
      });
    case 14:
      return shown(program, "mintToChecked", { mint: a, account: b, mintAuthority: c, ...checked });
    default:
      return null;
  }
}

function initialised(data: Buffer, [account, mint, owner]: readonly string[]): Info {
  return {
    account,
    mint,
    owner: data[0] === 18 && data.length >= 33 ? addressText(data.subarray(1, 33)) : owner,
  };
}
