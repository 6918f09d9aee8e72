import { PublicKey } from "@solana/web3.js";
import { bytesEqual, isTollError, toHex } from "@tolldns/sdk";
import { decodeVerifier, deriveVerifier, enroll } from "@tolldns/sdk/policy";
import { decodeStakeTree, deriveStakeTree, WeightTree } from "@tolldns/sdk/stake";
import { readOperators } from "../../feed/chain/operators.ts";
import type { ChainParts } from "./parts.ts";
import type { PolicyState } from "./state.ts";

/** Takes the operator's seat in each roster while it enrols. */
export interface Enroller {
  look(state: PolicyState): Promise<void>;
}

/** Seconds until an enrolment that was sent is sent again: the same again does nothing. */
const RETRY_SECONDS = 3;
/** Seconds between two looks at the stake tree; at each the leaves are read where it has moved. */
const TREE_SECONDS = 5;
/** Trees remembered: a roster is of the tree as it was when it was opened. */
const KEPT = 8;
const ENROL_UNITS = 100_000;

export function createEnroller(parts: ChainParts): Enroller {
  const { connection, deployment, key, sender, clock, log } = parts;
  /** By root in hex, newest last. */
  const trees = new Map<string, WeightTree>();
  let treeAt = Number.NEGATIVE_INFINITY;
  let sentAt = Number.NEGATIVE_INFINITY;

  async function followTree(): Promise<void> {
    if (clock.now() - treeAt < TREE_SECONDS) return;
    treeAt = clock.now();
    const account = await connection.getAccountInfo(
      new PublicKey(deriveStakeTree(deployment.stake).address),
      "confirmed",
    );
    if (account === null || trees.has(toHex(decodeStakeTree(account.data).root))) return;
    try {
      const tree = WeightTree.of(await readOperators(connection, deployment.stake));
      trees.set(toHex(tree.root), tree);
      for (const root of [...trees.keys()].slice(0, -KEPT)) trees.delete(root);
    } catch (error) {
      // Accounts were read while an operator was added; the next look has all of them.
      if (!isTollError(error, "stake-tree-gap")) throw error;
    }
  }

  async function isStruck(operator: Uint8Array, now: bigint): Promise<boolean> {
    const address = new PublicKey(deriveVerifier(deployment.policy, operator).address);
    const account = await connection.getAccountInfo(address, "confirmed");
    return account !== null && decodeVerifier(account.data).struckUntil > now;
  }

  return {
    async look(state) {
      const { self, config, now } = state;
      if (self === null) return;
      await followTree();
      const roster = state.rosters.find(({ number }) => number === config.roster);
      if (roster === undefined || now >= roster.enrolmentEnds) return;
      if (roster.seats.some(({ operator }) => bytesEqual(operator, self.operator))) return;
      if (clock.now() - sentAt < RETRY_SECONDS) return;
      const tree = trees.get(toHex(roster.snapshot.root));
      if (tree === undefined) {
        // It will be known by the next roster; nobody can show a leaf of a tree that is gone.
        log("warn", "the roster's stake tree was never seen here", { roster: roster.number });
        treeAt = Number.NEGATIVE_INFINITY;
        sentAt = clock.now();
        return;
      }
      const index = Array.from({ length: tree.count }, (_, place) => place).find((place) =>
        bytesEqual(tree.leaf(place).operator, self.operator),
      );
      if (index === undefined || tree.leaf(index).weight === 0n) return;
      if (await isStruck(self.operator, now)) return;
      sentAt = clock.now();
      const instruction = enroll({
        deployment,
        roster: roster.number,
        hotKey: key.publicKey,
        operator: self.operator,
        node: self.node,
        leaf: tree.leaf(index),
        proof: tree.prove(index),
      });
      await sender.send([instruction], ENROL_UNITS, [key]);
      log("info", "enrolment sent", { roster: roster.number });
    },
  };
}
