import type { Signer } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import type * as quorum from "@tolldns/sdk/quorum";
import { expect } from "chai";
import { DAY, PARTIES as OWNERS } from "../../programs/names/world.ts";
import { LABEL, type Registry } from "../../programs/quorum/names.ts";
import { PARTIES, type QuorumWorld } from "../../programs/quorum/world.ts";
import { code, refuse } from "./attack.ts";

const { challenger } = PARTIES;
const { alice } = OWNERS;

export const held = ({ naming }: Registry, holder: Signer = alice) => ({
  deployment: naming.deployment,
  label: LABEL,
  generation: 1,
  holder: holder.publicKey,
});
export function transfer(registry: Registry, from: Signer, to: Signer): void {
  const given = held(registry, from);
  registry.naming.must(names.offerControl({ ...given, to: to.publicKey }), [from]);
  registry.naming.must(names.acceptControl({ ...given, accepter: to.publicKey }), [to]);
}
export function appoint(registry: Registry, delegate: Signer, seconds = DAY, holder: Signer = alice): void {
  const expiresAt = registry.world.machine.now() + BigInt(seconds);
  const appointment = { ...held(registry, holder), delegate: delegate.publicKey, expiresAt };
  registry.naming.must(names.appointDelegate(appointment), [holder]);
}

export function proves(
  world: QuorumWorld,
  instruction: quorum.Instruction,
  kind: quorum.ChallengeKind,
): void {
  world.must(instruction, [challenger], { version: 1 });
  expect(world.epoch().status).equal("rejected");
  expect(world.epoch().challenge).eql({ kind, challenger: challenger.publicKey });
}
export function fails(world: QuorumWorld, instruction: quorum.Instruction, error: string): void {
  refuse(world, instruction, [challenger], code(error), { version: 1 });
  expect(world.epoch().status).equal("attested");
}
