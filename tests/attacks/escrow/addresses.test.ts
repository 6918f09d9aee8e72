import { deriveBalance, deriveConfig, deriveLedger, deriveVault } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import {
  closeBalance,
  closeLedger,
  deposit,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  setLedger,
  topUpLane,
  withdraw,
} from "../../programs/world/sdk.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import {
  busyWorld,
  deployedWorld,
  initializeOf,
  MIN_RESERVE,
  openedWorld,
  PARTIES,
  RESERVE,
  type World,
} from "../../programs/world/world.ts";
import { lowerBump } from "../bumps.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, bob, operator, authority, stranger } = PARTIES;
const text = (value: string) => new TextEncoder().encode(value);

function swap(instruction: Instruction, from: Uint8Array, to: Uint8Array): Instruction {
  return {
    ...instruction,
    accounts: instruction.accounts.map((account) =>
      Buffer.from(account.address).equals(from) ? { ...account, address: to } : account,
    ),
  };
}

const depositOf = (world: World, owner = alice, amount = RESERVE) =>
  deposit({ deployment: world.deployment, owner: owner.publicKey, source: world.tokens(owner), amount });

const openLedgerOf = (world: World, index: number, by = operator) =>
  openLedger({
    deployment: world.deployment,
    operator: by.publicKey,
    index,
    payout: world.payout,
    minReserve: MIN_RESERVE,
  });

const ledgerOf = (world: World, index: number, by = operator) =>
  deriveLedger(world.deployment.escrow, world.deployment.genesisHash, by.publicKey, index).address;

describe("escrow: addresses and parents", () => {
  describe("addresses", () => {
    const creations: [
      string,
      () => { world: World; instruction: Instruction; from: Uint8Array; seeds: Uint8Array[] },
      typeof alice,
    ][] = [
      [
        "initialize's config",
        () => {
          const world = deployedWorld();
          const from = deriveConfig(world.deployment.escrow).address;
          return { world, instruction: initializeOf(world), from, seeds: [text("config")] };
        },
        authority,
      ],
      [
        "initialize's vault",
        () => {
          const world = deployedWorld();
          const from = deriveVault(world.deployment.escrow).address;
          return { world, instruction: initializeOf(world), from, seeds: [text("vault")] };
        },
        authority,
      ],
      [
        "deposit's balance",
        () => {
          const world = openedWorld();
          const from = deriveBalance(world.deployment.escrow, alice.publicKey).address;
          return { world, instruction: depositOf(world), from, seeds: [text("balance"), alice.publicKey] };
        },
        alice,
      ],
      [
        "open_ledger's ledger",
        () => {
          const world = openedWorld();
          const seeds = [
            text("ledger"),
            world.deployment.genesisHash,
            operator.publicKey,
            Uint8Array.of(1, 0),
          ];
          return { world, instruction: openLedgerOf(world, 1), from: ledgerOf(world, 1), seeds };
        },
        operator,
      ],
    ];
    for (const [what, prepare, signer] of creations) {
      attack(FILE, "account seeds", `refuses ${what} at an address of no seeds`, () => {
        const { world, instruction, from } = prepare();
        refuse(world, swap(instruction, from, addressOf("anywhere")), [signer], "InvalidSeeds");
      });
      attack(FILE, "account bump", `refuses ${what} at a lower bump than the canonical one`, () => {
        const { world, instruction, from, seeds } = prepare();
        const other = lowerBump(world.deployment.escrow, seeds);
        refuse(world, swap(instruction, from, other), [signer], "InvalidSeeds");
      });
      attack(
        FILE,
        "account prefunded",
        `creates ${what} although a stranger sent lamports there first`,
        () => {
          for (const lamports of [1n, 10_000_000_000n]) {
            const { world, instruction, from } = prepare();
            world.machine.airdrop(from, lamports);
            world.must(instruction, [signer]);
            expect(world.machine.data(from).length).greaterThan(0);
            expect(world.machine.lamports(from) >= world.machine.rent(world.machine.data(from).length)).equal(
              true,
            );
          }
        },
      );
    }

    attack(FILE, "account seeds", "opens no ledger of another index than the argument says", () => {
      const world = openedWorld();
      const instruction = swap(openLedgerOf(world, 1), ledgerOf(world, 1), ledgerOf(world, 2));
      refuse(world, instruction, [operator], "InvalidSeeds");
    });
  });

  describe("parents", () => {
    const wrongBalance: [string, (world: World) => Instruction][] = [
      ["deposit", (world) => depositOf(world)],
      [
        "withdraw",
        (world) =>
          withdraw({
            deployment: world.deployment,
            owner: alice.publicKey,
            destination: world.tokens(alice),
            amount: 1n,
          }),
      ],
      ["close_balance", (world) => closeBalance({ deployment: world.deployment, owner: alice.publicKey })],
      [
        "open_lane",
        ({ deployment, ledger }) =>
          openLane({
            deployment,
            ledger,
            owner: alice.publicKey,
            lane: 2,
            sessionKey: alice.publicKey,
            reserve: RESERVE,
          }),
      ],
      [
        "top_up_lane",
        ({ deployment, ledger }) =>
          topUpLane({ deployment, ledger, owner: alice.publicKey, lane: 0, generation: 1, amount: 1n }),
      ],
    ];
    for (const [name, make] of wrongBalance) {
      attack(FILE, "account parent", `refuses ${name} with the Balance of another owner`, () => {
        const world = busyWorld();
        const instruction = swap(make(world), world.balanceAddress(alice), world.balanceAddress(bob));
        refuse(world, instruction, [alice], "InvalidSeeds");
      });
    }

    attack(
      FILE,
      "account parent",
      "refuses set_ledger and extend_ledger on the ledger of another operator",
      () => {
        const world = busyWorld();
        const { deployment, ledger, payout } = world;
        const by = { deployment, ledger, operator: stranger.publicKey };
        refuse(world, setLedger({ ...by, payout, minReserve: 1n }), [stranger], code("NotOperator"));
        refuse(world, extendLedger({ ...by, rows: 1 }), [stranger], code("NotOperator"));
        refuse(world, closeLedger(by), [stranger], code("NotOperator"));
      },
    );

    attack(FILE, "account parent", "refuses another token account of IU in the vault's place", () => {
      const world = busyWorld();
      const other = addressOf("another vault");
      plantTokenAccount(world.machine, other, world.deployment.mint, world.config, { amount: RESERVE });
      refuse(world, swap(depositOf(world), world.vault, other), [alice], code("WrongVault"));
      const out = withdraw({
        deployment: world.deployment,
        owner: alice.publicKey,
        destination: world.tokens(alice),
        amount: 1n,
      });
      refuse(world, swap(out, world.vault, other), [alice], code("WrongVault"));
    });
  });
});
