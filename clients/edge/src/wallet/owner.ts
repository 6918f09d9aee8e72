/** Who signs transactions: a key file, a hardware wallet, a test. */
export interface OwnerSigner {
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs the bytes of a transaction message; 64 bytes. May take long or refuse by throwing. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
