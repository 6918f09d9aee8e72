import { type AddressLike, formatAddress } from "../address.ts";
import { bytesEqual, concatBytes, copyBytes } from "../bytes.ts";
import type { Signer } from "../ed25519.ts";
import type { Instruction } from "../instruction.ts";
import { expandInstructions } from "./compile.ts";
import { fail } from "./errors.ts";
import { encodeLegacyMessage, type LegacyMessage, PACKET_SIZE_LIMIT, readLegacyMessage } from "./legacy.ts";
import {
  encodeV1Message,
  readV1Message,
  V1_PREFIX,
  V1_SIZE_LIMIT,
  type V1Config,
  type V1Message,
} from "./v1.ts";
import { finish, putCompact, type Reader, take, takeCompact, type Writer } from "./wire.ts";

/** Versions of transactions this package writes and reads. */
export type TransactionVersion = "legacy" | 0 | 1;

/** What a transaction is made of. */
export interface TransactionParts {
  readonly version: TransactionVersion;
  /** Pays the fee and signs first. */
  readonly payer: AddressLike;
  /** 32 bytes or base58. */
  readonly blockhash: AddressLike;
  readonly instructions: readonly Instruction[];
  /** Version 1 only; in others use computeBudgetInstructions. */
  readonly config?: V1Config;
}

/** A transaction taken apart. */
export type DecodedTransaction = (LegacyMessage | V1Message) & {
  /** One of 64 bytes for each signing address, in their order; zeros where a signature is missing. */
  readonly signatures: readonly Uint8Array[];
  /** What the signatures are over. */
  readonly message: Uint8Array;
};

/** Most bytes a transaction of this version may have. */
export function sizeLimitOf(version: TransactionVersion): number {
  return version === 1 ? V1_SIZE_LIMIT : PACKET_SIZE_LIMIT;
}

/** The message bytes, for signers to sign. @throws transaction-count, address-invalid */
export function encodeMessageOf(parts: TransactionParts): Uint8Array {
  const { version, payer, blockhash, instructions } = parts;
  if (version === 1) return encodeV1Message(payer, blockhash, instructions, parts.config);
  return encodeLegacyMessage(version, payer, blockhash, instructions);
}

/** Bytes the signed transaction will have; not checked against the limit. @throws transaction-count, address-invalid */
export function transactionSize(parts: TransactionParts): number {
  const message = encodeMessageOf(parts);
  const signers = signerCount(message);
  return message.length + 64 * signers + (parts.version === 1 ? 0 : compactBytes(signers).length);
}

/**
 * The whole transaction, signed by every signer it asks for and ready to send.
 * @throws transaction-signer, transaction-size, transaction-count, address-invalid
 */
export function signTransaction(parts: TransactionParts, signers: readonly Signer[]): Uint8Array {
  const message = encodeMessageOf(parts);
  const { addresses, header } = readMessage({ bytes: message, at: 0 });
  const asked = addresses.slice(0, header.signers);
  const stranger = signers.find(({ publicKey }) => !asked.some((address) => bytesEqual(address, publicKey)));
  if (stranger !== undefined)
    throw fail("transaction-signer", { address: formatAddress(stranger.publicKey) });
  const signatures = asked.map((address) => {
    const signer = signers.find(({ publicKey }) => bytesEqual(publicKey, address));
    if (signer === undefined) throw fail("transaction-signer", { address: formatAddress(address) });
    return signer.sign(message);
  });
  return joinTransaction(parts.version, message, signatures);
}

/** Message and signatures in the order their version asks for. @throws transaction-size */
export function joinTransaction(
  version: TransactionVersion,
  message: Uint8Array,
  signatures: readonly Uint8Array[],
): Uint8Array {
  const bytes =
    version === 1
      ? concatBytes(message, ...signatures)
      : concatBytes(compactBytes(signatures.length), ...signatures, message);
  const limit = sizeLimitOf(version);
  if (bytes.length > limit)
    throw fail("transaction-size", { version: String(version), limit, got: bytes.length });
  return bytes;
}

/** Takes a transaction apart. @throws transaction-truncated, -trailing, -version, -lookup, -invalid, -count, -size */
export function decodeTransaction(bytes: Uint8Array): DecodedTransaction {
  const reader: Reader = { bytes, at: 0 };
  const isV1 = bytes[0] === V1_PREFIX;
  const leading = isV1 ? [] : Array.from({ length: takeCompact(reader) }, () => take(reader, 64));
  const start = reader.at;
  const decoded = readMessage(reader);
  const message = copyBytes(bytes, start, reader.at);
  const signatures = isV1 ? Array.from({ length: decoded.header.signers }, () => take(reader, 64)) : leading;
  finish(reader);
  const limit = sizeLimitOf(decoded.version);
  if (bytes.length > limit)
    throw fail("transaction-size", { version: String(decoded.version), limit, got: bytes.length });
  if (signatures.length !== decoded.header.signers)
    throw fail("transaction-invalid", {
      why: `${signatures.length} signatures for ${decoded.header.signers} signers`,
    });
  return { ...decoded, signatures, message };
}

/** The instructions of a decoded transaction with their accounts. @throws transaction-invalid */
export function instructionsOf(transaction: DecodedTransaction): Instruction[] {
  return expandInstructions(transaction);
}

function readMessage(reader: Reader): LegacyMessage | V1Message {
  return reader.bytes[reader.at] === V1_PREFIX ? readV1Message(reader) : readLegacyMessage(reader);
}

function signerCount(message: Uint8Array): number {
  return message[(message[0] as number) >= 0x80 ? 1 : 0] as number;
}

function compactBytes(value: number): Uint8Array {
  const writer: Writer = { bytes: [] };
  putCompact(writer, value);
  return Uint8Array.from(writer.bytes);
}
