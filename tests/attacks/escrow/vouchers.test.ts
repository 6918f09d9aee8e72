import { deriveLedger, encodeVoucher } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import { type Instruction, openLane, settle } from "../../programs/world/sdk.ts";
import {
  busyWorld,
  PARTIES,
  RESERVE,
  ROWS,
  type Row,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, operator } = PARTIES;
/** Order of the base point. */
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

const settleOf = (world: World, records: readonly Row[], baseDay = TODAY): Instruction =>
  settle({ deployment: world.deployment, ledger: world.ledger, batch: { baseDay, records } });

function readLittle(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function writeLittle(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

/** Puts a session key on a lane that no wallet would choose; open_lane takes any 32 bytes, since a bad key only harms its owner. */
function withSessionKey(key: Uint8Array): World {
  const world = busyWorld();
  const { deployment, ledger } = world;
  world.must(
    openLane({ deployment, ledger, owner: alice.publicKey, lane: 2, sessionKey: key, reserve: RESERVE }),
    [alice],
  );
  return world;
}

describe("escrow: vouchers", () => {
  attack(FILE, "voucher bit", "refuses a record with any single bit of it flipped", () => {
    const world = busyWorld();
    const lane = 1;
    const cumulative = 0x5_5555n;
    const good = settleOf(world, [world.record(SESSIONS.bob, lane, cumulative)]);
    const expected = (bit: number): string => {
      if (bit < 16) {
        const other = lane ^ (1 << bit);
        if (other >= ROWS) return "VoucherLaneUnknown";
        return other === 0 ? "VoucherSignature" : "VoucherLaneFree";
      }
      if (bit < 72) {
        const other = cumulative ^ (1n << BigInt(bit - 16));
        return other > RESERVE ? "VoucherOverReserve" : "VoucherSignature";
      }
      return "VoucherSignature";
    };
    for (let bit = 0; bit < 74 * 8; bit++) {
      const data = good.data.slice();
      const at = 7 + (bit >> 3);
      data[at] = (data[at] as number) ^ (1 << (bit & 7));
      refuse(world, { ...good, data }, [], code(expected(bit)));
    }
    world.must(good, []);
  });

  attack(FILE, "voucher bit", "refuses a batch with any bit of its base day flipped", () => {
    const world = busyWorld();
    const good = settleOf(world, [world.record(SESSIONS.bob, 1, 10n)]);
    for (let bit = 0; bit < 16; bit++) {
      const data = good.data.slice();
      data[1 + (bit >> 3)] = (data[1 + (bit >> 3)] as number) ^ (1 << (bit & 7));
      const day = TODAY ^ (1 << bit);
      refuse(world, { ...good, data }, [], code(day < TODAY ? "VoucherExpired" : "VoucherSignature"));
    }
  });

  attack(
    FILE,
    "voucher foreign",
    "refuses a voucher of another ledger, lane, generation, day or amount than the chain holds",
    () => {
      const world = busyWorld();
      const elsewhere: Parameters<World["record"]>[3][] = [
        { ledger: addressOf("another ledger") },
        { lane: 1 },
        { generation: 0 },
        { generation: 2 },
        { expiryDay: TODAY + 1 },
        { cumulative: 11n },
        { cumulative: 10n | (1n << 55n) },
      ];
      for (const change of elsewhere)
        refuse(
          world,
          settleOf(world, [world.record(SESSIONS.alice, 0, 10n, change)]),
          [],
          code("VoucherSignature"),
        );
    },
  );

  attack(
    FILE,
    "voucher foreign",
    "refuses a voucher of the same operator's ledger on another cluster or program",
    () => {
      const world = busyWorld();
      const { deployment } = world;
      const mainnet = deriveLedger(
        deployment.escrow,
        addressOf("genesis of another cluster"),
        operator.publicKey,
        0,
      ).address;
      const fork = deriveLedger(
        addressOf("another program"),
        deployment.genesisHash,
        operator.publicKey,
        0,
      ).address;
      for (const ledger of [mainnet, fork]) {
        expect(ledger).not.eql(world.ledger);
        refuse(
          world,
          settleOf(world, [world.record(SESSIONS.alice, 0, 10n, { ledger })]),
          [],
          code("VoucherSignature"),
        );
      }
    },
  );

  attack(FILE, "voucher foreign", "refuses a voucher with another tag or signed by another key", () => {
    const world = busyWorld();
    const voucher = { ledger: world.ledger, lane: 0, generation: 1, expiryDay: TODAY, cumulative: 10n };
    const message = encodeVoucher(voucher);
    for (const tag of [0, 0x53, 0x55, 0xff]) {
      message[0] = tag;
      const signature = SESSIONS.alice.sign(message);
      refuse(
        world,
        settleOf(world, [{ lane: 0, cumulative: 10n, expiryOffset: 0, signature }]),
        [],
        code("VoucherSignature"),
      );
    }
    for (const key of [alice, SESSIONS.bob, operator])
      refuse(world, settleOf(world, [world.record(key, 0, 10n)]), [], code("VoucherSignature"));
  });

  attack(FILE, "voucher malleability", "refuses s + L and every multiple of it that fits 32 bytes", () => {
    const world = busyWorld();
    const good = world.record(SESSIONS.alice, 0, 10n);
    const s = readLittle(good.signature.subarray(32));
    for (let k = 1n; s + k * L < 1n << 256n; k++) {
      const signature = Uint8Array.from([...good.signature.subarray(0, 32), ...writeLittle(s + k * L)]);
      refuse(world, settleOf(world, [{ ...good, signature }]), [], code("VoucherSignature"));
    }
    const negated = Uint8Array.from([...good.signature.subarray(0, 32), ...writeLittle(L - s)]);
    refuse(world, settleOf(world, [{ ...good, signature: negated }]), [], code("VoucherSignature"));
    world.must(settleOf(world, [good]), []);
  });

  const P = (1n << 255n) - 19n;
  const SIGN = 1n << 255n;
  const Y8 = readLittle(
    Buffer.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "hex"),
  );
  const SMALL: Readonly<Record<string, bigint>> = {
    "of order 1": 1n,
    "of order 1 with the sign bit": 1n | SIGN,
    "of order 2": P - 1n,
    "of order 2 with the sign bit": (P - 1n) | SIGN,
    "of order 4": 0n,
    "of order 4 with the sign bit": SIGN,
    "of order 8": Y8,
    "of order 8, negated": Y8 | SIGN,
    "of order 8, the other": P - Y8,
    "of order 8, the other negated": (P - Y8) | SIGN,
    "of order 1, not reduced": P + 1n,
    "of order 1, not reduced, with the sign bit": (P + 1n) | SIGN,
    "of order 4, not reduced": P,
    "of order 4, not reduced, with the sign bit": P | SIGN,
    "off the curve": 2n,
    "of all bits": (1n << 256n) - 1n,
  };
  for (const [what, value] of Object.entries(SMALL)) {
    const point = writeLittle(value);
    attack(FILE, "voucher points", `takes no signature for a session key ${what}`, () => {
      const world = withSessionKey(point);
      // With a key of small order some (R, s) satisfy the equation for one message in eight, s = 0 and R = identity among them.
      for (const r of [writeLittle(1n), point, writeLittle(P - 1n), writeLittle(0n)])
        for (const amount of [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n]) {
          const signature = Uint8Array.from([...r, ...new Uint8Array(32)]);
          const record = { lane: 2, cumulative: amount, expiryOffset: 0, signature };
          refuse(world, settleOf(world, [record]), [], code("VoucherSignature"));
        }
    });
    attack(FILE, "voucher points", `takes no signature whose R is ${what}`, () => {
      const world = busyWorld();
      const good = world.record(SESSIONS.alice, 0, 10n);
      for (const s of [good.signature.subarray(32), new Uint8Array(32), writeLittle(1n)]) {
        const signature = Uint8Array.from([...point, ...s]);
        refuse(world, settleOf(world, [{ ...good, signature }]), [], code("VoucherSignature"));
      }
    });
  }
});
