import { createSigner, isTollError, toHex } from "@tolldns/sdk";
import { hashName, wireName } from "@tolldns/sdk/names";
import { sha256Node, verifyEd25519Node } from "@tolldns/sdk/node";
import {
  canonicalizeRecords,
  decodeEvidence,
  encodeEvidence,
  hashRecords,
  hashWireName,
  RouteMap,
  signUpdate,
  type Trust,
  traceUpdates,
  type VerifiedRoute,
  verifyEvidence,
} from "@tolldns/sdk/routes";
import { parseZone } from "@tolldns/sdk/zone";
import { expect } from "chai";
import fc from "fast-check";
import { digest, entryOf, flipped } from "./support/model.ts";

const ZONE = wireName("example");
const NAME = hashName("example");
const DOMAIN = digest("domain");
const OWNER = createSigner(digest("owner"));
const NOW = 1_790_000_000n;
const RECORDS = canonicalizeRecords(parseZone("@ 60 A 192.0.2.1\nw 60 CNAME @", ZONE).records, ZONE);

const body = (version: bigint) => ({
  ...signUpdate(
    { nameHash: NAME, generation: 1, version, expiresAt: NOW + 100n, recordsHash: hashRecords(RECORDS) },
    DOMAIN,
    OWNER,
  ),
  records: RECORDS,
});

/** Evidence of a version under its root, and under the root before it. */
function world(version: bigint) {
  const map = RouteMap.create(Array.from({ length: 25 }, (_, n) => entryOf(n)));
  const absent = { root: map.root, bytes: encodeEvidence({ epoch: 5n, proof: map.prove(NAME) }) };
  const { update, signer, signature, records } = body(version);
  traceUpdates(map, [{ update, signer, signature }], DOMAIN);
  const route = { ...update, signer, signature, records };
  const bytes = encodeEvidence({ epoch: 5n, proof: map.prove(NAME), route });
  return { absent, present: { root: map.root, bytes } };
}

const trust = (root: Uint8Array, changes: Partial<Trust> = {}): Trust => ({
  name: ZONE,
  domain: DOMAIN,
  epoch: 5n,
  root,
  now: NOW,
  verify: verifyEd25519Node,
  hash: sha256Node,
  ...changes,
});

function outcome(bytes: Uint8Array, against: Trust): string {
  try {
    return verifyEvidence(bytes, against).status;
  } catch (error) {
    if (isTollError(error)) return error.code;
    throw error;
  }
}

describe("evidence", () => {
  const { absent, present } = world(3n);

  it("shows what the owner signed, down to the records", () => {
    const route = verifyEvidence(present.bytes, trust(present.root)) as Extract<
      VerifiedRoute,
      { status: "present" }
    >;
    expect(route.status).to.equal("present");
    expect(route.update.version).to.equal(3n);
    expect(toHex(route.signer)).to.equal(toHex(OWNER.publicKey));
    expect(route.records).to.have.length(2);
  });

  it("shows that a name has no route", () => {
    expect(outcome(absent.bytes, trust(absent.root))).to.equal("absent");
    expect(outcome(absent.bytes, trust(present.root))).to.equal("evidence-root");
  });

  it("is the same in portable code as by node:crypto", () => {
    const { verify: _, hash: __, ...portable } = trust(present.root);
    expect(verifyEvidence(present.bytes, portable)).to.deep.equal(
      verifyEvidence(present.bytes, trust(present.root)),
    );
  });

  it("is refused with any one bit flipped, of presence and of absence", () => {
    for (const { bytes, root } of [present, absent])
      for (const bad of flipped(bytes)) {
        const said = outcome(bad, trust(root));
        expect(said).to.match(/^evidence-(form|epoch|name|records|root|signature)$/);
      }
  });

  it("is refused if cut anywhere or followed by anything", () => {
    for (const { bytes, root } of [present, absent]) {
      for (let length = 0; length < bytes.length; length++)
        expect(outcome(bytes.subarray(0, length), trust(root))).to.equal("evidence-form");
      expect(outcome(Uint8Array.of(...bytes, 0), trust(root))).to.equal("evidence-form");
    }
  });

  it("can't hide a route: absence is not shown by any proof of another name in the map", () => {
    const map = RouteMap.create([
      ...Array.from({ length: 25 }, (_, n) => entryOf(n)),
      { ...entryOf(1), nameHash: NAME },
    ]);
    for (let n = 0; n < 400; n++) {
      const proof = map.prove(digest("asked", String(n)));
      expect(outcome(encodeEvidence({ epoch: 5n, proof }), trust(map.root))).to.match(
        /^evidence-(root|name)$/,
      );
    }
  });

  it("can't roll a route back: the last version doesn't stand under the next root", () => {
    const map = RouteMap.create(Array.from({ length: 25 }, (_, n) => entryOf(n)));
    const make = (version: bigint) => {
      const { records, ...signed } = body(version);
      traceUpdates(map, [signed], DOMAIN);
      const route = { ...signed.update, signer: signed.signer, signature: signed.signature, records };
      return { root: map.root, proof: map.prove(NAME), route };
    };
    const [old, next] = [make(1n), make(2n)];
    const told = (proof: Uint8Array, route: typeof old.route) => encodeEvidence({ epoch: 5n, proof, route });
    expect(outcome(told(next.proof, next.route), trust(next.root))).to.equal("present");
    expect(outcome(told(old.proof, old.route), trust(next.root))).to.equal("evidence-root");
    expect(outcome(told(next.proof, old.route), trust(next.root))).to.equal("evidence-root");
  });

  it("names the first check that fails, in the order of the page", () => {
    const bad = new Uint8Array(32);
    const everything = { name: wireName("another"), epoch: 6n, now: NOW + 1_000n, domain: bad };
    const steps: [string, Partial<Trust>][] = [
      ["evidence-epoch", everything],
      ["evidence-name", { ...everything, epoch: 5n }],
      ["evidence-root", { now: NOW + 1_000n, domain: bad }],
      ["evidence-expired", { now: NOW + 1_000n }],
      ["evidence-expired", { now: NOW + 100n }],
      ["present", { now: NOW + 99n }],
    ];
    for (const [expected, changes] of steps)
      expect(outcome(present.bytes, trust(present.root, changes))).to.equal(expected);
    expect(outcome(Uint8Array.of(2), trust(present.root, everything))).to.equal("evidence-form");
    const unsigned = decodeEvidence(present.bytes);
    const route = {
      ...(unsigned.route as NonNullable<typeof unsigned.route>),
      signature: new Uint8Array(64),
    };
    const bytes = encodeEvidence({ ...unsigned, route });
    expect(outcome(bytes, trust(present.root, { now: NOW + 1_000n }))).to.equal("evidence-signature");
  });

  it("reads any bytes as evidence of one form, or refuses them by their form", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (random) => {
        const bytes = Uint8Array.of(1, ...random);
        try {
          expect(toHex(encodeEvidence(decodeEvidence(bytes)))).to.equal(toHex(bytes));
        } catch (error) {
          expect(error).to.have.property("code", "evidence-form");
        }
      }),
    );
  });

  it("hashes wire names as the names program does", () => {
    for (const label of ["a", "example", "x".repeat(63)])
      expect(toHex(hashWireName(wireName(label)))).to.equal(toHex(hashName(label)));
  });
});
