import { expect } from "chai";
import { keyOf } from "../../programs/world/keys.ts";
import {
  closeBalance,
  closeLane,
  type Instruction,
  openLane,
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
  GRACE,
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
const { alice, bob, operator, stranger } = PARTIES;
const aliceLane = ({ deployment, ledger }: World) => ({
  deployment,
  ledger,
  lane: 0,
  generation: 1,
  owner: alice.publicKey,
});

describe("escrow: signers", () => {
  describe("a stranger", () => {
    const administrative: [string, (world: World) => Instruction][] = [
      [
        "propose_authority",
        ({ deployment }) =>
          proposeAuthority({ deployment, authority: stranger.publicKey, newAuthority: stranger.publicKey }),
      ],
      [
        "set_guardian",
        ({ deployment }) =>
          setGuardian({ deployment, authority: stranger.publicKey, guardian: stranger.publicKey }),
      ],
      [
        "set_treasury",
        ({ deployment, treasury, namesPool }) =>
          setTreasury({ deployment, authority: stranger.publicKey, treasury, namesPool }),
      ],
      [
        "set_paused 0",
        ({ deployment }) => setPaused({ deployment, signer: stranger.publicKey, paused: false }),
      ],
    ];
    for (const [name, make] of administrative)
      attack(FILE, "stranger", `may not ${name}`, () => {
        const world = busyWorld();
        refuse(world, make(world), [stranger], code("NotAuthority"));
      });

    attack(FILE, "stranger", "may not pause", () => {
      const world = busyWorld();
      const { deployment } = world;
      refuse(
        world,
        setPaused({ deployment, signer: stranger.publicKey, paused: true }),
        [stranger],
        code("NotGuardian"),
      );
    });

    const laneOwner: [string, (world: World) => Instruction, string][] = [
      ["revoke_lane", (world) => revokeLane({ ...aliceLane(world), owner: stranger.publicKey }), "LaneOwner"],
      [
        "request_close",
        (world) => requestClose({ ...aliceLane(world), owner: stranger.publicKey }),
        "LaneOwner",
      ],
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
      [
        "close_lane before it is due",
        (world) => closeLane({ ...aliceLane(world), closer: stranger.publicKey }),
        "LaneNotClosing",
      ],
    ];
    for (const [name, make, error] of laneOwner)
      attack(FILE, "stranger", `may not ${name}`, () => {
        const world = busyWorld();
        const signers = name.startsWith("rekey") ? [stranger, operator] : [stranger];
        refuse(world, make(world), signers, code(error));
      });

    attack(FILE, "stranger", "may not top up a lane of another owner from its own balance", () => {
      const world = busyWorld();
      refuse(
        world,
        topUpLane({ ...aliceLane(world), owner: bob.publicKey, amount: 1n }),
        [bob],
        code("LaneOwner"),
      );
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
          accounts: instruction.accounts.map((meta, i) =>
            i === 0 ? { ...meta, address: stranger.publicKey } : meta,
          ),
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

  attack(
    FILE,
    "parameter in epoch",
    "changes nothing about lanes that are open when the operator changes its terms",
    () => {
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
    },
  );

  describe("rekey", () => {
    attack(FILE, "stranger", "takes no other operator's agreement to a new session key", () => {
      const world = busyWorld();
      const rekey = rekeyLane({
        ...aliceLane(world),
        sessionKey: bob.publicKey,
        operator: stranger.publicKey,
      });
      refuse(world, rekey, [alice, stranger], code("NotOperator"));
    });

    attack(FILE, "stranger", "lets no owner void what the operator holds by a new session key", () => {
      const world = busyWorld();
      const rekey = rekeyLane({ ...aliceLane(world), sessionKey: bob.publicKey });
      refuse(world, rekey, [alice], code("OperatorSignatureMissing"));
      world.must(revokeLane(aliceLane(world)), [alice]);
      refuse(world, rekey, [alice], code("OperatorSignatureMissing"));
    });

    attack(
      FILE,
      "revoked key",
      "takes a revoked key's vouchers until the deadline and none after a new key is in place",
      () => {
        const world = busyWorld();
        const { deployment, ledger, machine } = world;
        const settleOf = (amount: bigint, session = SESSIONS.alice) =>
          settle({
            deployment,
            ledger,
            batch: { baseDay: TODAY, records: [world.record(session, 0, amount)] },
          });
        world.must(revokeLane(aliceLane(world)), [alice]);
        world.must(settleOf(10n), []);
        machine.setTime(NOON + BigInt(GRACE));
        refuse(world, settleOf(20n), [], code("VoucherTooLate"));
        const fresh = keyOf("fresh session");
        world.must(rekeyLane({ ...aliceLane(world), sessionKey: fresh.publicKey }), [alice]);
        refuse(world, settleOf(30n), [], code("VoucherSignature"));
        world.must(settleOf(30n, fresh), []);
        expect(world.readLane(0)).include({ settled: 30n, state: "open", deadline: 0n, generation: 1 });
      },
    );
  });
});
