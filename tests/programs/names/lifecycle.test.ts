import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM, toAddress } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { hashUpdate, verifyUpdate } from "@tolldns/sdk/routes";
import { expect } from "chai";
import { busyNames, DAY, DOMAIN, LABEL, NOON, openNames, PARTIES, POCKET, PREMIUM, TERMS } from "./world.ts";

const { alice, bob, carol, stranger } = PARTIES;
const PRICE = TERMS.prices[4];
const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);

for (const [kind, tokenProgram] of [
  ["SPL Token", TOKEN_PROGRAM],
  ["Token-2022", TOKEN_2022_PROGRAM],
] as const)
  describe(`names, Index Units in ${kind}`, () => {
    it("registers a name: the price reaches the treasury, the token and its metadata the owner", () => {
      const world = openNames(tokenProgram);
      const outcome = world.register(alice, LABEL, 2);
      expect(outcome.size).lessThanOrEqual(1232);
      expect(outcome.units).lessThan(200_000);
      expect(world.purse(alice)).equal(POCKET - 2n * PRICE);
      expect(world.treasuryTokens()).equal(2n * PRICE);
      expect(world.holds(alice, LABEL)).equal(true);
      const name = world.name(LABEL);
      const registeredAt = NOON + BigInt(TERMS.commitMin);
      expect(name).include({ label: LABEL, generation: 1, normalisation: 1, registeredAt });
      expect(name.expiresAt).equal(registeredAt + 2n * BigInt(TERMS.term));
      expect(name.hash).eql(names.hashName(LABEL));
      const nft = world.machine.account(name.mint);
      expect(nft?.owner).eql(toAddress(TOKEN_2022_PROGRAM));
      const data = nft?.data as Uint8Array;
      expect([...data.subarray(0, 4)], "no authority to mint").eql([0, 0, 0, 0]);
      expect([...data.subarray(46, 50)], "no authority to freeze").eql([0, 0, 0, 0]);
      expect(data[36], "supply").equal(1);
      expect(text(data)).contain("example.dns").contain("DNS");
      expect(nft?.lamports, "rent for the whole mint, and no more").equal(world.machine.rent(data.length));
    });

    it("renews in term and in grace, and lets the name go after it", () => {
      const world = openNames(tokenProgram);
      const { deployment } = world;
      world.register(alice, LABEL);
      const first = world.name(LABEL).expiresAt;
      const renew = () =>
        names.renew({ deployment, label: LABEL, payer: bob.publicKey, source: world.tokens(bob), years: 1 });
      world.must(renew(), [bob]);
      expect(world.name(LABEL).expiresAt).equal(first + BigInt(TERMS.term));
      expect(world.purse(bob)).equal(POCKET - PRICE);
      world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace) - 1n);
      world.must(renew(), [bob]);
      world.machine.setTime(world.name(LABEL).expiresAt + BigInt(TERMS.grace));
      expect(world.send(renew(), [bob]).error).equal(6245);
      world.register(carol, LABEL, 1, 2);
      expect(world.name(LABEL).generation).equal(2);
      expect(world.holds(carol, LABEL, 2)).equal(true);
      expect(world.holds(alice, LABEL, 1), "the old token is still there, and owns nothing").equal(true);
    });

    it("auctions a premium name: the winner's bid reaches the treasury, losers get exactly theirs back", () => {
      const world = busyNames(tokenProgram);
      const before = world.treasuryTokens();
      world.must(world.bidOf(bob, PREMIUM, 50_000_000n), [bob]);
      expect(world.purse(bob), "only the difference was paid").equal(POCKET - 50_000_000n);
      expect(world.vaultTokens()).equal(90_000_000n);
      world.must(world.withdrawOf(carol, PREMIUM), [carol]);
      expect(world.purse(carol)).equal(POCKET);
      world.pass(TERMS.auction);
      const settled = world.must(world.settleOf(stranger, bob, PREMIUM), [stranger]);
      expect(settled.size).lessThanOrEqual(1232);
      expect(world.treasuryTokens() - before).equal(50_000_000n);
      expect(world.vaultTokens()).equal(0n);
      expect(world.holds(bob, PREMIUM)).equal(true);
      expect(world.name(PREMIUM).generation).equal(1);
      expect(world.auction(PREMIUM).settled).equal(true);
    });

    it("extends an auction for a bid near its end", () => {
      const world = busyNames(tokenProgram);
      const { endsAt } = world.auction(PREMIUM);
      world.machine.setTime(endsAt - BigInt(TERMS.extension));
      world.must(world.bidOf(bob, PREMIUM, 60_000_000n), [bob]);
      expect(world.auction(PREMIUM).endsAt).equal(endsAt);
      world.machine.setTime(endsAt - 1n);
      world.must(world.bidOf(carol, PREMIUM, 70_000_000n), [carol]);
      expect(world.auction(PREMIUM).endsAt).equal(endsAt - 1n + BigInt(TERMS.extension));
    });

    it("moves control in two steps", () => {
      const world = busyNames(tokenProgram);
      const given = { deployment: world.deployment, label: LABEL, generation: 1, holder: alice.publicKey };
      world.must(names.offerControl({ ...given, to: bob.publicKey }), [alice]);
      expect(world.name(LABEL).offer).eql({ to: bob.publicKey, by: alice.publicKey });
      world.must(names.acceptControl({ ...given, accepter: bob.publicKey }), [bob]);
      expect(world.holds(bob, LABEL) && !world.holds(alice, LABEL)).equal(true);
      expect(world.name(LABEL).offer).equal(undefined);
    });

    it("posts routes by the holder and by a delegate, and versions only rise", () => {
      const world = busyNames(tokenProgram);
      const given = { deployment: world.deployment, label: LABEL, generation: 1, holder: alice.publicKey };
      world.must(world.postOf(alice, LABEL, 5n), [alice]);
      const expiresAt = world.machine.now() + BigInt(DAY);
      world.must(names.appointDelegate({ ...given, delegate: carol.publicKey, expiresAt }), [alice]);
      const byCarol = (version: bigint) => world.postOf(alice, LABEL, version, { poster: carol });
      expect(world.send(byCarol(5n), [carol]).error).equal(6290);
      world.must(byCarol(6n), [carol]);
      const { posted, expiresAt: until } = world.name(LABEL);
      const { slot, version, recordsHash, signer, signature } = posted as names.PostedUpdate;
      expect({ version, signer, until: posted?.expiresAt }).eql({
        version: 6n,
        signer: carol.publicKey,
        until,
      });
      const update = {
        nameHash: names.hashName(LABEL),
        generation: 1,
        version,
        expiresAt: until,
        recordsHash,
      };
      expect(posted?.hash, "hashed by the program").eql(hashUpdate(update, DOMAIN));
      expect(verifyUpdate({ update, signer, signature }, DOMAIN)).equal(true);
      expect(slot).equal(world.machine.slot() - 1n);
      world.must(names.dismissDelegate({ ...given, delegate: carol.publicKey }), [alice]);
      expect(world.send(byCarol(7n), [carol]).error).equal(6293);
    });

    it("issues one soulbound passport a wallet, whose hint only the wallet changes", () => {
      const world = openNames(tokenProgram);
      const { deployment } = world;
      const wallet = alice.publicKey;
      const issued = world.must(names.issuePassport({ deployment, wallet }), [alice]);
      expect(issued.units).lessThan(200_000);
      const hint = new Uint8Array(160).fill(7);
      world.must(names.setHint({ deployment, wallet, kind: "relay", hint }), [alice]);
      const address = names.derivePassport(deployment.names, wallet).address;
      const passport = names.decodePassport(world.machine.data(address));
      expect(passport.hint).eql({ kind: "relay", bytes: hint });
      expect(text(world.machine.data(passport.mint))).contain("TollDNS passport");
      expect(world.send(names.issuePassport({ deployment, wallet }), [alice]).error).equal(6302);
    });
  });
