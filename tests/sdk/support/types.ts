// What the compiler must accept and refuse; checked by types.test.ts and by every run of tsc.
import type { Signer as UmiSigner } from "@metaplex-foundation/umi";
import { PublicKey, type TransactionInstruction } from "@solana/web3.js";
import {
  checkAmount,
  type Discovery,
  decodeMessage,
  type ErrorTable,
  encodeVoucher,
  errorsOf,
  isTollError,
  type TollDiscovery,
  type TollSlug,
  tollError,
  type VoucherErrors,
} from "@tolldns/sdk";
import { type EscrowEvent, openLane } from "@tolldns/sdk/escrow";
import { type TolldnsContext, topUpLane } from "@tolldns/sdk/umi";
import type * as web3 from "@tolldns/sdk/web3";
import { deployment, ledger } from "./instructions.ts";

/** Compiles only if both are the same type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Same<A, B>): void {}

const bytes = new Uint8Array(32);
const voucher = { ledger: bytes, lane: 1, generation: 1, expiryDay: 1, cumulative: 1n };

/** Never called: it is enough that it compiles. */
export function mustCompile(
  context: TolldnsContext<"identity">,
  signer: UmiSigner,
  event: EscrowEvent,
): void {
  // Money
  checkAmount(1n);
  // @ts-expect-error a number is no money
  checkAmount(1);
  // @ts-expect-error a number is no money in a voucher either
  encodeVoucher({ ...voucher, cumulative: 1 });
  // @ts-expect-error a field is missing
  encodeVoucher({ ledger: bytes, lane: 1, generation: 1, cumulative: 1n });

  // Addresses come as bytes, base58 or PublicKey, and as nothing else
  const lane = { deployment, ledger, lane: 1, sessionKey: bytes, reserve: 1n };
  openLane({ ...lane, owner: bytes });
  openLane({ ...lane, owner: "11111111111111111111111111111111" });
  openLane({ ...lane, owner: PublicKey.default });
  // @ts-expect-error a number is no address
  openLane({ ...lane, owner: 5 });
  same<ReturnType<typeof web3.openLane>, TransactionInstruction>(true);

  // Umi: no deployment, signers optional, everything else as elsewhere
  topUpLane(context, { ledger, lane: 1, generation: 1, amount: 1n });
  topUpLane(context, { ledger, lane: 1, generation: 1, amount: 1n, owner: signer });
  // @ts-expect-error an address can't sign
  topUpLane(context, { ledger, lane: 1, generation: 1, amount: 1n, owner: bytes });
  // @ts-expect-error the amount is missing
  topUpLane(context, { ledger, lane: 1, generation: 1 });

  // Messages and events are told apart before they are read
  const message = decodeMessage(bytes);
  // @ts-expect-error only ticks have an index
  message.index;
  if (message.type === "tick") same<typeof message.index, number>(true);
  // @ts-expect-error only settled events have vouchers
  event.vouchers;
  if (event.name === "settled") same<typeof event.amount, bigint>(true);

  // Errors
  const error: unknown = tollError("voucher-due", { debt: 1 });
  if (isTollError<"voucher-length", VoucherErrors["voucher-length"]>(error, "voucher-length"))
    same<typeof error.context, { got: number }>(true);
  const slug: TollSlug = "tick-wrong";
  tollError(slug, {});
  // @ts-expect-error no such slug
  tollError("tick-fine", {});
  const fail = errorsOf<{ full: { bytes: number } }>({
    full: { number: 1, message: "full", hint: "Empty it." },
  });
  fail("full", { bytes: 1 });
  // @ts-expect-error the context is of another type
  fail("full", { bytes: "1" });
  // @ts-expect-error no such code
  fail("empty", {});
  // @ts-expect-error a table has every code
  const table: ErrorTable<{ one: object; two: object }> = {
    one: { number: 1, message: "one", hint: "One." },
  };
  void table;

  // Documents are read, not written to
  const change = (discovery: TollDiscovery, either: Discovery) => {
    // @ts-expect-error only a gateway that charges has a ledger
    either.ledger;
    if (!either.charges) same<typeof either.free, true>(true);
    // @ts-expect-error read-only
    discovery.k = 1;
    same<typeof discovery.classes.standard, number>(true);
  };
  void change;
}
