import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PublicKey } from "@solana/web3.js";
import { type Deployment as Deployed, readKey } from "@tolldns/migrations";
import { toHex } from "@tolldns/sdk";
import {
  createPolicyDeployment,
  decodePolicyEvents,
  decodeTarget,
  deriveTarget,
  hashTarget,
  listEntries,
  publishSet,
  readChallengeSet,
  registerTarget,
  TARGET_STATES,
} from "@tolldns/sdk/policy";
import { sendAll } from "../../epochs/support/send.ts";
import { nameOf } from "../measure/target.ts";
import type { PolicyState } from "../scenario/scenario.ts";
import type { LabChain } from "./chain.ts";
import type { LabResolver } from "./resolver.ts";

/** A change of state on chain, as its event says. */
export interface Moved {
  /** Name as the lab has it: `a`, `public1`. */
  readonly backend: string;
  readonly from: PolicyState;
  readonly to: PolicyState;
  /** Unix milliseconds: end of the window that moved it, and when the lab heard of it. */
  readonly at: number;
  readonly heardAt: number;
}

/** The policy program of the lab's chain and what it says of the backends. */
export interface LabPolicy {
  readonly program: string;
  /** All transitions so far, oldest first. */
  readonly moved: readonly Moved[];
  /** State of each backend now, read from its account. */
  states(): Promise<Record<string, PolicyState>>;
  /** Waits until a quorum called a window of every backend clean. */
  untilJudged(): Promise<void>;
  close(): Promise<void>;
}

/** Enrolment and two windows take half a minute; a busy machine longer. */
const JUDGED_MS = 180_000;

export const LAB_SET = new URL("../challenges.json", import.meta.url);
const readLabSet = () => readChallengeSet(readFileSync(LAB_SET, "utf8"));

/** Publishes the lab's challenge set, registers the backends and listens for transitions. */
export async function openLabPolicy(
  chain: LabChain,
  deployed: Deployed,
  folder: string,
  resolvers: readonly LabResolver[],
): Promise<LabPolicy> {
  const { policy: program, stake } = deployed;
  if (program === undefined || stake === undefined) throw new Error("no policy program was deployed");
  const deployment = createPolicyDeployment({ policy: program, stake });
  const { connection } = chain;
  const authority = readKey(join(folder, "authority.json"));
  const set = readLabSet();
  const { root } = listEntries(set);
  const publish = publishSet({
    deployment,
    authority: authority.publicKey,
    version: set.version,
    count: set.challenges.length,
    root,
  });
  const targets = resolvers.map((one) => ({ backend: one.name, name: nameOf(one) }));
  const registered = targets.map(({ name }) =>
    registerTarget({ deployment, payer: authority.publicKey, kind: "backend", name }),
  );
  await sendAll(connection, [{ signers: [authority], instructions: [publish, ...registered] }]);
  const byId = new Map(targets.map(({ backend, name }) => [toHex(hashTarget("backend", name)), backend]));
  const addresses = targets.map(
    ({ name }) => new PublicKey(deriveTarget(program, hashTarget("backend", name)).address),
  );
  const moved: Moved[] = [];
  const stateOf = (number: number) => TARGET_STATES[number]?.toUpperCase() as PolicyState;
  const subscription = connection.onLogs(
    new PublicKey(program),
    ({ logs, err }) => {
      if (err !== null) return;
      for (const event of decodePolicyEvents(logs, program)) {
        const backend = event.name === "transition" ? byId.get(toHex(event.id)) : undefined;
        if (event.name !== "transition" || backend === undefined) continue;
        moved.push({
          backend,
          from: stateOf(event.from),
          to: stateOf(event.to),
          at: Number(event.at) * 1_000,
          heardAt: Date.now(),
        });
      }
    },
    "confirmed",
  );
  const standings = async () => {
    const accounts = await connection.getMultipleAccountsInfo(addresses, "confirmed");
    return targets.map(({ backend }, i) => ({
      backend,
      ...decodeTarget(accounts[i]?.data ?? new Uint8Array()).standing,
    }));
  };
  return {
    program,
    moved,
    async states() {
      const all = await standings();
      return Object.fromEntries(
        all.map(({ backend, state }) => [backend, state.toUpperCase() as PolicyState]),
      );
    },
    async untilJudged() {
      for (const limit = Date.now() + JUDGED_MS; ; ) {
        const all = await standings();
        if (all.every(({ verdict }) => verdict === "clean")) return;
        if (Date.now() > limit)
          throw new Error(`never judged: ${all.map((one) => `${one.backend} ${one.verdict}`)}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
    close: () => connection.removeOnLogsListener(subscription),
  };
}
