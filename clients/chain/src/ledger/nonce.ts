import { createHash } from "node:crypto";
import type { Account, Engine } from "../svm/engine.ts";
import { SYSTEM } from "../svm/ids.ts";
import { addressText } from "../wire/base58.ts";
import { isWritableKey, type WireMessage } from "../wire/transaction.ts";

/** Nonce account: version u32 | state u32 | authority 32 | durable nonce 32 | lamports per signature u64. */
const SIZE = 80;
const INITIALISED = 1;
const NONCE_AT = 40;
/** `SystemInstruction::AdvanceNonceAccount`. */
const ADVANCE = 4;

/**
 * The nonce account of a durable-nonce message: its first instruction advances a nonce account that stores the
 * message's blockhash and whose authority signs. Null for any other message.
 */
export function nonceAccountOf(message: WireMessage, engine: Engine): Uint8Array | null {
  const first = message.instructions[0];
  if (first === undefined || first.data.length < 4) return null;
  const program = message.keys[first.programIndex];
  if (program === undefined || addressText(program) !== SYSTEM) return null;
  if (new DataView(first.data.buffer, first.data.byteOffset).getUint32(0, true) !== ADVANCE) return null;
  const index = first.accounts[0];
  const address = index === undefined ? undefined : message.keys[index];
  if (index === undefined || address === undefined || !isWritableKey(message, index)) return null;
  const data = stored(engine.account(address));
  if (data === null || Buffer.compare(data.subarray(NONCE_AT, NONCE_AT + 32), message.blockhash) !== 0)
    return null;
  const authority = data.subarray(8, NONCE_AT);
  const signed = message.keys.slice(0, message.signers).some((key) => Buffer.compare(key, authority) === 0);
  return signed ? address : null;
}

function stored(account: Account | null): Buffer | null {
  if (account === null || addressText(account.owner()) !== SYSTEM) return null;
  const data = Buffer.from(account.data());
  return data.length === SIZE && data.readUInt32LE(4) === INITIALISED ? data : null;
}

/** The next durable nonce after a block hash. */
function durable(blockhash: Uint8Array): Buffer {
  return createHash("sha256").update("DURABLE_NONCE").update(blockhash).digest();
}

/** A failed transaction spends its nonce too: without this it could be sent again. */
export function advanceAfterFailure(engine: Engine, address: Uint8Array, blockhash: Uint8Array): void {
  const account = engine.account(address);
  const data = stored(account);
  if (account === null || data === null) return;
  durable(blockhash).copy(data, NONCE_AT);
  engine.setAccount(address, account.lamports(), data, account.owner());
}
