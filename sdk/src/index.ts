/**
 * The TollDNS protocol in pure functions: amounts, bytes, vouchers, ticks, toll messages, addresses.
 * Nothing here opens a socket or a file. What needs web3.js, Umi or Node is a subpath of its own.
 */
export * from "./address.ts";
export * from "./amounts.ts";
export * from "./base58.ts";
export * from "./base64url.ts";
export * from "./bytes.ts";
export * from "./catalogue.ts";
export * from "./discovery.ts";
export * from "./ed25519.ts";
export * from "./errors.ts";
export * from "./message.ts";
export * from "./record.ts";
export * from "./session.ts";
export * from "./split.ts";
export * from "./tick.ts";
export * from "./voucher.ts";
