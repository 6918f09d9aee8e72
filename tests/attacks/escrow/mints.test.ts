import { TOKEN_2022_PROGRAM, TOKEN_PROGRAM, toAddress } from "@tolldns/sdk";
import { expect } from "chai";
import { closeLane, distribute, requestClose, settle, withdraw } from "../../programs/world/sdk.ts";
import { plantMint, tokensOf } from "../../programs/world/tokens.ts";
import {
  deployedWorld,
  GRACE,
  initializeOf,
  NOON,
  openedWorld,
  PARTIES,
  POCKET,
  RESERVE,
  SESSIONS,
  TODAY,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, authority } = PARTIES;

describe("escrow: mints", () => {
  const initialiseWith = (options: Parameters<typeof plantMint>[2], program: string = TOKEN_PROGRAM) => {
    const world = deployedWorld(program);
    plantMint(world.machine, world.deployment.mint, { program, ...options });
    return world;
  };

  for (const program of [TOKEN_PROGRAM, TOKEN_2022_PROGRAM]) {
    it(`takes a plain mint of ${program.slice(0, 6)} and runs a lane with it from deposit to withdrawal`, () => {
      const world = openedWorld(program);
      const { deployment, ledger, payout, namesPool, treasury, machine } = world;
      world.deposit(alice, 2n * RESERVE);
      world.openLane(alice, 0, SESSIONS.alice);
      const records = [world.record(SESSIONS.alice, 0, 19n)];
      world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
      world.must(distribute({ deployment, ledger, payout, namesPool, treasury }), []);
      expect([payout, namesPool, treasury].map((address) => tokensOf(machine, address))).eql([15n, 1n, 3n]);
      const lane = { deployment, ledger, owner: alice.publicKey, lane: 0, generation: 1 };
      world.must(requestClose(lane), [alice]);
      machine.setTime(NOON + BigInt(GRACE));
      world.must(closeLane({ ...lane, closer: alice.publicKey }), [alice]);
      const amount = 2n * RESERVE - 19n;
      world.must(withdraw({ deployment, owner: alice.publicKey, destination: world.tokens(alice), amount }), [
        alice,
      ]);
      expect(tokensOf(machine, world.tokens(alice))).equal(POCKET - 19n);
      expect(world.vaultTokens()).equal(0n);
    });
  }

  const EXTENSIONS: Readonly<Record<string, [type: number, length: number]>> = {
    "transfer fee": [1, 108],
    "close authority": [3, 32],
    confidential: [4, 65],
    "default frozen": [6, 1],
    "non-transferable": [9, 0],
    interest: [10, 52],
    "permanent delegate": [12, 32],
    "transfer hook": [14, 64],
    "metadata pointer": [18, 64],
    pausable: [26, 33],
  };
  for (const [extension, [type, length]] of Object.entries(EXTENSIONS)) {
    attack(FILE, "mint extensions", `refuses a Token-2022 mint with the extension ${extension}`, () => {
      // After 82 bytes of mint: padding to 165, kind of account (1: mint), then type u16, length u16 and the extension.
      const extra = new Uint8Array(165 - 82 + 1 + 4 + length);
      const view = new DataView(extra.buffer);
      extra[165 - 82] = 1;
      view.setUint16(165 - 82 + 1, type, true);
      view.setUint16(165 - 82 + 3, length, true);
      const world = initialiseWith({ extra }, TOKEN_2022_PROGRAM);
      refuse(world, initializeOf(world), [authority], code("MintExtensions"));
    });
  }

  attack(FILE, "mint extensions", "refuses a mint with other than 6 decimals", () => {
    for (const decimals of [0, 5, 7, 9, 255]) {
      const world = initialiseWith({ decimals });
      refuse(world, initializeOf(world), [authority], code("MintDecimals"));
    }
  });

  attack(
    FILE,
    "mint extensions",
    "refuses a mint that is not initialised, cut short or owned by no token program",
    () => {
      let world = initialiseWith({ initialized: false });
      refuse(world, initializeOf(world), [authority], code("MintInvalid"));
      world = deployedWorld();
      world.machine.plant(world.deployment.mint, {
        data: new Uint8Array(81),
        owner: toAddress(TOKEN_PROGRAM),
      });
      refuse(world, initializeOf(world), [authority], code("MintInvalid"));
      world = initialiseWith({ program: "11111111111111111111111111111111" });
      refuse(world, initializeOf(world), [authority], code("MintInvalid"));
    },
  );

  attack(FILE, "mint extensions", "refuses a mint of the one token program with the other", () => {
    const world = initialiseWith({ program: TOKEN_2022_PROGRAM });
    refuse(world, initializeOf(world), [authority], code("MintInvalid"));
  });
});
