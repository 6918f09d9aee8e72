import { readFileSync } from "node:fs";
import { BN, Program, type Provider } from "@coral-xyz/anchor";
import { PublicKey } from "@solana/web3.js";
import { formatAddress, fromHex, isTollError, toHex } from "@tolldns/sdk";
import { NAMES_IDL, type NamesIdl } from "@tolldns/sdk/idl/names";
import * as names from "@tolldns/sdk/names";
import { expect } from "chai";
import { ATTEMPTS } from "../attacks/names/catalogue.ts";

interface Vectors {
  labels: { label: string; wire: string; hash: string }[];
  bad: { label: string }[];
  typed: { typed: string; label: string }[];
  unmapped: string[];
  commitments: { name_hash: string; owner: string; secret: string; hash: string }[];
  bids: { highest: string; increment_bps: number; least: string }[];
  ends: { ends_at: string; extension: number; now: string; end: string }[];
  prices: { label_bytes: number; years: number; price: string }[];
  authorities: {
    authority: string;
    authority_slot: string;
    previous: string;
    previous_slot: string;
    slot: string;
    signs: string | null;
  }[];
}
const vectors = JSON.parse(
  readFileSync(new URL("../vectors/names.json", import.meta.url), "utf8"),
) as Vectors;

interface Field {
  readonly name: string;
  readonly type: unknown;
}
const idl = NAMES_IDL as unknown as {
  readonly instructions: readonly { name: string; args: Field[]; accounts: { name: string }[] }[];
};
const program = new Program<NamesIdl>(NAMES_IDL, {} as Provider);
const camel = (text: string) => text.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

/** Reads arguments back out of our data by the IDL's types, written here anew. */
function readArguments(args: readonly Field[], data: Uint8Array): unknown[] {
  let at = 1;
  const take = (length: number) => {
    at += length;
    return Buffer.from(data.subarray(at - length, at));
  };
  const read = (type: unknown): unknown => {
    if (type === "u8") return take(1)[0];
    if (type === "u16") return take(2).readUInt16LE();
    if (type === "u32") return take(4).readUInt32LE();
    if (type === "u64") return new BN(take(8), "le");
    if (type === "pubkey") return new PublicKey(take(32));
    if (type === "bytes") return take(take(4).readUInt32LE());
    const [item, count] = (type as { array: [unknown, number] }).array;
    return Array.from({ length: count }, () => read(item));
  };
  const values = args.map(({ type }) => read(type));
  expect(at, "every byte is read").equal(data.length);
  return values;
}

describe("names instructions", () => {
  it("are what Anchor builds from the IDL, byte for byte and account for account", async () => {
    for (const { name, args, accounts } of idl.instructions) {
      const { instruction } = (ATTEMPTS[name] as (typeof ATTEMPTS)[string] & (() => never))();
      const { accounts: ours, data } = instruction as names.Instruction;
      const keys = Object.fromEntries(
        accounts.map((account, i) => [camel(account.name), new PublicKey(ours[i]?.address as Uint8Array)]),
      );
      type Builder = {
        accountsStrict(keys: object): {
          instruction(): Promise<import("@solana/web3.js").TransactionInstruction>;
        };
      };
      const method = (program.methods as unknown as Record<string, (...args: unknown[]) => Builder>)[
        camel(name)
      ];
      if (method === undefined) throw new Error(`the IDL has no ${name}`);
      const theirs = await method(...readArguments(args, data))
        .accountsStrict(keys)
        .instruction();
      expect(toHex(theirs.data), name).equal(toHex(data));
      expect(
        theirs.keys.map(({ pubkey, isSigner, isWritable }) => [pubkey.toBase58(), isSigner, isWritable]),
        name,
      ).eql(ours.map(({ address, signer, writable }) => [formatAddress(address), signer, writable]));
    }
  });

  it("carry the discriminators of the IDL, all of them", () => {
    const listed = idl.instructions as unknown as { name: string; discriminator: number[] }[];
    expect(Object.fromEntries(listed.map(({ name, discriminator }) => [camel(name), discriminator[0]]))).eql(
      names.DISCRIMINATOR,
    );
  });

  it("fail with the program's own errors and a hint each", () => {
    for (const number of Object.keys(names.PROGRAM_ERRORS)) {
      const error = names.decodeNamesFailure(
        { InstructionError: [1, { Custom: Number(number) }] },
        names.NAMES_PROGRAM_ID,
      );
      expect(error.number).equal(Number(number));
      expect(error.hint).not.equal("");
    }
  });
});

describe("names accounts", () => {
  it("are read as Anchor's coder reads them", () => {
    const { world } = (ATTEMPTS.bid as () => { world: import("../programs/names/world.ts").NamesWorld })();
    const { names: id } = world.deployment;
    const data = (address: Uint8Array) => Buffer.from(world.machine.data(address));
    const decode = (kind: string, address: Uint8Array) => program.coder.accounts.decode(kind, data(address));
    const name = decode("name", names.deriveName(id, "example").address);
    const ours = world.name("example");
    expect(ours.generation).equal(name.generation);
    expect(String(ours.expiresAt)).equal(name.expiresAt.toString());
    expect(formatAddress(ours.mint)).equal(name.mint.toBase58());
    const config = decode("namesConfig", world.config);
    const { terms, treasury, authority } = names.decodeNamesConfig(data(world.config));
    expect(terms.prices.map(String)).eql(config.prices.map(String));
    expect(terms.extension).equal(config.extension);
    expect([formatAddress(treasury), formatAddress(authority)]).eql([
      config.treasury.toBase58(),
      config.authority.toBase58(),
    ]);
    const auction = decode("auction", names.deriveAuction(id, "abc", 1).address);
    expect(String(world.auction("abc").highest)).equal(auction.highest.toString());
    expect(formatAddress(world.auction("abc").highestBidder)).equal(auction.highestBidder.toBase58());
  });
});

describe("names vectors", () => {
  it("give each label one wire name and one hash", () => {
    for (const { label, wire, hash } of vectors.labels) {
      expect(toHex(names.wireName(label))).equal(wire);
      expect(toHex(names.hashName(label))).equal(hash);
      expect(names.normalizeLabel(label)).equal(label);
    }
    for (const { label } of vectors.bad) expect(names.isLabel(label), label).equal(false);
  });

  for (const { typed, label } of vectors.typed)
    it(`make ${label} of ${typed}`, () => expect(names.normalizeLabel(typed)).equal(label));

  for (const typed of vectors.unmapped)
    it(`make nothing of ${JSON.stringify(typed)}`, () => {
      expect(() => names.normalizeLabel(typed))
        .throw()
        .satisfy((error: unknown) => isTollError(error, "label-invalid"));
    });

  it("tell who signs in a slot", () => {
    const known = (key: string) => (/^0+$/.test(key) ? undefined : fromHex(key));
    for (const one of vectors.authorities) {
      const record = {
        authority: known(one.authority),
        authoritySlot: BigInt(one.authority_slot),
        previousAuthority: known(one.previous),
        previousSlot: BigInt(one.previous_slot),
      };
      const signs = names.authorityAt(record, BigInt(one.slot));
      expect(signs === undefined ? null : toHex(signs)).equal(one.signs);
    }
  });

  it("hash commitments, and reckon bids, ends and prices", () => {
    for (const { name_hash, owner, secret, hash } of vectors.commitments)
      expect(toHex(names.hashCommitment(fromHex(name_hash), fromHex(owner), fromHex(secret)))).equal(hash);
    for (const { highest, increment_bps, least } of vectors.bids)
      expect(String(names.leastBid(BigInt(highest), increment_bps))).equal(least);
    for (const { ends_at, extension, now, end } of vectors.ends)
      expect(String(names.endAfterBid(BigInt(ends_at), extension, BigInt(now)))).equal(end);
    const prices = [50_000_000n, 40_000_000n, 30_000_000n, 20_000_000n, 5_000_000n];
    for (const { label_bytes, years, price } of vectors.prices)
      expect(String(names.priceOf(prices, label_bytes, years))).equal(price);
  });
});
