import { TOKEN_2022_PROGRAM, toAddress } from "@tolldns/sdk";
import { expect } from "chai";
import { addressOf } from "../../programs/world/keys.ts";
import {
  deposit,
  distribute,
  type Instruction,
  openLedger,
  setLedger,
  setTreasury,
  settle,
  withdraw,
} from "../../programs/world/sdk.ts";
import { plantTokenAccount, type TokenAccountOptions, tokensOf } from "../../programs/world/tokens.ts";
import {
  busyWorld,
  deployedWorld,
  initializeOf,
  PARTIES,
  RESERVE,
  SESSIONS,
  TODAY,
  type World,
} from "../../programs/world/world.ts";
import { attack, refuse } from "./attack.ts";
import { ANCHOR, code } from "./errors.ts";

const FILE = import.meta.url;
const { alice, operator, authority } = PARTIES;
const SPARE = addressOf("spare tokens");

/** Instructions that read a token account, each with a place for `account`. */
const PLACES: Readonly<
  Record<
    string,
    { signer: typeof alice; make: (world: World, account: Uint8Array) => Instruction; lasting: boolean }
  >
> = {
  "initialize's treasury": {
    signer: authority,
    lasting: true,
    make: (world, account) => {
      const { treasury } = world;
      const instruction = initializeOf(world);
      return {
        ...instruction,
        accounts: instruction.accounts.map((meta) =>
          Buffer.from(meta.address).equals(treasury) ? { ...meta, address: account } : meta,
        ),
      };
    },
  },
  "initialize's names pool": {
    signer: authority,
    lasting: true,
    make: (world, account) => {
      const { namesPool } = world;
      const instruction = initializeOf(world);
      return {
        ...instruction,
        accounts: instruction.accounts.map((meta) =>
          Buffer.from(meta.address).equals(namesPool) ? { ...meta, address: account } : meta,
        ),
      };
    },
  },
  "set_treasury's treasury": {
    signer: authority,
    lasting: true,
    make: ({ deployment, namesPool }, account) =>
      setTreasury({ deployment, authority: authority.publicKey, treasury: account, namesPool }),
  },
  "set_treasury's names pool": {
    signer: authority,
    lasting: true,
    make: ({ deployment, treasury }, account) =>
      setTreasury({ deployment, authority: authority.publicKey, treasury, namesPool: account }),
  },
  "open_ledger's payout": {
    signer: operator,
    lasting: true,
    make: ({ deployment }, account) =>
      openLedger({ deployment, operator: operator.publicKey, index: 1, payout: account, minReserve: 1n }),
  },
  "set_ledger's payout": {
    signer: operator,
    lasting: true,
    make: ({ deployment, ledger }, account) =>
      setLedger({ deployment, operator: operator.publicKey, ledger, payout: account, minReserve: 1n }),
  },
  "deposit's source": {
    signer: alice,
    lasting: false,
    make: ({ deployment }, account) =>
      deposit({ deployment, owner: alice.publicKey, source: account, amount: 5n }),
  },
  "withdraw's destination": {
    signer: alice,
    lasting: false,
    make: ({ deployment }, account) =>
      withdraw({ deployment, owner: alice.publicKey, destination: account, amount: 5n }),
  },
};

const worldOf = (place: string) => (place.startsWith("initialize") ? deployedWorld() : busyWorld());
const extended = (kind: number, length: number) => {
  const extra = new Uint8Array(length - 165);
  extra[0] = kind;
  return extra;
};

describe("escrow: tokens", () => {
  for (const [place, { signer, make, lasting }] of Object.entries(PLACES)) {
    const refused = (
      options: TokenAccountOptions & { mint?: Uint8Array; owner?: Uint8Array },
      error: string,
    ) => {
      const world = worldOf(place);
      const { mint = world.deployment.mint, owner = signer.publicKey, ...rest } = options;
      plantTokenAccount(world.machine, SPARE, mint, owner, { amount: 100n, ...rest });
      refuse(world, make(world, SPARE), [signer], code(error));
    };

    it(`takes a plain token account as ${place}`, () => {
      const world = worldOf(place);
      plantTokenAccount(world.machine, SPARE, world.deployment.mint, signer.publicKey, { amount: 100n });
      expect(world.send(make(world, SPARE), [signer]).error).equal(undefined);
    });
    attack(FILE, "token foreign", `refuses a token account of another mint as ${place}`, () =>
      refused({ mint: addressOf("another mint") }, "TokenAccountMint"),
    );
    attack(FILE, "token foreign", `refuses an account of another token program as ${place}`, () =>
      refused({ program: TOKEN_2022_PROGRAM }, "TokenAccountProgram"),
    );
    attack(FILE, "token foreign", `refuses an account that no token program owns as ${place}`, () =>
      refused({ program: "11111111111111111111111111111111" }, "TokenAccountProgram"),
    );
    attack(FILE, "token foreign", `refuses a token account that is not initialised as ${place}`, () =>
      refused({ state: 0 }, "TokenAccountInvalid"),
    );
    attack(FILE, "token foreign", `refuses the mint itself as ${place}`, () => {
      const world = worldOf(place);
      refuse(world, make(world, world.deployment.mint), [signer], code("TokenAccountInvalid"));
    });
    attack(FILE, "token foreign", `refuses a multisig's bytes as ${place}`, () =>
      refused({ extra: extended(2, 355) }, "TokenAccountInvalid"),
    );
    attack(FILE, "token foreign", `refuses a long account that says it is a mint as ${place}`, () =>
      refused({ extra: extended(1, 170) }, "TokenAccountInvalid"),
    );
    attack(FILE, "token frozen", `refuses a frozen token account as ${place}`, () =>
      refused({ state: 2 }, "TokenAccountFrozen"),
    );
    if (lasting) {
      attack(FILE, "token delegate", `refuses a token account with a delegate as ${place}`, () =>
        refused({ delegate: addressOf("delegate") }, "TokenAccountDelegate"),
      );
      attack(FILE, "token delegate", `refuses a token account with a close authority as ${place}`, () =>
        refused({ closeAuthority: addressOf("closer") }, "TokenAccountCloseAuthority"),
      );
      attack(FILE, "token foreign", `refuses the vault as ${place}`, () => {
        const world = worldOf(place);
        // `initialize` writes the vault, so there the same account twice is refused before anything is read.
        const error = place.startsWith("initialize") ? ANCHOR.duplicate : code("TokenAccountReserved");
        refuse(world, make(world, world.vault), [signer], error);
      });
    }
  }

  attack(
    FILE,
    "token foreign",
    "deposits from no account that belongs to another wallet, even as its delegate",
    () => {
      const world = busyWorld();
      plantTokenAccount(world.machine, SPARE, world.deployment.mint, operator.publicKey, {
        amount: 100n,
        delegate: alice.publicKey,
      });
      const { deployment } = world;
      refuse(
        world,
        deposit({ deployment, owner: alice.publicKey, source: SPARE, amount: 5n }),
        [alice],
        code("TokenAccountOwner"),
      );
    },
  );

  attack(
    FILE,
    "token delegate",
    "credits exactly what left a wallet's account that has a delegate and a close authority",
    () => {
      const world = busyWorld();
      plantTokenAccount(world.machine, SPARE, world.deployment.mint, alice.publicKey, {
        amount: 100n,
        delegate: addressOf("delegate"),
        closeAuthority: addressOf("closer"),
      });
      const { deployment } = world;
      const free = world.readBalance(alice)?.free ?? 0n;
      const vault = world.vaultTokens();
      world.must(deposit({ deployment, owner: alice.publicKey, source: SPARE, amount: 60n }), [alice]);
      expect(tokensOf(world.machine, SPARE)).equal(40n);
      expect(world.vaultTokens()).equal(vault + 60n);
      expect(world.readBalance(alice)?.free).equal(free + 60n);
    },
  );

  attack(
    FILE,
    "token foreign",
    "lets one account have one part: treasury, names pool and payouts differ",
    () => {
      const world = busyWorld();
      const { deployment, treasury, namesPool, ledger } = world;
      const by = { deployment, authority: authority.publicKey };
      refuse(
        world,
        setTreasury({ ...by, treasury, namesPool: treasury }),
        [authority],
        code("TokenAccountReserved"),
      );
      for (const payout of [treasury, namesPool])
        refuse(
          world,
          setLedger({ deployment, operator: operator.publicKey, ledger, payout, minReserve: 1n }),
          [operator],
          code("TokenAccountReserved"),
        );
    },
  );

  attack(
    FILE,
    "token foreign",
    "distributes to no other account than the ledger's and the configuration's",
    () => {
      for (const [place, error] of [
        ["payout", "WrongPayout"],
        ["namesPool", "WrongNamesPool"],
        ["treasury", "WrongTreasury"],
      ] as const) {
        const world = busyWorld();
        const { deployment, ledger, payout, namesPool, treasury } = world;
        const records = [world.record(SESSIONS.alice, 0, 1_000n)];
        world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
        plantTokenAccount(world.machine, SPARE, deployment.mint, alice.publicKey);
        const parts = { deployment, ledger, payout, namesPool, treasury, [place]: SPARE };
        refuse(world, distribute(parts), [], code(error));
      }
    },
  );

  attack(
    FILE,
    "wrong cluster treasury",
    "initialises with no share account of a mint that only another cluster has",
    () => {
      const world = deployedWorld();
      plantTokenAccount(
        world.machine,
        world.treasury,
        addressOf("mint of another cluster"),
        addressOf("treasury"),
      );
      refuse(world, initializeOf(world), [authority], code("TokenAccountMint"));
    },
  );

  attack(
    FILE,
    "wrong cluster treasury",
    "pays again once the authority has replaced a treasury account that was closed",
    () => {
      const world = busyWorld();
      const { deployment, ledger, payout, namesPool } = world;
      const records = [world.record(SESSIONS.alice, 0, 1_000n)];
      world.must(settle({ deployment, ledger, batch: { baseDay: TODAY, records } }), []);
      world.machine.plant(world.treasury, {
        data: new Uint8Array(0),
        owner: toAddress("11111111111111111111111111111111"),
        lamports: 0n,
      });
      refuse(
        world,
        distribute({ deployment, ledger, payout, namesPool, treasury: world.treasury }),
        [],
        "InvalidAccountData",
      );
      plantTokenAccount(world.machine, SPARE, deployment.mint, addressOf("treasury"));
      world.must(setTreasury({ deployment, authority: authority.publicKey, treasury: SPARE, namesPool }), [
        authority,
      ]);
      world.must(distribute({ deployment, ledger, payout, namesPool, treasury: SPARE }), []);
      expect(tokensOf(world.machine, SPARE)).equal(100n);
    },
  );

  attack(FILE, "dust", "counts tokens sent straight to the vault for nobody", () => {
    const world = busyWorld();
    const { machine, deployment } = world;
    const data = machine.data(world.vault);
    new DataView(data.buffer, data.byteOffset).setBigUint64(64, world.vaultTokens() + 77n, true);
    machine.plant(world.vault, { data, owner: deployment.tokenProgram });
    const free = world.readBalance(alice)?.free ?? 0n;
    const out = (amount: bigint) =>
      withdraw({ deployment, owner: alice.publicKey, destination: world.tokens(alice), amount });
    refuse(world, out(free + 1n), [alice], code("BalanceInsufficient"));
    world.must(out(free), [alice]);
    expect(world.readBalance(alice)?.free).equal(0n);
    expect(world.vaultTokens()).equal(10n * RESERVE - free + 77n);
  });
});
