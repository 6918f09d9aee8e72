import { createSigner, toHex } from "@tolldns/sdk";
import {
  drawCommittee,
  encodeVote,
  hashOutcome,
  hashSeed,
  isQuorum,
  pointOfSeat,
  randomOfSeat,
  signVote,
} from "@tolldns/sdk/quorum";
import { bytesOf, numberOf } from "./random.ts";

const U64 = 2n ** 64n - 1n;

/** Weights of the snapshots that committees are drawn from. */
const SNAPSHOTS: Readonly<Record<string, readonly bigint[]>> = {
  equal: Array.from({ length: 12 }, () => 100n),
  uneven: [1n, 1_000_000n, 3n, 50n, 700n, 2n, 9n, 12_345n],
  "with leaves that weigh nothing": [0n, 5n, 0n, 0n, 7n, 0n, 3n, 0n],
  one: [42n],
  none: [],
  "of 64 bits": [U64 / 2n, 1n, U64 / 4n, U64 / 8n, 1n],
  many: Array.from({ length: 300 }, (_, i) => BigInt(numberOf(`weight ${i}`) % 100_000)),
};

/** Preimages, draws and thresholds of the quorum program. */
export function quorumVectors(): Record<string, unknown> {
  const domain = bytesOf("quorum domain");
  return {
    about: "epochs of the quorum program; see docs/reference/quorum.md",
    seeds: [0, 1, 2].map((i) => {
      const [slotHash, lastRoot] = [bytesOf(`slot hash ${i}`), bytesOf(`last root ${i}`)];
      const epoch = [1n, 77n, U64][i] as bigint;
      return {
        name: `epoch ${epoch}`,
        slot_hash: toHex(slotHash),
        last_root: toHex(lastRoot),
        epoch: epoch.toString(),
        seed: toHex(hashSeed(slotHash, lastRoot, epoch)),
      };
    }),
    committees: Object.entries(SNAPSHOTS).flatMap(([name, weights]) =>
      [1, 5, 100].map((seats) => {
        const seed = bytesOf(`seed ${name} ${seats}`);
        return {
          name: `${seats} of a snapshot: ${name}`,
          seed: toHex(seed),
          weights: weights.map(String),
          seats,
          drawn: drawCommittee(seed, weights, seats).map(({ index, start, weight }, seat) => ({
            random: randomOfSeat(seed, seat).toString(),
            index,
            start: start.toString(),
            weight: weight.toString(),
          })),
        };
      }),
    ),
    points: [
      [0n, 12n, [0n, 3n, 5n, 5n]],
      [2n, 12n, [0n, 3n, 5n, 5n]],
      [U64 * U64, 12n, [0n, 3n, 5n, 5n]],
      [7n, 8n, [0n, 8n]],
      [2n ** 128n - 1n, U64, [0n, U64 - 1n]],
    ].map(([random, total, flat], i) => {
      const numbers = flat as bigint[];
      const taken = numbers.flatMap((start, at) =>
        at % 2 === 0 ? [{ start, weight: numbers[at + 1] as bigint }] : [],
      );
      const point = pointOfSeat(random as bigint, total as bigint, taken);
      return {
        name: `point ${i}`,
        random: String(random),
        total: String(total),
        taken: taken.map(({ start, weight }) => ({ start: String(start), weight: String(weight) })),
        point: point === undefined ? null : point.toString(),
      };
    }),
    votes: [0, 1, 16_384].map((count, i) => {
      const outcome = {
        previousRoot: bytesOf(`previous root ${i}`),
        root: bytesOf(`root ${i}`),
        updatesRoot: bytesOf(`updates root ${i}`),
        count,
      };
      const epoch = [1n, 2n ** 32n, U64][i] as bigint;
      const seed = bytesOf(`witness ${i}`);
      const signer = createSigner(seed);
      const digest = hashOutcome(outcome, domain, epoch);
      return {
        name: `${count} updates`,
        domain: toHex(domain),
        epoch: epoch.toString(),
        previous_root: toHex(outcome.previousRoot),
        root: toHex(outcome.root),
        updates_root: toHex(outcome.updatesRoot),
        count,
        digest: toHex(digest),
        message: toHex(encodeVote(digest)),
        seed: toHex(seed),
        witness: toHex(signer.publicKey),
        signature: toHex(signVote(signer, digest)),
      };
    }),
    quorums: (
      [
        [2n, 3n],
        [1n, 3n],
        [66n, 100n],
        [67n, 100n],
        [0n, 0n],
        [2n * (U64 / 3n), U64],
        [2n * (U64 / 3n) - 1n, U64],
        [U64, U64],
      ] as const
    ).map(([votes, committee]) => ({
      name: `${votes} of ${committee}`,
      votes: votes.toString(),
      committee: committee.toString(),
      enough: isQuorum(votes, committee),
    })),
  };
}
