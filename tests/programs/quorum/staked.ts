import { type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import * as quorum from "@tolldns/sdk/quorum";
import * as stake from "@tolldns/sdk/stake";
import * as staking from "../stake/world.ts";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import type { Machine } from "../world/machine.ts";
import { plantMint, plantTokenAccount } from "../world/tokens.ts";
import { treeOf } from "./tree.ts";
import { openQuorum, PARTIES, type QuorumWorld, snapshot, worldOn } from "./world.ts";

/** The quorum program beside the stake program, whose operators are in the tree. */
export class Staked {
  readonly world: QuorumWorld;
  readonly staking: staking.StakeWorld;
  readonly owners: readonly Signer[];

  constructor(world: QuorumWorld, beside: staking.StakeWorld, owners: readonly Signer[]) {
    this.world = world;
    this.staking = beside;
    this.owners = owners;
  }

  operator(owner: Signer): stake.Operator {
    return this.staking.operator(owner);
  }
  /** Owner of the operator that has this seat. */
  ownerOf(seat: number): Signer {
    const { operator } = this.world.epoch().members[seat] as quorum.Member;
    return this.owners[operator] as Signer;
  }
  /** What a slash of this seat says of accounts. */
  slashed(seat: number, reporter: Signer) {
    return {
      ...this.world.of,
      stake: this.staking.deployment,
      seat,
      operator: this.staking.operatorAddress(this.ownerOf(seat)),
      reporterTokens: this.staking.tokens(reporter),
    };
  }
  /** Reads the tree that the stake program keeps, for draws. */
  readTree(): void {
    const mirror = this.staking.mirror(this.owners);
    this.world.leaves = Array.from({ length: mirror.count }, (_, index) => mirror.leaf(index));
    this.world.tree = treeOf(this.world.leaves);
  }
}

/** Operators who stake these amounts, whole tokens each, all listed in the tree. */
export function openStaked(amounts: readonly bigint[] = [300n, 300n, 300n, 300n, 300n]): Staked {
  const owners = amounts.map((_, i) => keyOf(`operator ${i}`));
  const machine = snapshot(`staked ${amounts.join()}`, () => makeStaked(amounts, owners));
  const world = worldOn(machine);
  const staked = new Staked(world, new staking.StakeWorld(machine, TOKEN_PROGRAM), owners);
  world.witnessOf = (index) => staking.hotKeyOf(owners[index] as Signer);
  staked.readTree();
  return staked;
}

function makeStaked(amounts: readonly bigint[], owners: readonly Signer[]): Machine {
  const world = openQuorum();
  const { machine } = world;
  deployProgram(machine, staking.STAKE_KEY, staking.STAKE_BYTES, PARTIES.authority);
  const beside = new staking.StakeWorld(machine, TOKEN_PROGRAM);
  // The world planted a tree of its own; the program makes its.
  machine.plant(world.treeAddress, { data: new Uint8Array(0), owner: new Uint8Array(32), lamports: 0n });
  plantMint(machine, staking.MINT, { decimals: 9 });
  plantTokenAccount(machine, beside.treasury, staking.MINT, addressOf("treasury"));
  for (const owner of [...owners, ...Object.values(PARTIES)]) {
    machine.airdrop(owner.publicKey, 100_000_000_000n);
    plantTokenAccount(machine, beside.tokens(owner), staking.MINT, owner.publicKey, {
      amount: staking.POCKET,
    });
  }
  const slasher = quorum.deriveSlasher(world.deployment.quorum).address;
  beside.must(
    stake.initialize({
      deployment: beside.deployment,
      authority: PARTIES.authority.publicKey,
      terms: staking.TERMS,
      guardian: PARTIES.guardian.publicKey,
      slasher,
    }),
    [PARTIES.authority],
  );
  owners.forEach((owner, i) => {
    beside.must(beside.registerOf(owner), [owner]);
    beside.must(beside.addNodeOf(owner), [owner]);
    beside.must(beside.stakeOf(owner, owner, (amounts[i] as bigint) * staking.ONE), [owner]);
    const mirror = beside.mirror(owners);
    const sync = stake.sync({
      deployment: beside.deployment,
      owner: owner.publicKey,
      proof: mirror.proveSync(),
    });
    beside.must(sync, []);
  });
  return machine;
}
