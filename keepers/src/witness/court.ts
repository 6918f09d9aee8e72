import { bytesEqual, toBase64Url, toHex } from "@tolldns/sdk";
import type { QuorumDeployment } from "@tolldns/sdk/quorum";
import { type Claim, readRegistry } from "../feed/chain/registry.ts";
import type { EpochState, QuorumState } from "../feed/chain/types.ts";
import type { FeedNode } from "../feed/node.ts";
import type { Proposal } from "../feed/store/votes.ts";
import type { Submission } from "../feed/submission.ts";
import { checkProposal, readProposal, readTrace } from "../feed/votes.ts";
import { heldBefore } from "./candidates.ts";
import { challengeOf } from "./challenge.ts";
import { judge, type Verdict } from "./judge.ts";
import type { Sender } from "./send.ts";

/** Judges proposals and attested roots, and takes wrong ones to the chain. */
export interface Court {
  judge(epoch: EpochState, proposal: Proposal): Promise<Verdict>;
  /** Looks at an attested root, and challenges it if it is wrong. */
  onState(state: QuorumState): Promise<void>;
  readonly challenges: number;
}

export interface CourtContext {
  readonly node: FeedNode;
  readonly deployment: QuorumDeployment;
  /** Null: wrong roots are only reported. */
  readonly sender: Sender | null;
  readonly omissionMargin: number;
}

/** Seconds between two tries to show the same fault. */
const RETRY_SECONDS = 5;

export function createCourt({ node, deployment, sender, omissionMargin }: CourtContext): Court {
  const { store, chain, book, pool, verify, domain, log, peers, client, clock } = node;
  const fine = new Set<string>();
  let challenges = 0;
  let triedAt = Number.NEGATIVE_INFINITY;

  async function judgeWith(
    epoch: EpochState,
    proposal: Proposal,
  ): Promise<{ verdict: Verdict; bodies: ReadonlyMap<string, Submission> }> {
    const steps = readTrace(proposal.trace);
    const bodies = await node.bodies(
      steps.map(({ authHash }) => authHash),
      new Map(steps.map(({ authHash, updateHash }) => [toHex(authHash), updateHash])),
    );
    const posted = [...node.posted.values()];
    const held = heldBefore(node, epoch, omissionMargin);
    const claims: Claim[] = [
      ...[...bodies.values()].map(({ label, signer }) => ({ label, signer })),
      ...posted.flatMap((name) =>
        name.posted === null ? [] : [{ label: name.label, signer: name.posted.signer }],
      ),
      ...held.map(({ label, signer }) => ({ label, signer })),
    ];
    const verdict = judge({
      domain,
      epoch,
      statement: proposal,
      steps,
      bodies,
      map: book.at(book.final) ?? book.map,
      registry: await readRegistry(chain, claims, verify),
      posted,
      held,
      verify,
      isVerified: (authHash) => {
        const body = bodies.get(authHash);
        const entry =
          body && pool.ofName(body.update.nameHash).find((one) => toHex(one.authHash) === authHash);
        return entry !== undefined;
      },
    });
    if (verdict.is === "fine") {
      if (fine.size > 64) fine.clear();
      fine.add(toHex(proposal.digest));
    }
    return { verdict, bodies };
  }

  /** What stands behind an attested digest, from disk or from peers. */
  async function findProposal(epoch: bigint, digest: Uint8Array): Promise<Proposal | null> {
    const held = await store.votes.proposal(epoch, digest);
    if (held !== null) return held;
    for (const url of peers.ranked()) {
      try {
        const answer = await client.get(url, `/v1/proposals?epoch=${epoch}&digest=${toBase64Url(digest)}`);
        for (const row of Array.isArray(answer) ? answer : []) {
          const proposal = readProposal(row);
          if (!bytesEqual(proposal.digest, digest)) continue;
          checkProposal(proposal, domain);
          await store.votes.propose(proposal);
          return proposal;
        }
      } catch (error) {
        log("info", "proposal not read", { peer: url, error: String(error) });
      }
    }
    return null;
  }

  return {
    get challenges() {
      return challenges;
    },
    judge: async (epoch, proposal) => (await judgeWith(epoch, proposal)).verdict,
    onState: async ({ epoch }) => {
      if (epoch?.status !== "attested" || epoch.attested === null) return;
      const { digest } = epoch.attested;
      if (fine.has(toHex(digest)) || clock.now() - triedAt < RETRY_SECONDS) return;
      triedAt = clock.now();
      const proposal = await findProposal(epoch.number, digest);
      if (proposal === null) {
        log("error", "attested root without a trace", { epoch: epoch.number, digest: toHex(digest) });
        return;
      }
      const { verdict, bodies } = await judgeWith(epoch, proposal);
      if (verdict.is === "fine") return;
      if (verdict.is === "refused") {
        log("warn", "attested root not agreed to", { epoch: epoch.number, reason: verdict.reason });
        return;
      }
      const { kind } = verdict.fault;
      log("error", "attested root is wrong", { epoch: epoch.number, kind });
      if (sender === null) return;
      const challenger = sender.payer;
      const steps = readTrace(proposal.trace);
      const attested = { deployment, domain, challenger, epoch: epoch.number, steps, bodies };
      const result = await sender.sendIfGood(challengeOf(attested, verdict.fault));
      if ("error" in result)
        log("warn", "challenge refused", { epoch: epoch.number, kind, error: result.error });
      else {
        challenges++;
        log("info", "challenged", { epoch: epoch.number, kind, signature: result.signature });
      }
    },
  };
}
