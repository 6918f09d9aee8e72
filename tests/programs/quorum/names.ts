import { type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import * as routes from "@tolldns/sdk/routes";
import * as naming from "../names/world.ts";
import { deployProgram } from "../world/deploy.ts";
import { addressOf } from "../world/keys.ts";
import type { Machine } from "../world/machine.ts";
import { plantMint, plantTokenAccount } from "../world/tokens.ts";
import { openQuorum, type QuorumWorld, snapshot, WEIGHTS, worldOn } from "./world.ts";

export const LABEL = "example";

/** The quorum program beside the names program, where Alice has `example`. */
export interface Registry {
  readonly world: QuorumWorld;
  readonly naming: naming.NamesWorld;
}

/** The names program beside the quorum program. */
export function openRegistry(): Registry {
  const world = worldOn(snapshot("registry", makeRegistry));
  world.plantTree(WEIGHTS);
  return { world, naming: new naming.NamesWorld(world.machine, TOKEN_PROGRAM) };
}

function makeRegistry(): Machine {
  const { machine } = openQuorum();
  deployProgram(machine, naming.NAMES_KEY, naming.NAMES_BYTES, naming.PARTIES.authority);
  const beside = new naming.NamesWorld(machine, TOKEN_PROGRAM);
  plantMint(machine, naming.MINT);
  plantTokenAccount(machine, beside.treasury, naming.MINT, addressOf("treasury"));
  for (const owner of Object.values(naming.PARTIES)) {
    machine.airdrop(owner.publicKey, 100_000_000_000n);
    plantTokenAccount(machine, beside.tokens(owner), naming.MINT, owner.publicKey, { amount: naming.POCKET });
  }
  beside.must(naming.initializeOf(beside), [naming.PARTIES.authority]);
  beside.register(naming.PARTIES.alice, LABEL);
  machine.setTime(machine.now() + 10n);
  return machine;
}

/** A signed update of a label, running until the name's end unless said otherwise. */
export function updateOf(
  { world, naming: beside }: Registry,
  signer: Signer,
  change: Partial<routes.RouteUpdate> = {},
  label = LABEL,
): routes.SignedUpdate {
  const account = beside.machine.account(names.deriveName(beside.deployment.names, label).address);
  const expiresAt = account === undefined ? world.machine.now() + 86_400n : beside.name(label).expiresAt;
  const version = change.version ?? 1n;
  const update = {
    nameHash: names.hashName(label),
    generation: 1,
    expiresAt,
    recordsHash: addressOf(`records ${version}`),
    ...change,
    version,
  };
  return routes.signUpdate(update, world.domain, signer);
}

/** Posts an update on chain, by its signer. */
export function postOf(
  { naming: beside }: Registry,
  holder: Signer,
  { update, signature, signer }: routes.SignedUpdate,
  domain: Uint8Array,
): names.Instruction {
  const delegated = Buffer.compare(holder.publicKey, signer) !== 0;
  return names.postRoute({
    deployment: beside.deployment,
    label: LABEL,
    generation: update.generation,
    holder: holder.publicKey,
    ...(delegated ? { poster: signer } : {}),
    version: update.version,
    expiresAt: update.expiresAt,
    recordsHash: update.recordsHash,
    domain,
    signature,
  });
}
