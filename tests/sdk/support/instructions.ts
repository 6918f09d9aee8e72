import {
  concatBytes,
  createDeployment,
  createSigner,
  type Deployment,
  deriveBalance,
  deriveConfig,
  deriveLedger,
  deriveProgramData,
  deriveVault,
  encodeRecord,
  SYSTEM_PROGRAM,
  signVoucher,
  TOKEN_PROGRAM,
} from "@tolldns/sdk";
import * as escrow from "@tolldns/sdk/escrow";

/** Some address that is nobody's. */
export function someone(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

export const deployment: Deployment = createDeployment({
  escrow: escrow.ESCROW_PROGRAM_ID,
  mint: someone(10),
  tokenProgram: TOKEN_PROGRAM,
  genesisHash: someone(11),
});
export const [owner, operator, authority, guardian, sessionKey] = [1, 2, 3, 4, 5].map(someone) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
export const [source, payout, treasury, namesPool] = [6, 7, 8, 9].map(someone) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const program = deployment.escrow;
export const config = deriveConfig(program).address;
const vault = deriveVault(program).address;
const balance = deriveBalance(program, owner).address;
export const ledger = deriveLedger(program, deployment.genesisHash, operator, 513).address;
const tokenProgram = deployment.tokenProgram;
const lane = { deployment, ledger, lane: 0x0102, generation: 0x0304 };
const split = { operatorBps: 8_000, namesBps: 1_500, treasuryBps: 500 };

/** A batch of two vouchers. */
export const batch = {
  baseDay: 20_800,
  records: [3, 4].map((row) => {
    const voucher = { ledger, lane: row, generation: 1, expiryDay: 20_800 + row, cumulative: 1_000n };
    const { signature } = signVoucher(voucher, createSigner(someone(row)));
    return { lane: row, cumulative: 1_000n, expiryOffset: row, signature };
  }),
};

/** What Anchor is told so that it builds the same instruction; names as in the IDL, camelCase. */
export interface Expected {
  readonly args: readonly unknown[];
  readonly accounts: Readonly<Record<string, Uint8Array | string | null>>;
}

interface Sample {
  readonly name: keyof typeof escrow.DISCRIMINATOR;
  readonly input: object;
  readonly expected: Expected;
}

const sample = <Name extends keyof typeof escrow.DISCRIMINATOR>(
  name: Name,
  input: Parameters<(typeof escrow)[Name]>[0],
  args: readonly unknown[],
  accounts: Expected["accounts"],
): Sample => ({ name, input, expected: { args, accounts } });

const rekey = { ...lane, owner, sessionKey };

/** Each instruction at least once: this package's input, and what Anchor takes for the same. */
export const SAMPLES: readonly Sample[] = [
  sample(
    "settle",
    { deployment, ledger, batch },
    [batch.baseDay, concatBytes(...batch.records.map(encodeRecord))],
    { ledger },
  ),
  sample(
    "initialize",
    {
      deployment,
      authority,
      treasury,
      namesPool,
      split,
      settlementInterval: 3_600,
      graceSeconds: 86_400,
      guardian,
    },
    [[...deployment.genesisHash], 8_000, 1_500, 500, 3_600, 86_400, guardian],
    {
      authority,
      config,
      vault,
      mint: deployment.mint,
      treasury,
      namesPool,
      programData: deriveProgramData(program).address,
      tokenProgram,
      systemProgram: SYSTEM_PROGRAM,
    },
  ),
  sample("proposeAuthority", { deployment, authority, newAuthority: owner }, [owner], { config, authority }),
  sample("acceptAuthority", { deployment, pendingAuthority: owner }, [], { config, pendingAuthority: owner }),
  sample("setGuardian", { deployment, authority, guardian }, [guardian], { config, authority }),
  sample("setPaused", { deployment, signer: guardian, paused: true }, [1], { config, signer: guardian }),
  sample("setPaused", { deployment, signer: authority, paused: false }, [0], { config, signer: authority }),
  sample("setTreasury", { deployment, authority, treasury, namesPool }, [], {
    config,
    authority,
    treasury,
    namesPool,
  }),
  sample("deposit", { deployment, owner, source, amount: 2n ** 56n - 1n }, [2n ** 56n - 1n], {
    owner,
    config,
    balance,
    source,
    vault,
    tokenProgram,
    systemProgram: SYSTEM_PROGRAM,
  }),
  sample("withdraw", { deployment, owner, destination: source, amount: 1n }, [1n], {
    owner,
    config,
    balance,
    vault,
    destination: source,
    tokenProgram,
  }),
  sample("closeBalance", { deployment, owner }, [], { owner, balance }),
  sample("openLedger", { deployment, operator, index: 513, payout, minReserve: 1_000n }, [513, 1_000n], {
    operator,
    config,
    ledger,
    payout,
    systemProgram: SYSTEM_PROGRAM,
  }),
  sample("extendLedger", { deployment, operator, ledger, rows: 106 }, [106], {
    operator,
    config,
    ledger,
    systemProgram: SYSTEM_PROGRAM,
  }),
  sample("setLedger", { deployment, operator, ledger, payout, minReserve: 5n }, [5n], {
    operator,
    config,
    ledger,
    payout,
  }),
  sample("closeLedger", { deployment, operator, ledger }, [], { operator, ledger }),
  sample(
    "openLane",
    { deployment, owner, ledger, lane: 0x0102, sessionKey, reserve: 9n },
    [0x0102, sessionKey, 9n],
    {
      owner,
      config,
      balance,
      ledger,
    },
  ),
  sample("topUpLane", { ...lane, owner, amount: 7n }, [0x0102, 0x0304, 7n], {
    owner,
    config,
    balance,
    ledger,
  }),
  sample("revokeLane", { ...lane, owner }, [0x0102, 0x0304], { owner, ledger }),
  sample("rekeyLane", { ...rekey, operator }, [0x0102, 0x0304, sessionKey], { owner, ledger, operator }),
  sample("rekeyLane", rekey, [0x0102, 0x0304, sessionKey], { owner, ledger, operator: null }),
  sample("requestClose", { ...lane, owner }, [0x0102, 0x0304], { owner, ledger }),
  sample("closeLane", { ...lane, owner, closer: operator }, [0x0102, 0x0304], {
    closer: operator,
    balance,
    ledger,
  }),
  sample("distribute", { deployment, ledger, payout, namesPool, treasury }, [], {
    config,
    ledger,
    vault,
    payout,
    namesPool,
    treasury,
    tokenProgram,
  }),
];

/** Calls a builder of any package by its name. */
export function build(builders: object, name: string, ...inputs: readonly unknown[]): unknown {
  const builder = (builders as Readonly<Record<string, (...inputs: readonly unknown[]) => unknown>>)[name];
  if (builder === undefined) throw new Error(`no builder ${name}`);
  return builder(...inputs);
}
