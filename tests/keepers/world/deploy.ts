import type { Connection } from "@solana/web3.js";
import {
  type Address,
  deriveProgramData,
  type Signer,
  SYSTEM_PROGRAM,
  toAddress,
  UPGRADEABLE_LOADER,
} from "@tolldns/sdk";
import { type Instruction, paying, readonly, signing, writable } from "@tolldns/sdk/transaction";
import { keyOf } from "../../programs/world/keys.ts";
import { sendConfirmed } from "./send.ts";

const SYSVAR_RENT = "SysvarRent111111111111111111111111111111111";
const SYSVAR_CLOCK = "SysvarC1ock11111111111111111111111111111111";
const CHUNK = 900;

/** Little-endian integers and bytes, one after another. */
export function pack(
  ...parts: readonly (readonly ["u8" | "u32" | "u64", bigint | number] | Uint8Array)[]
): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if (part instanceof Uint8Array) return part;
      const [type, value] = part;
      const out = Buffer.alloc({ u8: 1, u32: 4, u64: 8 }[type]);
      if (type === "u64") out.writeBigUInt64LE(BigInt(value));
      else out.writeUIntLE(Number(value), 0, out.length);
      return out;
    }),
  );
}

/** System program: a new account of `space` bytes that `owner` owns, with its rent. */
export function createAccount(payer: Signer, account: Signer, space: number, owner: Address): Instruction {
  const lamports = BigInt(space + 128) * 6_960n;
  return {
    program: toAddress(SYSTEM_PROGRAM),
    accounts: [paying(payer.publicKey), paying(account.publicKey)],
    data: pack(["u32", 0], ["u64", lamports], ["u64", space], owner),
  };
}

/** Deploys as `solana program deploy` does: a buffer, written in pieces, then the loader's deploy. */
export async function deploy(
  connection: Connection,
  payer: Signer,
  program: Signer,
  code: Uint8Array,
): Promise<void> {
  const loader = toAddress(UPGRADEABLE_LOADER);
  const buffer = keyOf("keepers deployment buffer");
  const call = (accounts: Instruction["accounts"], data: Uint8Array): Instruction => ({
    program: loader,
    accounts,
    data,
  });
  await sendConfirmed(
    connection,
    payer,
    [
      createAccount(payer, buffer, 37 + code.length, loader),
      call([writable(buffer.publicKey), readonly(payer.publicKey)], pack(["u32", 0])),
    ],
    [buffer],
  );
  const writes: Promise<unknown>[] = [];
  for (let at = 0; at < code.length; at += CHUNK) {
    const chunk = code.subarray(at, at + CHUNK);
    const data = pack(["u32", 1], ["u32", at], ["u64", chunk.length], chunk);
    writes.push(
      sendConfirmed(connection, payer, [call([writable(buffer.publicKey), signing(payer.publicKey)], data)]),
    );
    if (writes.length === 32) await Promise.all(writes.splice(0));
  }
  await Promise.all(writes);
  await sendConfirmed(
    connection,
    payer,
    [
      createAccount(payer, program, 36, loader),
      call(
        [
          paying(payer.publicKey),
          writable(deriveProgramData(program.publicKey).address),
          writable(program.publicKey),
          writable(buffer.publicKey),
          readonly(SYSVAR_RENT),
          readonly(SYSVAR_CLOCK),
          readonly(SYSTEM_PROGRAM),
          signing(payer.publicKey),
        ],
        pack(["u32", 2], ["u64", code.length]),
      ),
    ],
    [program],
  );
}
