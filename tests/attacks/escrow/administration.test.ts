import { expect } from "chai";
import { setUpgradeAuthority } from "../../programs/world/deploy.ts";
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
import {
  busyWorld,
  deployedWorld,
  GRACE,
  initializeOf,
  NOON,
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

describe("escrow: administration", () => {
  describe("initialisation", () => {
    attack(FILE, "stranger initialises", "lets nobody but the upgrade authority initialise", () => {
      const world = deployedWorld();
      world.machine.airdrop(stranger.publicKey, 10_000_000_000n);
      refuse(world, initializeOf(world, stranger), [stranger], code("NotUpgradeAuthority"));
      world.must(initializeOf(world), [authority]);
    });

    attack(
      FILE,
      "stranger initialises",
      "lets no former upgrade authority initialise, but the one it handed on to",
      () => {
        const world = deployedWorld();
        const { deployment, machine } = world;
        machine.airdrop(NEXT.publicKey, 10_000_000_000n);
        world.must(setUpgradeAuthority(deployment.escrow, authority, NEXT.publicKey), [authority]);
        refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
        world.must(initializeOf(world, NEXT), [NEXT]);
        expect(world.readConfig().authority).eql(NEXT.publicKey);
      },
    );

    attack(FILE, "stranger initialises", "initialises no program that nobody can upgrade any more", () => {
      const world = deployedWorld();
      world.must(setUpgradeAuthority(world.deployment.escrow, authority, undefined), [authority]);
      refuse(world, initializeOf(world), [authority], code("NotUpgradeAuthority"));
    });

    attack(
      FILE,
      "stranger initialises",
      "reads the upgrade authority from this program's ProgramData and no other account",
      () => {
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
      },
    );
  });

  describe("authority", () => {
    attack(FILE, "one-step handover", "keeps the authority until the proposed one accepts", () => {
      const world = busyWorld();
      const { deployment } = world;
      world.must(
        proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }),
        [authority],
      );
      expect(world.readConfig().authority).eql(authority.publicKey);
      expect(world.readConfig().pendingAuthority).eql(NEXT.publicKey);
    });

    attack(
      FILE,
      "one-step handover",
      "lets nobody accept who wasn't proposed, and nobody when nobody was",
      () => {
        const world = busyWorld();
        const { deployment } = world;
        for (const key of [stranger, authority])
          refuse(
            world,
            acceptAuthority({ deployment, pendingAuthority: key.publicKey }),
            [key],
            code("NotPendingAuthority"),
          );
        world.must(
          proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }),
          [authority],
        );
        refuse(
          world,
          acceptAuthority({ deployment, pendingAuthority: stranger.publicKey }),
          [stranger],
          code("NotPendingAuthority"),
        );
        // Taken back by proposing nobody.
        world.must(
          proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: new Uint8Array(32) }),
          [authority],
        );
        refuse(
          world,
          acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }),
          [NEXT],
          code("NotPendingAuthority"),
        );
      },
    );

    attack(FILE, "pending authority", "gives a proposed authority no power before it accepts", () => {
      const world = busyWorld();
      const { deployment } = world;
      world.must(
        proposeAuthority({ deployment, authority: authority.publicKey, newAuthority: NEXT.publicKey }),
        [authority],
      );
      const by = { deployment, authority: NEXT.publicKey };
      refuse(world, setGuardian({ ...by, guardian: NEXT.publicKey }), [NEXT], code("NotAuthority"));
      refuse(world, proposeAuthority({ ...by, newAuthority: NEXT.publicKey }), [NEXT], code("NotAuthority"));
      refuse(
        world,
        setPaused({ deployment, signer: NEXT.publicKey, paused: true }),
        [NEXT],
        code("NotGuardian"),
      );
    });

    attack(FILE, "previous authority", "takes all power from the previous authority and guardian", () => {
      const world = busyWorld();
      const { deployment, treasury, namesPool } = world;
      const by = { deployment, authority: authority.publicKey };
      world.must(setGuardian({ ...by, guardian: NEXT.publicKey }), [authority]);
      refuse(
        world,
        setPaused({ deployment, signer: guardian.publicKey, paused: true }),
        [guardian],
        code("NotGuardian"),
      );
      world.must(proposeAuthority({ ...by, newAuthority: NEXT.publicKey }), [authority]);
      world.must(acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }), [NEXT]);
      refuse(world, setGuardian({ ...by, guardian: authority.publicKey }), [authority], code("NotAuthority"));
      refuse(
        world,
        proposeAuthority({ ...by, newAuthority: authority.publicKey }),
        [authority],
        code("NotAuthority"),
      );
      refuse(world, setTreasury({ ...by, treasury, namesPool }), [authority], code("NotAuthority"));
      refuse(
        world,
        setPaused({ deployment, signer: authority.publicKey, paused: true }),
        [authority],
        code("NotGuardian"),
      );
      refuse(
        world,
        acceptAuthority({ deployment, pendingAuthority: NEXT.publicKey }),
        [NEXT],
        code("NotPendingAuthority"),
      );
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
      refuse(
        world,
        setPaused({ deployment, signer: guardian.publicKey, paused: false }),
        [guardian],
        code("NotAuthority"),
      );
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
      world.must(
        closeLane({ ...aliceLane(world), lane: 1, owner: bob.publicKey, closer: operator.publicKey }),
        [operator],
      );
      machine.setTime(NOON + BigInt(GRACE));
      world.must(closeLane({ ...aliceLane(world), closer: alice.publicKey }), [alice]);
      for (const party of [alice, bob]) {
        const owner = party.publicKey;
        const amount = world.readBalance(party)?.free ?? 0n;
        world.must(withdraw({ deployment, owner, destination: world.tokens(party), amount }), [party]);
        world.must(closeBalance({ deployment, owner }), [party]);
      }
      world.must(distribute({ deployment, ledger, payout, namesPool, treasury }), []);
      world.must(setLedger({ deployment, operator: operator.publicKey, ledger, payout, minReserve: 5n }), [
        operator,
      ]);
      world.must(closeLedger({ deployment, operator: operator.publicKey, ledger }), [operator]);
      expect(world.vaultTokens()).equal(0n);
    });
  });
});
