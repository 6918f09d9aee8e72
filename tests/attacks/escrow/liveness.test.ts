import { expect } from "chai";
import { settleMany, wideWorld } from "../../programs/costs/measure.ts";
import {
  closeLane,
  closeLedger,
  deposit,
  distribute,
  extendLedger,
  openLane,
  requestClose,
  setGuardian,
  setLedger,
  settle,
} from "../../programs/world/sdk.ts";
import {
  busyWorld,
  GRACE,
  NOON,
  openedWorld,
  PARTIES,
  RESERVE,
  ROWS,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { addProxy, DERIVED_WALLET, proxied } from "../proxy.ts";
import { attack, refuse } from "./attack.ts";
import { code, IDL } from "./errors.ts";

const FILE = import.meta.url;
const { alice, bob, operator, stranger } = PARTIES;
const MOST_UNITS = 1_400_000;

describe("escrow: cost, liveness and calls by programs", () => {
  attack(
    FILE,
    "largest batch",
    "settles the largest batch of each kind of transaction within its limits",
    () => {
      const wide = wideWorld(128, 60);
      const legacy = settleMany(wide, 13, { cumulative: 10n });
      expect(legacy).include({ error: undefined });
      expect(legacy.size).at.most(1_232);
      expect(legacy.units).at.most(MOST_UNITS);
      const large = settleMany(wide, 52, { cumulative: 20n, version: 1 });
      expect(large).include({ error: undefined });
      expect(large.size).at.most(4_096);
      expect(large.units).at.most(MOST_UNITS);
    },
  );

  attack(FILE, "largest batch", "grows a ledger by its most rows within the limits", () => {
    const world = openedWorld();
    world.machine.airdrop(operator.publicKey, 1_000_000_000_000n);
    const { deployment, ledger } = world;
    const grown = world.must(extendLedger({ deployment, operator: operator.publicKey, ledger, rows: 106 }), [
      operator,
    ]);
    // The default of an instruction, so that no budget need be asked for.
    expect(grown.units).at.most(200_000);
    expect(grown.size).at.most(1_232);
  });

  attack(
    FILE,
    "dust lanes",
    "refuses lanes below the operator's smallest reserve, and lets the operator clear a full ledger at once",
    () => {
      const world = openedWorld();
      const { deployment, ledger } = world;
      world.deposit(stranger, 1_000_000n);
      const owner = stranger.publicKey;
      const open = (lane: number, reserve: bigint) =>
        openLane({ deployment, ledger, owner, lane, sessionKey: owner, reserve });
      refuse(world, open(0, 999n), [stranger], code("ReserveBelowMinimum"));
      for (let lane = 0; lane < ROWS; lane++) world.must(open(lane, 1_000n), [stranger]);
      // Full: nobody else gets in, until the operator acts, which costs the squatter nothing but its place.
      world.deposit(alice, RESERVE);
      const mine = openLane({
        deployment,
        ledger,
        owner: alice.publicKey,
        lane: 0,
        sessionKey: alice.publicKey,
        reserve: RESERVE,
      });
      refuse(world, mine, [alice], code("LaneTaken"));
      for (let lane = 0; lane < ROWS; lane++)
        world.must(
          closeLane({ deployment, ledger, lane, generation: 1, owner, closer: operator.publicKey }),
          [operator],
        );
      expect(world.readBalance(stranger)).include({ free: 1_000_000n, openLanes: 0 });
      world.must(
        setLedger({
          deployment,
          operator: operator.publicKey,
          ledger,
          payout: world.payout,
          minReserve: 2_000n,
        }),
        [operator],
      );
      refuse(world, open(1, 1_000n), [stranger], code("ReserveBelowMinimum"));
      world.must(mine, [alice]);
    },
  );

  attack(
    FILE,
    "close and reopen",
    "makes an owner wait out the grace period for every reopening of a row",
    () => {
      const world = busyWorld();
      const { deployment, ledger, machine } = world;
      const owner = alice.publicKey;
      const reopen = openLane({ deployment, ledger, owner, lane: 0, sessionKey: owner, reserve: RESERVE });
      for (let generation = 1; generation <= 3; generation++) {
        const lane = { deployment, ledger, lane: 0, generation, owner };
        refuse(world, closeLane({ ...lane, closer: owner }), [alice], code("LaneNotClosing"));
        refuse(world, reopen, [alice], code("LaneTaken"));
        world.must(requestClose(lane), [alice]);
        refuse(world, [closeLane({ ...lane, closer: owner }), reopen], [alice], code("LaneNotDue"));
        machine.setTime(NOON + BigInt(GRACE * generation));
        world.must([closeLane({ ...lane, closer: owner }), reopen], [alice]);
        expect(world.readLane(0)).include({ generation: generation + 1, settled: 0n, state: "open" });
      }
      expect(world.readLedger().openLanes).equal(2);
    },
  );

  attack(
    FILE,
    "close and reopen",
    "lets no open lane hold an operator's rent: it closes all lanes and then the ledger",
    () => {
      const world = busyWorld();
      const { deployment, ledger, payout, namesPool, treasury } = world;
      const by = { deployment, operator: operator.publicKey, ledger };
      world.must(
        settle({
          deployment,
          ledger,
          batch: { baseDay: TODAY, records: [world.record(SESSIONS.bob, 1, 10n)] },
        }),
        [],
      );
      refuse(world, closeLedger(by), [operator], code("LedgerHasLanes"));
      for (const [lane, owner] of [
        [0, alice],
        [1, bob],
      ] as const)
        world.must(
          closeLane({
            deployment,
            ledger,
            lane,
            generation: 1,
            owner: owner.publicKey,
            closer: operator.publicKey,
          }),
          [operator],
        );
      refuse(world, closeLedger(by), [operator], code("LedgerUndistributed"));
      const shares = distribute({ deployment, ledger, payout, namesPool, treasury });
      world.must(shares, []);
      refuse(world, shares, [], code("NothingToDistribute"));
      world.must(closeLedger(by), [operator]);
    },
  );

  attack(
    FILE,
    "write-lock",
    "writes nothing that all share when it settles or touches a lane, so that ledgers don't wait for each other",
    () => {
      const writers = (name: string) =>
        IDL.instructions
          .filter(({ accounts }) => accounts.some((account) => account.name === name && account.writable))
          .map((instruction) => instruction.name);
      expect(writers("vault")).eql(["initialize", "deposit", "withdraw", "distribute"]);
      expect(writers("config")).eql([
        "initialize",
        "propose_authority",
        "accept_authority",
        "set_guardian",
        "set_paused",
        "set_treasury",
      ]);
      const settling = IDL.instructions.find(({ name }) => name === "settle");
      expect(settling?.accounts).eql([{ name: "ledger", writable: true }]);
    },
  );

  describe("a program that signs with an address of its own", () => {
    const wallet = DERIVED_WALLET;

    function fixtureWorld(): World {
      const world = busyWorld();
      addProxy(world.machine);
      world.fund(wallet, 10n * RESERVE);
      return world;
    }

    attack(
      FILE,
      "derived signer",
      "treats a derived address that signs by a call as the wallet it is, and as no more",
      () => {
        const world = fixtureWorld();
        const { deployment, ledger } = world;
        const owner = wallet.publicKey;
        const put = deposit({ deployment, owner, source: world.tokens(wallet), amount: 5n * RESERVE });
        world.must(proxied(put), []);
        expect(world.readBalance(wallet)?.free).equal(5n * RESERVE);
        world.must(
          proxied(openLane({ deployment, ledger, owner, lane: 2, sessionKey: owner, reserve: RESERVE })),
          [],
        );
        expect(world.readLane(2).owner).eql(owner);
        refuse(
          world,
          proxied(setGuardian({ deployment, authority: owner, guardian: owner })),
          [],
          code("NotAuthority"),
        );
        const foreign = requestClose({ deployment, ledger, lane: 0, generation: 1, owner });
        refuse(world, proxied(foreign), [], code("LaneOwner"));
      },
    );

    attack(
      FILE,
      "derived signer",
      "lets a program sign for no wallet that did not sign the transaction",
      () => {
        const world = fixtureWorld();
        const { deployment, ledger } = world;
        const lane = requestClose({ deployment, ledger, lane: 0, generation: 1, owner: alice.publicKey });
        const unsigned = { ...lane, accounts: lane.accounts.map((meta) => ({ ...meta, signer: false })) };
        refuse(world, proxied(unsigned), [], "MissingRequiredSignature");
        // The runtime gives a program the signature of no address that isn't derived from it.
        refuse(world, proxied(unsigned, 0), [], "PrivilegeEscalation");
      },
    );

    attack(
      FILE,
      "derived signer",
      "settles in a call as in a transaction, since it asks for no signer",
      () => {
        const world = fixtureWorld();
        const { deployment, ledger } = world;
        const records = [world.record(SESSIONS.alice, 0, 10n)];
        world.must(proxied(settle({ deployment, ledger, batch: { baseDay: TODAY, records } })), []);
        expect(world.readLane(0).settled).equal(10n);
      },
    );
  });
});
