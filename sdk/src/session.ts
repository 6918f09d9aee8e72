import { concatBytes } from "./bytes.ts";
import { type Signer, type VerifyEd25519, verifyEd25519 } from "./ed25519.ts";
import { encodeOpenHead, type OpenMessage } from "./message.ts";
import { encodeVoucher, type Voucher } from "./voucher.ts";

/** What the last signature of an open message is about, so that it can't be passed off as any other. */
export const SESSION_DOMAIN = "tolldns session v1\0";

/** What a payer decides when opening a session; times in Unix seconds, amounts in micro-IU. */
export type OpenTerms = Omit<OpenMessage, "voucherSignature" | "signature">;

/** The bytes the last signature of an open message covers. @throws as encodeOpen */
export function openSigningBytes(message: Omit<OpenMessage, "signature">): Uint8Array {
  return concatBytes(new TextEncoder().encode(SESSION_DOMAIN), encodeOpenHead(message));
}

/** The voucher an open message carries. */
export function voucherOfOpen(message: OpenTerms): Voucher {
  const { ledger, lane, generation, expiryDay, cumulative } = message;
  return { ledger, lane, generation, expiryDay, cumulative };
}

/** Signs voucher and session with the lane's session key. @throws as encodeOpen */
export function signOpen(terms: OpenTerms, signer: Signer): OpenMessage {
  const head = { ...terms, voucherSignature: signer.sign(encodeVoucher(voucherOfOpen(terms))) };
  return { ...head, signature: signer.sign(openSigningBytes(head)) };
}

/**
 * Do both signatures hold? Says nothing about clock, price, lane or amount. The session's signature is checked first:
 * it covers the voucher's, so a forged message costs one verification.
 */
export function verifyOpen(
  message: OpenMessage,
  sessionKey: Uint8Array,
  verify: VerifyEd25519 = verifyEd25519,
): boolean {
  return (
    verify(sessionKey, openSigningBytes(message), message.signature) &&
    verify(sessionKey, encodeVoucher(voucherOfOpen(message)), message.voucherSignature)
  );
}
