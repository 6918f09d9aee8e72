import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { hashUpdate, verifyUpdate } from "@tolldns/sdk/routes";
import { expect } from "chai";
import {
  busyNames,
  DAY,
  DOMAIN,
  LABEL,
  type NamesWorld,
  PARTIES,
  TERMS,
} from "../../programs/names/world.ts";
import { attack, code, refuse } from "./attack.ts";
import { held } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, stranger } = PARTIES;

const record = (world: NamesWorld, holder: Signer) =>
  names.recordAuthority({ ...held(world), holder: holder.publicKey });
/** As an ordinary wallet does: without recording. */
const move = (world: NamesWorld, from: Signer, to: Signer) =>
  names
    .transferName({ ...held(world), holder: from.publicKey, to: to.publicKey })
    .slice(0, 2) as names.Instruction[];
const signerAt = (world: NamesWorld, slot: bigint) => names.authorityAt(world.name(LABEL), slot);
const appoint = (world: NamesWorld, by: Signer = alice, seconds = DAY) =>
  names.appointDelegate({
    ...held(world),
    holder: by.publicKey,
    delegate: carol.publicKey,
    expiresAt: world.machine.now() + BigInt(seconds),
  });
const dismiss = (world: NamesWorld, by: Signer = alice) =>
  names.dismissDelegate({ ...held(world), holder: by.publicKey, delegate: carol.publicKey });
const close = (world: NamesWorld, payer: Signer = alice) =>
  names.closeDelegate({ ...held(world), delegate: carol.publicKey, payer: payer.publicKey });

describe("names: who signs routes", () => {
  attack(FILE, "recorded authority", "records who registered, and whoever the token then goes to", () => {
    const world = busyNames();
    const { authority, authoritySlot, previousAuthority } = world.name(LABEL);
    expect(authority).eql(alice.publicKey);
    expect(previousAuthority).equal(undefined);
    expect(signerAt(world, authoritySlot - 1n)).equal(undefined);
    const slot = world.machine.slot();
    world.must(names.transferName({ ...held(world), to: bob.publicKey }), [alice]);
    expect(signerAt(world, slot - 1n)).eql(alice.publicKey);
    expect(signerAt(world, slot)).eql(bob.publicKey);
  });

  attack(FILE, "recorded authority", "lets a stranger record the holder, and nobody but the holder", () => {
    const world = busyNames();
    world.must(move(world, alice, bob), [alice]);
    expect(signerAt(world, world.machine.slot()), "not yet").eql(alice.publicKey);
    refuse(world, record(world, alice), [], code("NotHolder"));
    world.must(record(world, bob), []);
    expect(signerAt(world, world.machine.slot())).eql(bob.publicKey);
    const before = world.name(LABEL);
    world.must(record(world, bob), []);
    expect(world.name(LABEL), "a second time changes nothing").eql(before);
  });

  attack(FILE, "recorded authority", "records in every instruction that sees the holder", () => {
    const seen: Record<string, (world: NamesWorld) => names.Instruction> = {
      offer: (world) => names.offerControl({ ...held(world), holder: bob.publicKey, to: carol.publicKey }),
      appoint: (world) => appoint(world, bob),
      post: (world) => world.postOf(bob, LABEL, 1n),
    };
    for (const [name, make] of Object.entries(seen)) {
      const world = busyNames();
      world.must(move(world, alice, bob), [alice]);
      const slot = world.machine.slot();
      world.must(make(world), [bob]);
      expect(signerAt(world, slot), name).eql(bob.publicKey);
      expect(signerAt(world, slot - 1n), name).eql(alice.publicKey);
    }
    const world = busyNames();
    world.must(names.offerControl({ ...held(world), to: bob.publicKey }), [alice]);
    const slot = world.machine.slot();
    world.must(names.acceptControl({ ...held(world), accepter: bob.publicKey }), [bob]);
    expect(signerAt(world, slot)).eql(bob.publicKey);
  });

  attack(
    FILE,
    "epoch boundary",
    "answers for a slot by who signed at its end, however often it changed in it",
    () => {
      const world = busyNames();
      const slot = world.machine.slot();
      const there = [...move(world, alice, bob), record(world, bob)];
      const on = [...move(world, bob, carol), record(world, carol)];
      world.must([...there, ...on], [alice, bob]);
      expect(signerAt(world, slot - 1n)).eql(alice.publicKey);
      expect(signerAt(world, slot)).eql(carol.publicKey);
      world.must(
        [...move(world, carol, bob), record(world, bob), ...move(world, bob, carol), record(world, carol)],
        [carol, bob],
      );
      expect(signerAt(world, slot), "there and back").eql(carol.publicKey);
      expect(signerAt(world, slot - 1n), "told by the record before no more").equal(undefined);
    },
  );

  attack(FILE, "old generation", "makes who registers anew the authority, and clears what was posted", () => {
    const world = busyNames();
    world.must(world.postOf(alice, LABEL, 3n), [alice]);
    world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace));
    world.register(bob, LABEL, 1, 2);
    const name = world.name(LABEL);
    expect({ authority: name.authority, previous: name.previousAuthority, posted: name.posted }).eql({
      authority: bob.publicKey,
      previous: alice.publicKey,
      posted: undefined,
    });
  });

  attack(FILE, "recorded authority", "believes no token account of an earlier registration", () => {
    const world = busyNames();
    world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace));
    world.register(bob, LABEL, 1, 2);
    refuse(world, record(world, alice), [], code("WrongNft"));
  });
});

describe("names: posted updates", () => {
  attack(FILE, "posted update", "keeps what was signed, so that anyone can check it", () => {
    const world = busyNames();
    const slot = world.machine.slot();
    world.must(world.postOf(alice, LABEL, 7n), [alice]);
    const { posted, expiresAt, generation } = world.name(LABEL);
    if (posted === undefined) throw new Error("nothing posted");
    const { version, recordsHash, signer, signature } = posted;
    const update = { nameHash: names.hashName(LABEL), generation, version, expiresAt, recordsHash };
    expect(posted.slot).equal(slot);
    expect(posted.hash).eql(hashUpdate(update, DOMAIN));
    expect(verifyUpdate({ update, signer, signature }, DOMAIN)).equal(true);
  });

  attack(FILE, "posted update", "takes no update that outlives the name", () => {
    const world = busyNames();
    const { expiresAt } = world.name(LABEL);
    const late = world.postOf(alice, LABEL, 1n, { expiresAt: expiresAt + 1n });
    refuse(world, late, [alice], code("UpdateOutlivesName"));
    world.must(world.postOf(alice, LABEL, 1n, { expiresAt }), [alice]);
  });

  attack(
    FILE,
    "watermark",
    "takes a version above the last one only: not 0, not the same, not an earlier",
    () => {
      const world = busyNames();
      const good = world.postOf(alice, LABEL, 1n);
      // The SDK makes no update of version 0.
      const zero = good.data.slice();
      zero[1] = 0;
      refuse(world, { ...good, data: zero }, [alice], code("VersionNotHigher"));
      world.must(world.postOf(alice, LABEL, 5n), [alice]);
      for (const version of [1n, 4n, 5n])
        refuse(world, world.postOf(alice, LABEL, version), [alice], code("VersionNotHigher"));
    },
  );

  attack(
    FILE,
    "watermark",
    "lets no dismissed delegate leave a version that the holder can't go above",
    () => {
      const world = busyNames();
      world.must(appoint(world), [alice]);
      const latest = world.machine.now() * 1_000n;
      const byCarol = (version: bigint) => world.postOf(alice, LABEL, version, { poster: carol });
      for (const version of [(1n << 64n) - 1n, latest + 1n])
        refuse(world, byCarol(version), [carol], code("VersionTooHigh"));
      world.must(byCarol(latest), [carol]);
      world.must(dismiss(world), [alice]);
      world.machine.setTime(world.machine.now() + 1n);
      world.must(world.postOf(alice, LABEL, latest + 1n), [alice]);
    },
  );
});

describe("names: ends of appointments", () => {
  attack(FILE, "revoked key", "ends a delegate at once, and only once", () => {
    const world = busyNames();
    world.must(appoint(world), [alice]);
    const slot = world.machine.slot();
    world.must(dismiss(world), [alice]);
    expect(world.delegate(LABEL, carol).ended).eql({ slot, at: world.machine.now() });
    refuse(world, world.postOf(alice, LABEL, 1n, { poster: carol }), [carol], code("DelegateEnded"));
    refuse(world, dismiss(world), [alice], code("DelegateEnded"));
  });

  attack(
    FILE,
    "tombstone",
    "keeps an ended record for eight days, whoever asks, then returns its rent to who paid",
    () => {
      const world = busyNames();
      world.must(appoint(world, alice, 90 * DAY), [alice]);
      refuse(world, close(world), [], code("DelegateKept"));
      world.must(dismiss(world), [alice]);
      world.pass(names.DELEGATE_TOMBSTONE - 1);
      refuse(world, close(world), [], code("DelegateKept"));
      world.pass(1);
      refuse(world, close(world, stranger), [], code("DelegatePayer"));
      const before = world.machine.lamports(alice.publicKey);
      world.must(close(world), []);
      expect(world.machine.lamports(alice.publicKey) > before).equal(true);
      expect(world.send(close(world), []).error, "and it is gone").not.equal(undefined);
    },
  );

  attack(FILE, "tombstone", "keeps an expired record for eight days too", () => {
    const world = busyNames();
    world.must(appoint(world), [alice]);
    world.pass(DAY + names.DELEGATE_TOMBSTONE - 1);
    refuse(world, close(world), [], code("DelegateKept"));
    world.pass(1);
    world.must(close(world), []);
  });

  attack(
    FILE,
    "tombstone",
    "keeps the slot of an appointment whose time alone changes, and begins anew after its expiry",
    () => {
      const world = busyNames();
      const slot = world.machine.slot();
      world.must(appoint(world), [alice]);
      world.must(appoint(world, alice, 2 * DAY), [alice]);
      expect(world.delegate(LABEL, carol).appointedSlot).equal(slot);
      world.pass(2 * DAY);
      const again = world.machine.slot();
      world.must(appoint(world), [alice]);
      expect(world.delegate(LABEL, carol).appointedSlot, "after its expiry it begins anew").equal(again);
    },
  );

  attack(
    FILE,
    "tombstone",
    "gives a delegate that is appointed again a new slot, so that what was before can't be denied by it",
    () => {
      const world = busyNames();
      world.must(appoint(world), [alice]);
      world.must(dismiss(world), [alice]);
      const slot = world.machine.slot();
      world.must(appoint(world), [alice]);
      expect(world.delegate(LABEL, carol)).include({ appointedSlot: slot, ended: undefined });
      world.must(world.postOf(alice, LABEL, 1n, { poster: carol }), [carol]);
    },
  );

  attack(
    FILE,
    "delegate",
    "lets the next holder end and take over an appointment; the rent stays who paid it's",
    () => {
      const world = busyNames();
      world.must(appoint(world), [alice]);
      world.must(names.transferName({ ...held(world), to: bob.publicKey }), [alice]);
      refuse(world, appoint(world, bob), [bob], code("DelegateTaken"));
      world.must(dismiss(world, bob), [bob]);
      const slot = world.machine.slot();
      world.must(appoint(world, bob), [bob]);
      expect(world.delegate(LABEL, carol)).deep.include({
        appointedBy: bob.publicKey,
        appointedSlot: slot,
        payer: alice.publicKey,
      });
    },
  );
});
