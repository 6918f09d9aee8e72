import * as stake from "@tolldns/sdk/stake";
import { expect } from "chai";
import { ownerOf, PARTIES } from "../../programs/policy/deployed.ts";
import * as staking from "../../programs/stake/world.ts";
import { addressOf, keyOf } from "../../programs/world/keys.ts";
import { code, refuse, attack as run } from "./attack.ts";
import type { RowId } from "./rows.ts";
import { openPolicy, type PolicyWorld, TERMS } from "./world.ts";

const attack = (row: RowId, title: string, test: () => void) => run(import.meta.url, row, title, test);
const { stranger, keeper } = PARTIES;
const { slasher } = staking.PARTIES;

/** A world at the end of its first window, when reports of it are taken. */
function reporting(): { world: PolicyWorld; begin: bigint } {
  const world = openPolicy();
  const begin = world.now();
  world.at(world.timesOf(begin).end);
  return { world, begin };
}
/** Nothing that seat 0 could report counts any more. */
function barred(world: PolicyWorld, begin: bigint, error: string): void {
  refuse(world, world.reportOf(0, begin, "bad"), [world.verifierKey(0)], code(error));
  world.say(begin, "-ccc");
  expect(world.round(begin).masks).eql({ clean: 0b1110n, poor: 0n, bad: 0n });
}

describe("policy: who may report", () => {
  attack("unstaked", "counts nothing of an operator that asked all its stake back since it enrolled", () => {
    const { world, begin } = reporting();
    const owner = ownerOf(0);
    const { shares } = world.staking.position(owner, owner);
    const { deployment } = world.staking;
    const proof = world.staking.mirror(world.owners).proveSync(0);
    const exit = { deployment, owner: owner.publicKey, staker: owner.publicKey, number: 0, shares, proof };
    world.staking.must(stake.requestExit(exit), [owner]);
    barred(world, begin, "OperatorWeightless");
  });
  attack("jailed", "counts nothing of an operator that was slashed, until it is out of jail", () => {
    const { world, begin } = reporting();
    const owner = ownerOf(0);
    world.staking.must(world.staking.slashOf(owner, "omission", world.staking.tokens(ownerOf(1))), [slasher]);
    barred(world, begin, "OperatorBarred");
  });
  attack("jailed", "counts nothing of an operator that retired", () => {
    const { world, begin } = reporting();
    const owner = ownerOf(0);
    const retire = { deployment: world.staking.deployment, owner: owner.publicKey };
    world.staking.must(stake.retireOperator(retire), [owner]);
    barred(world, begin, "OperatorBarred");
  });
  attack("no verifier", "counts nothing of a node that is another role now", () => {
    const { world, begin } = reporting();
    const owner = ownerOf(0);
    const { deployment } = world.staking;
    world.staking.must(stake.removeNode({ deployment, owner: owner.publicKey, number: 1 }), [owner]);
    const hotKey = world.verifierKey(0).publicKey;
    const node = { number: 1, role: "cache", region: 1, asn: 64_501, hotKey, endpoint: "" } as const;
    world.staking.must(stake.addNode({ deployment, owner: owner.publicKey, ...node }), [owner]);
    barred(world, begin, "NotVerifier");
  });
  attack("no verifier", "counts nothing of a node that was removed", () => {
    const { world, begin } = reporting();
    const owner = ownerOf(0);
    const { deployment } = world.staking;
    world.staking.must(stake.removeNode({ deployment, owner: owner.publicKey, number: 1 }), [owner]);
    refuse(world, world.reportOf(0, begin), [world.verifierKey(0)], "UninitializedAccount");
  });
  attack("no verifier", "takes a seat's report for its own operator and node alone", () => {
    const { world, begin } = reporting();
    const operator = world.operatorAddress(1);
    const node = world.nodeAddress(1);
    const hotKey = world.verifierKey(1);
    // Another's seat by one's own node, one's own seat by another's, and a witness that is no verifier.
    const mine = { operator, node, hotKey: hotKey.publicKey };
    refuse(world, world.reportOf(0, begin, "bad", mine), [hotKey], code("WrongSeat"));
    refuse(
      world,
      world.reportOf(1, begin, "bad", { operator: world.operatorAddress(0) }),
      [hotKey],
      code("WrongSeat"),
    );
    const witness = { node: world.staking.nodeAddress(ownerOf(1), 0) };
    refuse(world, world.reportOf(1, begin, "bad", witness), [hotKey], code("WrongSeat"));
    for (const seat of [4, 63, 255]) {
      const own = world.reportOf(1, begin, "bad");
      const data = own.data.slice();
      data[9] = seat;
      refuse(world, { ...own, data }, [hotKey], code("SeatUnknown"));
    }
  });
  attack("stranger", "takes a report by no other key than the node's hot key", () => {
    const { world, begin } = reporting();
    for (const signer of [stranger, keeper, ownerOf(0), world.verifierKey(1)])
      refuse(
        world,
        world.reportOf(0, begin, "bad", { hotKey: signer.publicKey }),
        [signer],
        code("NotHotKey"),
      );
  });
  attack("revoked key", "takes none by a hot key that was rotated, and one by its successor", () => {
    const { world, begin } = reporting();
    const [owner, next] = [ownerOf(0), keyOf("next hot key")];
    const { deployment } = world.staking;
    const rotation = { deployment, owner: owner.publicKey, number: 1, hotKey: next.publicKey };
    world.staking.must(stake.rotateHotKey(rotation), [owner]);
    refuse(world, world.reportOf(0, begin, "bad"), [world.verifierKey(0)], code("NotHotKey"));
    world.machine.airdrop(next.publicKey, 1_000_000_000n);
    world.must(world.reportOf(0, begin, "clean", { hotKey: next.publicKey }), [next]);
    expect(world.round(begin).masks.clean).equal(1n);
  });
  attack(
    "account spoofed",
    "believes no operator, node or stake configuration that the stake program didn't write",
    () => {
      const { world, begin } = reporting();
      const fake = addressOf("an account of mine");
      const good = world.reportOf(0, begin);
      for (const index of [5, 6, 7]) {
        const address = good.accounts[index]?.address as Uint8Array;
        world.machine.plant(fake, { data: world.machine.data(address), owner: addressOf("another program") });
        const accounts = good.accounts.map((account, i) =>
          i === index ? { ...account, address: fake } : account,
        );
        // An operator or node of another address than the seat's is told first.
        const error = index === 7 ? "IllegalOwner" : code("WrongSeat");
        refuse(world, { ...good, accounts }, [world.verifierKey(0)], error);
      }
    },
  );
});

describe("policy: what may be reported", () => {
  attack("duplicate", "takes the same report again as if unsaid, and no other after it", () => {
    const { world, begin } = reporting();
    world.report(0, begin, "bad");
    const before = world.round(begin);
    world.must(world.reportOf(0, begin, "bad"), [world.verifierKey(0)]);
    expect(world.round(begin)).eql(before);
    const others = [
      world.reportOf(0, begin, "clean"),
      world.reportOf(0, begin, [20, 4]),
      world.reportOf(0, begin, [21, 3]),
      world.reportOf(0, begin, "bad", { probesRoot: addressOf("another list") }),
    ];
    for (const other of others) refuse(world, other, [world.verifierKey(0)], code("ReportedOtherwise"));
    expect(world.round(begin)).eql(before);
  });
  attack("amount edges", "takes at least the least probes, at most 4 096, and no more that succeeded", () => {
    const { world, begin } = reporting();
    const tryCounts = (total: number, ok: number, error: string) =>
      refuse(world, world.reportOf(0, begin, [total, ok]), [world.verifierKey(0)], code(error));
    tryCounts(0, 0, "ProbesTooFew");
    tryCounts(TERMS.leastProbes - 1, 0, "ProbesTooFew");
    tryCounts(TERMS.leastProbes, TERMS.leastProbes + 1, "ProbesInvalid");
    tryCounts(4_097, 0, "ProbesInvalid");
    tryCounts(65_535, 65_535, "ProbesInvalid");
    world.report(0, begin, [TERMS.leastProbes, TERMS.leastProbes]);
    world.report(1, begin, [4_096, 4_096]);
    expect(world.round(begin).masks.clean).equal(0b11n);
  });
  attack("basis points", "grades exactly at the marks, and a probe below", () => {
    const { world, begin } = reporting();
    // 9 500 of 10 000 is CLEAN, 7 500 POOR.
    world.report(0, begin, [1_000, 950]);
    world.report(1, begin, [1_000, 949]);
    world.report(2, begin, [1_000, 750]);
    world.report(3, begin, [1_000, 749]);
    expect(world.round(begin).masks).eql({ clean: 0b0001n, poor: 0b0110n, bad: 0b1000n });
  });
  attack("amount overflow", "takes no window at the end of time", () => {
    const { world } = reporting();
    const last = 2n ** 64n - 1n;
    const window = BigInt(TERMS.window);
    const tryBegin = (begin: bigint, error: string) =>
      refuse(world, world.reportOf(0, begin), [world.verifierKey(0)], code(error));
    tryBegin(last - (last % window), "WindowRunning");
    tryBegin(last, "WindowUnaligned");
    tryBegin(0n, "WindowPassed");
  });
  attack("account prefunded", "begins a round at an address that somebody sent lamports to before", () => {
    const { world, begin } = reporting();
    world.machine.airdrop(world.roundAddress(begin), 1_000_000n);
    world.report(0, begin);
    expect(world.round(begin).reports.map(({ seat }) => seat)).eql([0]);
    const target = world.idOf({ kind: "gateway", name: "https://gateway.example" });
    world.machine.airdrop(world.targetAddress(target), 1_000_000n);
    world.must(world.registerOf("gateway", "https://gateway.example"), [keeper]);
    expect(world.target(target).standing.state).equal("healthy");
  });
});

describe("policy: targets", () => {
  attack("account initialised twice", "registers a target once", () => {
    const world = openPolicy();
    const before = world.target();
    refuse(world, world.registerOf(before.kind, before.name), [keeper], code("TargetKnown"));
    refuse(world, world.registerOf(before.kind, before.name, stranger), [stranger], code("TargetKnown"));
    expect(world.target()).eql(before);
  });
  attack("vector edges", "takes names of 1 to 128 visible bytes", () => {
    const world = openPolicy();
    const named = (name: Uint8Array, kind = 1) => {
      const good = world.registerOf("backend", "x");
      const data = Buffer.concat([Buffer.from([12, kind]), u32(name.length), name]);
      return { ...good, data: new Uint8Array(data) };
    };
    const letters = (count: number) => new Uint8Array(count).fill(97);
    for (const name of [
      letters(0),
      letters(129),
      Uint8Array.of(97, 32),
      Uint8Array.of(0),
      Uint8Array.of(0xc3, 0xa9),
    ])
      refuse(world, named(name), [keeper], code("TargetNameInvalid"));
    const longest = "a".repeat(128);
    world.must(world.registerOf("backend", longest), [keeper]);
    expect(world.target(world.idOf({ kind: "backend", name: longest })).name).equal(longest);
  });
  attack("unknown enum", "knows two kinds of target and two of pause", () => {
    const world = openPolicy();
    const good = world.registerOf("backend", "another");
    for (const kind of [0, 3, 255]) {
      const data = good.data.slice();
      data[1] = kind;
      refuse(world, { ...good, data }, [keeper], code("TargetKindInvalid"));
    }
  });
  attack("account seeds", "registers no name at another's address", () => {
    const world = openPolicy();
    const good = world.registerOf("backend", "another");
    const other = world.targetAddress(world.idOf({ kind: "gateway", name: "another" }));
    const accounts = good.accounts.map((account, i) => (i === 2 ? { ...account, address: other } : account));
    refuse(world, { ...good, accounts }, [keeper], code("WrongTarget"));
  });
});

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
