import { expect } from "chai";
import { keyOf } from "../../programs/world/keys.ts";
import {
  acceptAuthority,
  closeBalance,
  closeLane,
  closeLedger,
  deposit,
  distribute,
  extendLedger,
  type Instruction,
  openLane,
  openLedger,
  proposeAuthority,
  rekeyLane,
  requestClose,
  revokeLane,
  setGuardian,
  setLedger,
  setPaused,
  setTreasury,
  settle,
  topUpLane,
  withdraw,
} from "../../programs/world/sdk.ts";
import { setUpgradeAuthority } from "../../programs/world/deploy.ts";
import {
  busyWorld,
  deployedWorld,
  GRACE,
  initializeOf,
  NOON,
  openedWorld,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, bob, operator, authority, guardian, stranger } = PARTIES;
const NEXT = keyOf("next authority");
const aliceLane = ({ deployment, ledger }: World) => ({
  deployment,
  ledger,
  lane: 0,
  generation: 1,
  owner: alice.publicKey,
});

describe("escrow: signers and administration", () => {
  describe("initialisation", () => {
    attack(FILE, "stranger initialises", "lets nobody but the upgrade authority initialise", () => {
      const world = deployedWorld();
      world.machine.airdrop(stranger.publicKey, 10_000_000_000n);
      refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
      world.must(initializeOf(world), [authority]);
    });

    attack(FILE, "stranger initialises", "lets no former upgrade authority initialise, but the one it handed on to", () => {
      const world = deployedWorld();
      const { deployment, machine } = world;
      machine.airdrop(NEXT.publicKey, 10_000_000_000n);
      world.must(setUpgradeAuthority(deployment.escrow, authority, NEXT.publicKey), [authority]);
      refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
      world.must(initializeOf(world, NEXT), [NEXT]);
      expect(world.readConfig().authority).eql(NEXT.publicKey);
    });

    attack(FILE, "stranger initialises", "initialises no program that nobody can upgrade any more", () => {
      const world = deployedWorld();
      world.must(setUpgradeAuthority(world.deployment.escrow, authority, undefined), [authority]);
      refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
    });

    attack(FILE, "stranger initialises", "reads the upgrade authority from this program's ProgramData and no other account", () => {
      const world = deployedWorld();
      world.machine.airdrop(stranger.publicKey, 10_000_000_000n);
      const instruction = initializeOf(world, stranger);
      const real = instruction.accounts[6];
      if (real === undefined) throw new Error("no program_data");
      const forged = world.machine.data(real.address).slice();
      forged.set(stranger.publicKey, 13);
      const copy = keyOf("forged program data").publicKey;
      const loader = world.machine.account(real.address)?.owner as Uint8Array;
      world.machine.plant(copy, { data: forged, owner: loader });
      const accounts = instruction.accounts.map((meta, i) => (i === 6 ? { ...meta, address: copy } : meta));
      refuse(world, { ...instruction, accounts }, [stranger], code("ProgramDataInvalid"));
      // Right address, but not the loader's, or not a ProgramData account: states that no cluster has.
      world.machine.plant(real.address, { data: forged, owner: stranger.publicKey });
      refuse(world, instruction, [stranger], code("ProgramDataInvalid"));
      for (const kind of [0, 1, 2]) {
        forged[0] = kind;
        world.machine.plant(real.address, { data: forged, owner: loader });
        refuse(world, instruction, [stranger], code("ProgramDataInvalid"));
      }
      world.machine.plant(real.address, { data: new Uint8Array(44), owner: loader });
      refuse(world, instruction, [stranger], code("ProgramDataInvalid"));
    });
  });

  describe("a stranger", () => {
    const administrative: [string, (world: World) => Instruction][] = [
      ["propose_authority", ({ deployment }) => proposeAuthority({ deployment, authority: stranger.publicKey, newAuthority: stranger.publicKey })],
      ["set_guardian", ({ deployment }) => setGuardian({ deployment, authority: stranger.publicKey, guardian: stranger.publicKey })],
      ["set_treasury", ({ deployment, treasury, namesPool }) => setTreasury({ deployment, authority: stranger.publicKey, treasury, namesPool })],
      ["set_paused 0", ({ deployment }) => setPaused({ deployment, signer: stranger.publicKey, paused: false })],
    ];
    for (const [name, make] of administrative)
      attack(FILE, "stranger", `may not ${name}`, () => {
        const world = busyWorld();
        refuse(world, make(world), [stranger], code("NotAuthority"));
      });

    attack(FILE, "stranger", "may not pause", () => {
      const world = busyWorld();
      const { deployment } = world;
      refuse(world, setPaused({ deployment, signer: stranger.publicKey, paused: true }), [stranger], code("NotGuardian"));
    });

    const laneOwner: [string, (world: World) => Instruction, string][] = [
      ["revoke_lane", (world) => revokeLane({ ...aliceLane(world), owner: stranger.publicKey }), "LaneOwner"],
      ["request_close", (world) => requestClose({ ...aliceLane(world), owner: stranger.publicKey }), "LaneOwner"],
      [
        "rekey_lane, even with the operator",
        (world) =>
          rekeyLane({
            ...aliceLane(world),
            owner: stranger.publicKey,
            sessionKey: stranger.publicKey,
            operator: operator.publicKey,
          }),
        "LaneOwner",
      ],
      ["close_lane before it is due", (world) => closeLane({ ...aliceLane(world), closer: stranger.publicKey }), "LaneNotClosing"],
    ];
    for (const [name, make, error] of laneOwner)
      attack(FILE, "stranger", `may not ${name}`, () => {
        const world = busyWorld();
        const signers = name.startsWith("rekey") ? [stranger, operator] : [stranger];
        refuse(world, make(world), signers, code(error));
      });

    attack(FILE, "stranger", "may not top up a lane of another owner from its own balance", () => {
      const world = busyWorld();
      refuse(world, topUpLane({ ...aliceLane(world), owner: bob.publicKey, amount: 1n }), [bob], code("LaneOwner"));
    });

    attack(FILE, "stranger", "may not withdraw, close a Balance or open a lane in another's name", () => {
      const world = busyWorld();
      const { deployment, ledger } = world;
      const owner = alice.publicKey;
      const named = [
        withdraw({ deployment, owner, destination: world.tokens(stranger), amount: 1n }),
        closeBalance({ deployment, owner }),
        openLane({ deployment, owner, ledger, lane: 2, sessionKey: stranger.publicKey, reserve: RESERVE }),
      ];
      for (const instruction of named) {
        const swapped = {
          ...instruction,
          accounts: instruction.accounts.map((meta, i) => (i === 0 ? { ...meta, address: stranger.publicKey } : meta)),
        };
        refuse(world, swapped, [stranger], "InvalidSeeds");
      }
    });

    attack(FILE, "stranger", "may not close a lane into another Balance than its owner's", () => {
      const world = busyWorld();
      world.must(requestClose(aliceLane(world)), [alice]);
      world.machine.setTime(NOON + BigInt(GRACE));
      const into = closeLane({ ...aliceLane(world), owner: bob.publicKey, closer: bob.publicKey });
      refuse(world, into, [bob], code("BalanceOwner"));
      const byOperator = closeLane({ ...aliceLane(world), owner: bob.publicKey, closer: operator.publicKey });
      refuse(world, byOperator, [operator], code("BalanceOwner"));
    });
  });

  describe("authority", () => {
    attack(FILE, "one-step handover", "keeps the authority until the proposed one accepts", () => {
      const world = busyWorld();
      const { deployment } = world;
      world.must(proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }), [authority]);
      expect(world.readConfig().authority).eql(authority.publicKey);
      expect(world.readConfig().pendingAuthority).eql(NEXT.publicKey);
    });

    attack(FILE, "one-step handover", "lets nobody accept who wasn't proposed, and nobody when nobody was", () => {
      const world = busyWorld();
      const { deployment } = world;
      for (const key of [stranger, authority])
        refuse(world, acceptAuthority({ deployment, pendingAuthority: key.publicKey }), [key], code("NotPendingAuthority"));
      world.must(proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }), [authority]);
      refuse(world, acceptAuthority({ deployment, pendingAuthority: stranger.publicKey }), [stranger], code("NotPendingAuthority"));
      // Taken back by proposing nobody.
      world.must(proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: new Uint8Array(32) }), [authority]);
      refuse(world, acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }), [NEXT], code("NotPendingAuthority"));
    });

    attack(FILE, "pending authority", "gives a proposed authority no power before it accepts", () => {
      const world = busyWorld();
      const { deployment } = world;
      world.must(proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }), [authority]);
      const by = { deployment, authority: NEXT.publicKey };
      refuse(world, setGuardian({ ...by, guardian: NEXT.publicKey }), [NEXT], code("NotAuthority"));
      refuse(world, proposeAuthority({ ...by, newAuthority: NEXT.publicKey }), [NEXT], code("NotAuthority"));
      refuse(world, setPaused({ deployment, signer: NEXT.publicKey, paused: true }), [NEXT], code("NotGuardian"));
    });

    attack(FILE, "previous authority", "takes all power from the previous authority and guardian", () => {
      const world = busyWorld();
      const { deployment, treasury, namesPool } = world;
      const by = { deployment, authority: authority.publicKey };
      world.must(setGuardian({ ...by, guardian: NEXT.publicKey }), [authority]);
      refuse(world, setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian], code("NotGuardian"));
      world.must(proposeAuthority({ ...by, newAuthority: NEXT.publicKey }), [authority]);
      world.must(acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }), [NEXT]);
      refuse(world, setGuardian({ ...by, guardian: authority.publicKey }), [authority], code("NotAuthority"));
      refuse(world, proposeAuthority({ ...by, newAuthority: authority.publicKey }), [authority], code("NotAuthority"));
      refuse(world, setTreasury({ ...by, treasury, namesPool }), [authority], code("NotAuthority"));
      refuse(world, setPaused({ deployment, signer: authority.publicKey, paused: true }), [authority], code("NotGuardian"));
      refuse(world, acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }), [NEXT], code("NotPendingAuthority"));
    });
  });

  describe("pause", () => {
    const paused = () => {
      const world = busyWorld();
      const { deployment } = world;
      const records = [world.record(SESSIONS.alice, 0, 1_000n)];
      world.must(setPaused({ deployment, signer: guardian.publicKey, paused: true }), [guardian]);
      return { world, deployment, records };
    };

    attack(FILE, "stranger", "lets the guardian pause and not resume", () => {
      const { world, deployment } = paused();
      refuse(world, setPaused({ deployment, signer: guardian.publicKey, paused: false }), [guardian], code("NotAuthority"));
      world.must(setPaused({ deployment, signer: authority.publicKey, paused: false }), [authority]);
      expect(world.readConfig().paused).equal(false);
    });

    attack(FILE, "pause blocks exit", "stops deposits, ledgers and lanes while paused", () => {
      const { world, deployment } = paused();
      const { ledger, payout } = world;
      const owner = alice.publicKey;
      const by = { deployment, operator: operator.publicKey };
      const stopped: [Instruction, typeof alice][] = [
        [deposit({ deployment, owner, source: world.tokens(alice), amount: 1n }), alice],
        [openLane({ deployment, owner, ledger, lane: 2, sessionKey: owner, reserve: RESERVE }), alice],
        [topUpLane({ ...aliceLane(world), amount: 1n }), alice],
        [openLedger({ ...by, index: 1, payout, minReserve: 1n }), operator],
        [extendLedger({ ...by, ledger, rows: 1 }), operator],
      ];
      for (const [instruction, signer] of stopped) refuse(world, instruction, [signer], code("Paused"));
    });

    attack(FILE, "pause blocks exit", "lets payers and operator leave with everything while paused", () => {
      const { world, deployment, records } = paused();
      const { ledger, payout, namesPool, treasury, machine } = world;
      world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
      world.must(revokeLane(aliceLane(world)), [alice]);
      world.must(
        rekeyLane({ ...aliceLane(world), sessionKey: alice.publicKey, operator: operator.publicKey }),
        [alice, operator],
      );
      world.must(requestClose(aliceLane(world)), [alice]);
      world.must(closeLane({ ...aliceLane(world), lane: 1, owner: bob.publicKey, closer: operator.publicKey }), [operator]);
      machine.setTime(NOON + BigInt(GRACE));
      world.must(closeLane({ ...aliceLane(world), closer: alice.publicKey }), [alice]);
      for (const party of [alice, bob]) {
        const owner = party.publicKey;
        const amount = world.readBalance(party)?.free ?? 0n;
        world.must(withdraw({ deployment, owner, destination: world.tokens(party), amount }), [party]);
        world.must(closeBalance({ deployment, owner }), [party]);
      }
      world.must(distribute({ deployment, ledger, payout, namesPool, treasury }), []);
      world.must(setLedger({ deployment, operator: operator.publicKey, ledger, payout, minReserve: 5n }), [operator]);
      world.must(closeLedger({ deployment, operator: operator.publicKey, ledger }), [operator]);
      expect(world.vaultTokens()).equal(0n);
    });
  });

  attack(FILE, "parameter in epoch", "changes nothing about lanes that are open when the operator changes its terms", () => {
    const world = busyWorld();
    const { deployment, ledger, payout } = world;
    const before = world.readLane(0);
    world.must(
      setLedger({ deployment, operator: operator.publicKey, ledger, payout, minReserve: 50n * RESERVE }),
      [operator],
    );
    expect(world.readLane(0)).eql(before);
    world.must(topUpLane({ ...aliceLane(world), amount: 1n }), [alice]);
    const records = [world.record(SESSIONS.alice, 0, 10n)];
    world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
    expect(world.readLedger().graceSeconds).equal(GRACE);
  });

  describe("rekey", () => {
    attack(FILE, "stranger", "takes no other operator's agreement to a new session key", () => {
      const world = busyWorld();
      const rekey = rekeyLane({ ...aliceLane(world), sessionKey: bob.publicKey, operator: stranger.publicKey });
      refuse(world, rekey, [alice, stranger], code("NotOperator"));
    });

    attack(FILE, "stranger", "lets no owner void what the operator holds by a new session key", () => {
      const world = busyWorld();
      const rekey = rekeyLane({ ...aliceLane(world), sessionKey: bob.publicKey });
      refuse(world, rekey, [alice], code("OperatorSignatureMissing"));
      world.must(revokeLane(aliceLane(world)), [alice]);
      refuse(world, rekey, [alice], code("OperatorSignatureMissing"));
    });

    attack(FILE, "revoked key", "takes a revoked key's vouchers until the deadline and none after a new key is in place", () => {
      const world = busyWorld();
      const { deployment, ledger, machine } = world;
      const settleOf = (amount: bigint, session = SESSIONS.alice) =>
        settle({ deployment, ledger, batch: { baseDay: TODAY, records: [world.record(session, 0, amount)] } });
      world.must(revokeLane(aliceLane(world)), [alice]);
      world.must(settleOf(10n), []);
      machine.setTime(NOON + BigInt(GRACE));
      refuse(world, settleOf(20n), [], code("VoucherTooLate"));
      const fresh = keyOf("fresh session");
      world.must(rekeyLane({ ...aliceLane(world), sessionKey: fresh.publicKey }), [alice]);
      refuse(world, settleOf(30n), [], code("VoucherSignature"));
      world.must(settleOf(30n, fresh), []);
      expect(world.readLane(0)).include({ settled: 30n, state: "open", deadline: 0n, generation: 1 });
    });
  });
});
