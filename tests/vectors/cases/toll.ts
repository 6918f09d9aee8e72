import {
  createSigner,
  createTickChain,
  encodeMessage,
  expiryDayAfter,
  MAX_AMOUNT,
  type OpenMessage,
  openSigningBytes,
  revealTick,
  signOpen,
  type TollMessage,
  toHex,
} from "@tolldns/sdk";
import { bytesOf } from "./random.ts";

/** One open message per extreme, with the seed of the key that signed it. */
function sampleOpens(): { name: string; seed: Uint8Array; open: OpenMessage }[] {
  const seed = bytesOf("session key 0");
  const usual = {
    ledger: bytesOf("ledger"),
    lane: 7,
    generation: 1,
    openedAt: 1_795_000_000n,
    anchor: createTickChain(bytesOf("chain"), 1_024).anchor,
    units: 1_024,
    tickPrice: 15n,
    expiryDay: expiryDayAfter(1_795_000_000n, 30),
    cumulative: 15_360n,
  };
  const largest = {
    ledger: new Uint8Array(32).fill(0xff),
    lane: 65_535,
    generation: 65_535,
    openedAt: 2n ** 64n - 1n,
    anchor: new Uint8Array(32).fill(0xff),
    units: 2 ** 32 - 1,
    tickPrice: MAX_AMOUNT,
    expiryDay: 65_535,
    cumulative: MAX_AMOUNT,
  };
  const signer = createSigner(seed);
  return [
    { name: "usual", seed, open: signOpen(usual, signer) },
    { name: "nothing promised yet", seed, open: signOpen({ ...usual, cumulative: 0n }, signer) },
    { name: "largest everything", seed, open: signOpen(largest, signer) },
  ];
}

function sampleMessages(): { name: string; message: TollMessage }[] {
  const session = bytesOf("session", 8);
  const chain = createTickChain(bytesOf("chain"), 1_024);
  const signature = bytesOf("signature", 64);
  return [
    { name: "first tick", message: { type: "tick", session, index: 1, tick: revealTick(chain, 1) } },
    { name: "last tick", message: { type: "tick", session, index: 1_024, tick: revealTick(chain, 1_024) } },
    { name: "largest index", message: { type: "tick", session, index: 2 ** 32 - 1, tick: bytesOf("tick") } },
    {
      name: "voucher",
      message: { type: "voucher", session, expiryDay: 20_800, cumulative: 1_234_567n, signature },
    },
    {
      name: "largest voucher",
      message: { type: "voucher", session, expiryDay: 65_535, cumulative: MAX_AMOUNT, signature },
    },
    {
      name: "acknowledgement",
      message: {
        type: "acknowledgement",
        session,
        acknowledged: 1_234_567n,
        consumed: 1_234_582n,
        expiresAt: 1_795_086_400n,
      },
    },
    ...sampleOpens().map(({ name, open }) => ({
      name: `open: ${name}`,
      message: { type: "open", ...open } as const,
    })),
  ];
}

function fieldsOf(message: object): Record<string, unknown> {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const plain = (value: unknown) =>
    value instanceof Uint8Array ? toHex(value) : typeof value === "bigint" ? value.toString() : value;
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [snake(key), plain(value)]));
}

/** Contents of toll.json. */
export function tollVectors(): Record<string, unknown> {
  const samples = sampleMessages();
  const valid = samples.map(({ name, message }) => ({
    name,
    ...fieldsOf(message),
    bytes: toHex(encodeMessage(message)),
  }));
  const malformed: unknown[] = [
    { name: "empty", bytes: "", error: "message-empty" },
    { name: "type 0", bytes: "00", error: "message-type" },
    { name: "type 4", bytes: `04${"00".repeat(44)}`, error: "message-type" },
    { name: "type 0x80", bytes: `80${"00".repeat(32)}`, error: "message-type" },
  ];
  for (const { type, bytes } of [valid[0], valid[3], valid[5], valid[6]] as unknown as {
    type: string;
    bytes: string;
  }[]) {
    malformed.push({ name: `${type} cut`, bytes: bytes.slice(0, -2), error: "message-length" });
    malformed.push({ name: `${type} and a byte`, bytes: `${bytes}00`, error: "message-length" });
    malformed.push({ name: `${type} alone`, bytes: bytes.slice(0, 2), error: "message-length" });
  }
  malformed.push({
    name: "voucher of 2^56",
    bytes: raise((valid[3] as { bytes: string }).bytes, 18),
    error: "amount-range",
  });
  malformed.push({
    name: "acknowledgement of 2^56",
    bytes: raise((valid[5] as { bytes: string }).bytes, 16),
    error: "amount-range",
  });
  const open = sampleOpens().map((sample) => ({
    name: sample.name,
    seed: toHex(sample.seed),
    session_key: toHex(createSigner(sample.seed).publicKey),
    signing_bytes: toHex(openSigningBytes(sample.open)),
    bytes: toHex(encodeMessage({ type: "open", ...sample.open })),
  }));
  return {
    about: "toll messages 0x01, 0x02, 0x03 and 0x81 of docs/reference/toll.md",
    valid,
    malformed,
    open,
  };
}

function raise(hex: string, at: number): string {
  return `${hex.slice(0, at * 2)}01${hex.slice(at * 2 + 2)}`;
}
