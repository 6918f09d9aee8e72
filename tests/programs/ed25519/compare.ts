import { encodeVoucher } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import { code } from "../../attacks/escrow/errors.ts";
import { LEDGER_HEADER_LENGTH, openLane, ROW_LENGTH, settle } from "../world/sdk.ts";
import { busyWorld, PARTIES, RESERVE, TODAY } from "../world/world.ts";
import { makeCases } from "./cases.ts";
import type { BytecodeVerifier, Case } from "./verifier.ts";

/** Of the randomness below; print it, set it to run one again. */
export const SEED = process.env.TOLLDNS_SEED ?? "ed25519 1";
const BATCH = 6_000;

/** Asserts that bytecode and node:crypto (behind the SDK's rule) agree on `count` signatures, good and bad. */
export function compareRandom(bytecode: BytecodeVerifier, count: number): void {
  const counts = { good: 0, bad: 0 };
  let batch: Case[] = [];
  const flush = () => {
    const verdicts = bytecode.verify(batch);
    batch.forEach(({ publicKey, message, signature }, i) => {
      const expected = verifyEd25519Node(publicKey, message, signature);
      counts[expected ? "good" : "bad"]++;
      if (verdicts[i] !== expected) {
        const hex = [publicKey, message, signature]
          .map((bytes) => Buffer.from(bytes).toString("hex"))
          .join(" ");
        throw new Error(`bytecode says ${verdicts[i]}, node:crypto ${expected}: ${hex}`);
      }
    });
    batch = [];
  };
  for (const one of makeCases(SEED, count)) {
    batch.push(one);
    if (batch.length === BATCH) flush();
  }
  flush();
  expect(counts.good + counts.bad).equal(count);
  expect(counts.good).greaterThan(count / 3);
  expect(counts.bad).greaterThan(count / 3);
}

/** Asserts that `settle` takes exactly those of `count` vouchers that node:crypto verifies. */
export function compareSettled(count: number): void {
  const world = busyWorld();
  const { deployment, ledger, machine } = world;
  machine.skipSignatures();
  const owner = PARTIES.alice.publicKey;
  const lane = 2;
  const placeholder = PARTIES.bob.publicKey;
  world.must(openLane({ deployment, ledger, owner, lane, sessionKey: placeholder, reserve: RESERVE }), [
    PARTIES.alice,
  ]);
  const messageOf = (i: number) =>
    encodeVoucher({ ledger, lane, generation: 1, expiryDay: TODAY, cumulative: BigInt(i + 1) });
  let good = 0;
  let i = 0;
  for (const { publicKey, signature } of makeCases(SEED, count, messageOf)) {
    const data = machine.data(ledger);
    data.set(publicKey, LEDGER_HEADER_LENGTH + lane * ROW_LENGTH + 32);
    machine.plant(ledger, { data, owner: deployment.escrow });
    const expected = verifyEd25519Node(publicKey, messageOf(i), signature);
    const records = [{ lane, cumulative: BigInt(i + 1), expiryOffset: 0, signature }];
    const outcome = world.send(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
    expect(outcome.error).equal(expected ? undefined : code("VoucherSignature"));
    if (expected) good++;
    i++;
  }
  expect(good).within(count / 3, (count * 2) / 3);
}
