import { SYSTEM_PROGRAM, toAddress } from "@tolldns/sdk";
import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import {
  busyStake,
  DAY,
  deployedStake,
  initializeOf,
  ONE,
  openStake,
  PARTIES,
  POCKET,
  type StakeWorld,
  TERMS,
} from "../../programs/stake/world.ts";
import { plantTokenAccount } from "../../programs/world/tokens.ts";
import { lowerBump } from "../bumps.ts";
import { attack, code, refuse } from "./attack.ts";
import { ATTEMPTS, administered, NEXT, owned } from "./catalogue.ts";

const FILE = import.meta.url;
const { alice, bob, carol, authority, guardian, slasher, stranger } = PARTIES;
const MAX = 0xffff_ffff_ffff_ffffn;
const text = (value: string) => new TextEncoder().encode(value);
const attempt = (name: string) => (ATTEMPTS[name] as (typeof ATTEMPTS)[string])();

describe("stake: arguments at their edges", () => {
  attack(FILE, "amount edges", "stakes from one unit to all there is, and not nothing nor more", () => {
    const world = busyStake();
    refuse(world, world.stakeOf(alice, bob, 0n), [bob], code("AmountZero"));
    world.must(world.stakeOf(alice, bob, 1n), [bob]);
    const rest = world.purse(bob);
    // The token program's own refusal.
    refuse(world, world.stakeOf(alice, bob, rest + 1n), [bob], 1);
    world.must(world.stakeOf(alice, bob, rest), [bob]);
    expect(world.purse(bob)).equal(0n);
  });

  attack(FILE, "amount overflow", "refuses a stake or a sum of stakes past 64 bits", () => {
    const world = busyStake();
    const pool = world.operator(alice).pool;
    plantTokenAccount(world.machine, world.tokens(bob), world.deployment.mint, bob.publicKey, {
      amount: MAX,
    });
    refuse(world, world.stakeOf(alice, bob, MAX), [bob], code("AmountOverflow"));
    refuse(world, world.stakeOf(alice, bob, MAX - pool + 1n), [bob], code("AmountOverflow"));
    // What a tier makes of shares is counted in 64 bits too.
    refuse(world, world.stakeOf(alice, bob, MAX / 2n + 1n, 3), [bob], code("AmountOverflow"));
  });

  attack(FILE, "amount edges", "lets out between one share and all, and not nothing nor more", () => {
    const world = busyStake();
    const { shares } = world.position(alice, carol);
    refuse(world, world.exitOf(alice, carol, 0n), [carol], code("AmountZero"));
    refuse(world, world.exitOf(alice, carol, shares + 1n), [carol], code("SharesInsufficient"));
    refuse(world, world.exitOf(alice, carol, MAX), [carol], code("SharesInsufficient"));
    world.must(world.exitOf(alice, carol, 1n), [carol]);
    world.must(world.exitOf(alice, carol, shares - 1n), [carol]);
    refuse(world, world.exitOf(alice, carol, 1n), [carol], code("SharesInsufficient"));
  });

  const terms = (change: Partial<stake.StakeTerms>) => ({ ...TERMS, ...change });
  const tiers = (at: number, change: Partial<stake.Tier>) =>
    TERMS.tiers.map((tier, i) =>
      i === at ? { ...tier, ...change } : tier,
    ) as unknown as stake.StakeTerms["tiers"];
  for (const [row, what, change, error] of [
    ["amount edges", "an exit delay below 8 days", { exitDelay: 8 * DAY - 1 }, "ExitDelayInvalid"],
    ["amount edges", "an exit delay of nothing", { exitDelay: 0 }, "ExitDelayInvalid"],
    ["amount edges", "an exit delay above 90 days", { exitDelay: 90 * DAY + 1 }, "ExitDelayInvalid"],
    ["amount edges", "no least self-stake", { leastSelfStake: 0n }, "LeastStakeInvalid"],
    ["basis points", "a tier of 9 999", { tiers: tiers(0, { weightBps: 9_999 }) }, "TiersInvalid"],
    ["basis points", "a tier of 40 001", { tiers: tiers(3, { weightBps: 40_001 }) }, "TiersInvalid"],
    [
      "amount edges",
      "a lock above four years",
      { tiers: tiers(3, { lock: 4 * 365 * DAY + 1 }) },
      "TiersInvalid",
    ],
    ["amount edges", "a lock below the tier's before", { tiers: tiers(3, { lock: DAY }) }, "TiersInvalid"],
    [
      "basis points",
      "an equivocation for nothing",
      { slashBps: { ...TERMS.slashBps, equivocation: 0 } },
      "SlashInvalid",
    ],
    [
      "basis points",
      "an equivocation of 10 001",
      { slashBps: { ...TERMS.slashBps, equivocation: 10_001 } },
      "SlashInvalid",
    ],
    [
      "basis points",
      "a false root of 10 001",
      { slashBps: { ...TERMS.slashBps, falseRoot: 10_001 } },
      "SlashInvalid",
    ],
    [
      "basis points",
      "an omission of 5 001",
      { slashBps: { ...TERMS.slashBps, omission: 5_001 } },
      "SlashInvalid",
    ],
    ["basis points", "a reporter's share of 2 001", { reporterBps: 2_001 }, "SlashInvalid"],
    ["basis points", "burning 10 001", { burnBps: 10_001 }, "SlashInvalid"],
  ] as [string, string, Partial<stake.StakeTerms>, string][])
    attack(FILE, row as "basis points", `refuses terms with ${what}, at first and later`, () => {
      const world = openStake();
      const set = stake.setTerms({ ...administered(world), terms: terms(change) });
      refuse(world, set, [authority], code(error));
      const fresh = deployedStake();
      const good = initializeOf(fresh);
      const data = good.data.slice();
      data.set(set.data.subarray(1), 1);
      refuse(fresh, { ...good, data }, [authority], code(error));
    });

  for (const [equivocation, reporterBps, burnBps] of [
    [1, 0, 0],
    [9_999, 2_000, 9_999],
    [10_000, 2_000, 10_000],
  ] as const)
    attack(
      FILE,
      "basis points",
      `slashes ${equivocation}, pays ${reporterBps}, burns ${burnBps}, to the unit`,
      () => {
        const world = busyStake();
        const slashBps = { ...TERMS.slashBps, equivocation };
        world.must(
          stake.setTerms({ ...administered(world), terms: terms({ slashBps, reporterBps, burnBps }) }),
          [authority],
        );
        world.must(world.stakeOf(alice, bob, 7n), [bob]);
        const { pool } = world.operator(alice);
        const [vault, supply] = [world.vaultTokens(), world.supply()];
        world.must(world.slashOf(alice, "equivocation", world.tokens(stranger)), [slasher]);
        const taken = (pool * BigInt(equivocation)) / 10_000n;
        const reward = (taken * BigInt(reporterBps)) / 10_000n;
        const burned = ((taken - reward) * BigInt(burnBps)) / 10_000n;
        expect(world.operator(alice).pool).equal(pool - taken);
        expect(vault - world.vaultTokens()).equal(taken);
        expect(world.purse(stranger)).equal(POCKET + reward);
        expect(supply - world.supply()).equal(burned);
        expect(world.treasuryTokens()).equal(taken - reward - burned);
      },
    );

  for (const [commissionBps, good] of [
    [0, true],
    [5_000, true],
    [5_001, false],
    [9_999, false],
    [10_001, false],
    [65_535, false],
  ] as const)
    attack(FILE, "basis points", `${good ? "takes" : "refuses"} a commission of ${commissionBps}`, () => {
      const world = openStake();
      const register = world.registerOf(carol, commissionBps);
      if (good) world.must(register, [carol]);
      else refuse(world, register, [carol], code("CommissionTooHigh"));
    });

  attack(FILE, "vector edges", "takes endpoints from none to 128 bytes of visible ASCII", () => {
    const world = busyStake();
    const node = { ...owned(world), number: 0, region: 0, asn: 0 };
    for (const endpoint of ["", "x", "~".repeat(128)]) {
      world.must(stake.setNode({ ...node, endpoint }), [alice]);
      expect(world.node(alice, 0).endpoint).equal(endpoint);
    }
    for (const endpoint of ["x".repeat(129), "a b", "a\u0000", "\u00e4", "\n"]) {
      refuse(world, stake.setNode({ ...node, endpoint }), [alice], code("EndpointInvalid"));
      const add = stake.addNode({ ...node, number: 1, role: "cache", hotKey: NEXT.publicKey, endpoint });
      refuse(world, add, [alice], code("EndpointInvalid"));
    }
  });

  attack(FILE, "vector edges", "takes no proof but one of the tree's depth", () => {
    const world = busyStake();
    world.must(world.stakeOf(alice, carol, ONE), [carol]);
    for (const bytes of [0, 39, 41, 80, 800, 840]) {
      const sync = stake.sync({ ...owned(world), proof: new Uint8Array(bytes) });
      refuse(world, sync, [], code("TreeProof"));
    }
  });

  attack(FILE, "ragged length", "reads no endpoint or proof whose length is not what is there", () => {
    for (const [name, at] of [
      ["add_node", 42],
      ["set_node", 7],
      ["request_exit", 9],
      ["sync", 1],
    ] as const)
      for (const by of [-1, 1, 100]) {
        const { world, instruction, signers } = attempt(name);
        const data = instruction.data.slice();
        data[at] = ((data[at] as number) + by) & 255;
        refuse(world, { ...instruction, data }, signers, code("InstructionLength"));
      }
  });

  attack(FILE, "trailing bytes", "knows one length of each instruction, and no other instruction", () => {
    for (const prepare of Object.values(ATTEMPTS)) {
      const { world, instruction, signers } = prepare();
      const { data } = instruction;
      const longer = Uint8Array.from([...data, 0]);
      refuse(world, { ...instruction, data: longer }, signers, code("InstructionLength"));
      if (data.length > 1)
        refuse(world, { ...instruction, data: data.slice(0, -1) }, signers, code("InstructionLength"));
    }
    const world = busyStake();
    const instruction = stake.retireOperator(owned(world));
    for (const discriminator of [8, 9, 14, 19, 24, 29, 35, 41, 51, 255])
      refuse(
        world,
        { ...instruction, data: Uint8Array.of(discriminator) },
        [alice],
        code("InstructionUnknown"),
      );
    refuse(world, { ...instruction, data: new Uint8Array(0) }, [alice], code("InstructionUnknown"));
  });

  const withByte = (instruction: stake.Instruction, at: number, value: number): stake.Instruction => {
    const data = instruction.data.slice();
    data[at] = value;
    return { ...instruction, data };
  };
  attack(FILE, "unknown enum", "knows no role, tier, offence or flag but those there are", () => {
    const world = busyStake();
    for (const role of [0, 8, 255])
      refuse(world, withByte(world.addNodeOf(alice, 1, "cache"), 3, role), [alice], code("RoleInvalid"));
    for (const tier of [4, 255])
      refuse(world, withByte(world.stakeOf(alice, bob, ONE), 9, tier), [bob], code("TierUnknown"));
    for (const offence of [0, 4, 255]) {
      const slash = world.slashOf(alice, "omission", world.tokens(stranger));
      refuse(world, withByte(slash, 1, offence), [slasher], code("OffenceUnknown"));
    }
    const { deployment } = world;
    const pause = stake.setPaused({ deployment, signer: guardian.publicKey, paused: true });
    for (const flag of [2, 255]) refuse(world, withByte(pause, 1, flag), [guardian], code("FlagInvalid"));
  });

  attack(FILE, "witness", "refuses a second witness node, and a key of all zeroes", () => {
    const world = busyStake();
    refuse(world, world.addNodeOf(alice, 1, "witness"), [alice], code("WitnessExists"));
    const none = new Uint8Array(32);
    const node = { ...owned(world), number: 0 };
    refuse(world, stake.rotateHotKey({ ...node, hotKey: none }), [alice], code("HotKeyInvalid"));
    const add = stake.addNode({
      ...node,
      number: 1,
      role: "cache",
      region: 0,
      asn: 0,
      hotKey: none,
      endpoint: "",
    });
    refuse(world, add, [alice], code("HotKeyInvalid"));
    world.must(stake.removeNode(node), [alice]);
    world.must(world.addNodeOf(alice, 1, "witness"), [alice]);
  });

  attack(
    FILE,
    "witness",
    "takes another operator's key as one's own for what it is worth: one's own weight",
    () => {
      const world = busyStake();
      const hotKey = world.operator(alice).witness as Uint8Array;
      world.must(stake.rotateHotKey({ ...owned(world, bob), number: 0, hotKey }), [bob]);
      world.must(world.syncOf(bob), []);
      expect(world.tree().total).equal(1_800n * ONE);
      expect(world.operator(alice).listed?.weight).equal(1_300n * ONE);
    },
  );
});

describe("stake: addresses", () => {
  const creations: [string, number, (world: StakeWorld) => readonly Uint8Array[]][] = [
    ["initialize", 1, () => [text("stake")]],
    ["initialize", 2, () => [text("tree")]],
    ["initialize", 3, () => [text("stake-vault")]],
    ["register_operator", 2, () => [text("operator"), carol.publicKey]],
    ["add_node", 3, (world) => [text("node"), world.operatorAddress(alice), Uint8Array.of(1, 0)]],
    ["stake", 3, (world) => [text("position"), world.operatorAddress(alice), bob.publicKey]],
    ["request_exit", 5, (world) => [text("exit"), world.positionAddress(alice, carol), new Uint8Array(4)]],
  ];
  for (const [name, at, seeds] of creations) {
    attack(
      FILE,
      "account bump",
      `makes account ${at} of ${name} at no lower bump than the canonical one`,
      () => {
        const { world, instruction, signers } = attempt(name);
        const address = lowerBump(world.deployment.stake, seeds(world));
        const accounts = instruction.accounts.map((meta, i) => (i === at ? { ...meta, address } : meta));
        refuse(world, { ...instruction, accounts }, signers, "InvalidSeeds");
      },
    );
    attack(
      FILE,
      "account prefunded",
      `makes account ${at} of ${name} though a stranger sent lamports there`,
      () => {
        for (const lamports of [1n, 10_000_000_000n]) {
          const { world, instruction, signers } = attempt(name);
          const { address } = instruction.accounts[at] as stake.AccountMeta;
          world.machine.plant(address, {
            data: new Uint8Array(0),
            owner: toAddress(SYSTEM_PROGRAM),
            lamports,
          });
          world.must(instruction, signers);
          expect(world.machine.data(address).length).greaterThan(0);
        }
      },
    );
  }

  attack(FILE, "account initialised twice", "opens no operator and no node over one that is there", () => {
    const world = busyStake();
    const before = world.operator(alice);
    expect(world.send(world.registerOf(alice), [alice]).error).not.equal(undefined);
    expect(world.send(world.addNodeOf(alice, 0, "cache"), [alice]).error).not.equal(undefined);
    expect(world.operator(alice)).eql(before);
    expect(world.node(alice, 0).role).equal("witness");
  });

  for (const row of ["account revived", "close and reopen"] as const)
    attack(FILE, row, `${row}: a position closed and opened in one transaction starts from nothing`, () => {
      const { world, instruction } = attempt("close_position");
      world.must([instruction, world.stakeOf(alice, carol, 5n * ONE, 1)], [carol]);
      expect(world.position(alice, carol)).include({ shares: 5n * ONE, tier: 1, exits: 0, nextExit: 0 });
      expect(world.operator(alice).shares).equal(1_005n * ONE);
      refuse(world, world.closePositionOf(alice, carol), [carol], code("PositionNotEmpty"));
      world.pass(30 * DAY);
      world.must(world.exitOf(alice, carol, 5n * ONE), [carol]);
      refuse(world, world.closePositionOf(alice, carol), [carol], code("PositionNotEmpty"));
      world.pass(TERMS.exitDelay);
      const out = world.withdrawOf(alice, carol, 0);
      // The Exit is gone with the withdrawal: once more in one transaction pays nothing.
      expect(world.send([out, out], [carol]).error).not.equal(undefined);
      world.must(out, [carol]);
      expect(world.send(out, [carol]).error).not.equal(undefined);
      expect(world.purse(carol)).equal(POCKET);
    });
});
