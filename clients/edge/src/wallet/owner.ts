import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { bytesEqual } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { EdgeError } from "../errors.ts";

/** Who signs transactions: a key file, a hardware wallet, a test. */
export interface OwnerSigner {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs the bytes of a transaction message; 64 bytes. May take long or refuse by throwing. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/**
 * Reads Solana's keypair format: a JSON array of 64 bytes, seed then public key.
 * @throws EdgeError key-file when it is something else, or when others may read it
 */
export async function readKeyFile(path: string): Promise<OwnerSigner> {
  const bytes = await readKeyBytes(path);
  const signer = createSignerNode(bytes.subarray(0, 32));
  if (!bytesEqual(signer.publicKey, bytes.subarray(32)))
    throw new EdgeError("key-file", `${path}: its halves don't match`);
  return { publicKey: signer.publicKey, sign: async (message) => signer.sign(message) };
}

async function readKeyBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    throw new EdgeError("key-file", `${path}: ${error.code}`);
  });
  try {
    // Asked of the open file, so that it can't be changed for another in between.
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0)
      throw new EdgeError("key-file", `${path} has mode ${(mode & 0o777).toString(8)}`);
    const json: unknown = JSON.parse(await file.readFile("utf8"));
    const isByte = (value: unknown) =>
      Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256;
    if (Array.isArray(json) && json.length === 64 && json.every(isByte))
      return Uint8Array.from(json as number[]);
  } catch (error) {
    if (error instanceof EdgeError) throw error;
    // The parser's message would quote the key.
  } finally {
    await file.close();
  }
  throw new EdgeError("key-file", path);
}
