import { bytesEqual, createSigner, fromHex, toHex, verifyEd25519 } from "@tolldns/sdk";
import {
  decodeVote,
  drawCommittee,
  encodeVote,
  hashOutcome,
  hashSeed,
  isQuorum,
  pointOfSeat,
  randomOfSeat,
  signVote,
  verifyVote,
} from "@tolldns/sdk/quorum";
import { expect } from "chai";
import type { Case } from "./vectors.ts";

const stretch = ({ start, weight }: Case) => ({ start: BigInt(start), weight: BigInt(weight) });

/** What each group of quorum.json says, checked against the SDK. */
export const QUORUM_VECTOR_CHECKS: Record<string, (row: Case) => void> = {
  "quorum.seeds": (row) => {
    const seed = hashSeed(fromHex(row.slot_hash), fromHex(row.last_root), BigInt(row.epoch));
    expect(toHex(seed)).equal(row.seed);
  },
  "quorum.committees": (row) => {
    const seed = fromHex(row.seed);
    const drawn = drawCommittee(seed, row.weights.map(BigInt), row.seats);
    expect(drawn).eql(row.drawn.map((seat: Case) => ({ index: seat.index, ...stretch(seat) })));
    row.drawn.forEach((seat: Case, at: number) => {
      expect(randomOfSeat(seed, at).toString()).equal(seat.random);
    });
  },
  "quorum.points": (row) => {
    const point = pointOfSeat(BigInt(row.random), BigInt(row.total), row.taken.map(stretch));
    expect(point === undefined ? null : point.toString()).equal(row.point);
  },
  "quorum.votes": (row) => {
    const outcome = {
      previousRoot: fromHex(row.previous_root),
      root: fromHex(row.root),
      updatesRoot: fromHex(row.updates_root),
      count: row.count,
    };
    const digest = hashOutcome(outcome, fromHex(row.domain), BigInt(row.epoch));
    expect(toHex(digest)).equal(row.digest);
    expect(toHex(encodeVote(digest))).equal(row.message);
    expect(bytesEqual(decodeVote(fromHex(row.message)) as Uint8Array, digest)).equal(true);
    expect(decodeVote(digest)).equal(undefined);
    const signer = createSigner(fromHex(row.seed));
    expect(toHex(signVote(signer, digest))).equal(row.signature);
    expect(verifyVote(verifyEd25519, signer.publicKey, digest, fromHex(row.signature))).equal(true);
  },
  "quorum.quorums": (row) => expect(isQuorum(BigInt(row.votes), BigInt(row.committee))).equal(row.enough),
};
