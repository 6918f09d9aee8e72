import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Connection, PublicKey } from "@solana/web3.js";
import { bytesEqual, fromBase64Url, type Signer, toBase64Url } from "@tolldns/sdk";
import {
  decodeEpoch,
  decodeQuorumConfig,
  deriveEpoch,
  deriveQuorumConfig,
  type Epoch,
  type EpochOutcome,
  hashOutcome,
  signVote,
} from "@tolldns/sdk/quorum";
import { createList, encodeStep, hashStep, type Step } from "@tolldns/sdk/routes";

// What members that misbehave do, over the same sockets as honest ones.

/** An update that somebody really signed, to be abused. */
export interface Bait {
  /** base64url, each. */
  readonly updateHash: string;
  readonly authHash: string;
  /** The first epoch to misbehave in. */
  readonly fromEpoch: string;
  /** Feeds to tell. */
  readonly peers: readonly string[];
}

export const readBait = (path: string): Bait => JSON.parse(readFileSync(path, "utf8")) as Bait;

/** The epoch under way, or null before the first and once it is closed. */
export async function readEpoch(connection: Connection, quorum: string): Promise<Epoch | null> {
  const config = await connection.getAccountInfo(
    new PublicKey(deriveQuorumConfig(quorum).address),
    "confirmed",
  );
  if (config === null) return null;
  const { epoch } = decodeQuorumConfig(config.data);
  const account = await connection.getAccountInfo(
    new PublicKey(deriveEpoch(quorum, epoch).address),
    "confirmed",
  );
  return account === null ? null : decodeEpoch(account.data);
}

export const seatOf = (epoch: Epoch, witness: Signer) =>
  epoch.members.find((member) => bytesEqual(member.witness, witness.publicKey));

/** The root that everyone who lies proposes in an epoch. */
export const falseRootOf = (epoch: bigint): Uint8Array =>
  new Uint8Array(createHash("sha256").update(`tolldns false root ${epoch}`).digest());

/** A root that is none: one step that leads nowhere the update does. All who lie alike make the same. */
export function falseOutcome(
  { number, previousRoot }: Epoch,
  bait: Bait,
): { outcome: EpochOutcome; step: Step } {
  const after = falseRootOf(number);
  const step: Step = {
    index: 0,
    updateHash: fromBase64Url(bait.updateHash),
    authHash: fromBase64Url(bait.authHash),
    before: previousRoot,
    after,
  };
  const updatesRoot = createList([hashStep(step)]).root;
  return { outcome: { previousRoot, root: after, updatesRoot, count: 1 }, step };
}

/** An epoch's digest as if nobody had asked for anything. */
export const emptyOutcome = ({ previousRoot }: Epoch): EpochOutcome => ({
  previousRoot,
  root: previousRoot,
  updatesRoot: new Uint8Array(32),
  count: 0,
});

export const digestOf = ({ number, domain }: Epoch, outcome: EpochOutcome): Uint8Array =>
  hashOutcome(outcome, domain, number);

/** Signs a vote, and tells it as a proposal to everyone who listens. */
export async function propose(
  witness: Signer,
  epoch: Epoch,
  outcome: EpochOutcome,
  trace: readonly Step[],
  peers: readonly string[],
): Promise<void> {
  const digest = digestOf(epoch, outcome);
  const body = JSON.stringify({
    epoch: String(epoch.number),
    witness: toBase64Url(witness.publicKey),
    digest: toBase64Url(digest),
    signature: toBase64Url(signVote(witness, digest)),
    previousRoot: toBase64Url(outcome.previousRoot),
    root: toBase64Url(outcome.root),
    updatesRoot: toBase64Url(outcome.updatesRoot),
    count: outcome.count,
    trace: toBase64Url(Buffer.concat(trace.map(encodeStep))),
  });
  await Promise.allSettled(
    peers.map((url) =>
      fetch(new URL("/v1/proposals", url), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(5_000),
      }).then((response) => response.body?.cancel()),
    ),
  );
}
