// Made by sdk/scripts/generate.ts from programs/artifacts/escrow.json. Do not edit.

/** The escrow's IDL: `new Program<EscrowIdl>(ESCROW_IDL, provider)` with @coral-xyz/anchor. */
export const ESCROW_IDL: object = {
  address: "Esco2R5zYqWD7BS7T4sX4G6ZsdtXyCzbYKvMUpfxqqaF",
  metadata: {
    name: "escrow",
    version: "0.1.0",
    spec: "0.1.0",
    description: "The escrow program of TollDNS: deposits, lanes, settlement and the split.",
  },
  instructions: [
    {
      name: "settle",
      discriminator: [0],
      accounts: [{ name: "ledger", writable: true }],
      args: [
        { name: "base_day", type: "u16" },
        { name: "records", type: "bytes" },
      ],
    },
    {
      name: "initialize",
      discriminator: [1],
      accounts: [
        { name: "authority", writable: true, signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        {
          name: "vault",
          writable: true,
          docs: ["Becomes a token account of `mint`, owned by the configuration's address."],
          pda: { seeds: [{ kind: "const", value: [118, 97, 117, 108, 116] }] },
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "names_pool" },
        { name: "program_data", docs: ["The loader's record of who may upgrade this program."] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "genesis_hash", type: { array: ["u8", 32] } },
        { name: "operator_bps", type: "u16" },
        { name: "names_bps", type: "u16" },
        { name: "treasury_bps", type: "u16" },
        { name: "settlement_interval", type: "u32" },
        { name: "grace_seconds", type: "u32" },
        { name: "guardian", type: "pubkey" },
      ],
    },
    {
      name: "propose_authority",
      discriminator: [2],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [{ name: "new_authority", type: "pubkey" }],
    },
    {
      name: "accept_authority",
      discriminator: [3],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        { name: "pending_authority", signer: true, relations: ["config"] },
      ],
      args: [],
    },
    {
      name: "set_guardian",
      discriminator: [4],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [{ name: "guardian", type: "pubkey" }],
    },
    {
      name: "set_paused",
      discriminator: [5],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        {
          name: "signer",
          signer: true,
          docs: ["To pause: the guardian or the authority. To resume: the authority."],
        },
      ],
      args: [{ name: "paused", type: "u8" }],
    },
    {
      name: "set_treasury",
      discriminator: [6],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
        { name: "treasury" },
        { name: "names_pool" },
      ],
      args: [],
    },
    {
      name: "deposit",
      discriminator: [10],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "source", writable: true, docs: ["The owner's token account."] },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [{ name: "amount", type: "u64" }],
    },
    {
      name: "withdraw",
      discriminator: [11],
      accounts: [
        { name: "owner", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "destination", writable: true },
        { name: "token_program" },
      ],
      args: [{ name: "amount", type: "u64" }],
    },
    {
      name: "close_balance",
      discriminator: [12],
      accounts: [
        { name: "owner", writable: true, signer: true },
        {
          name: "balance",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account", path: "owner" },
            ],
          },
        },
      ],
      args: [],
    },
    {
      name: "open_ledger",
      discriminator: [20],
      accounts: [
        { name: "operator", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger", writable: true },
        { name: "payout", docs: ["Token account of the operator's share."] },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "index", type: "u16" },
        { name: "min_reserve", type: "u64" },
      ],
    },
    {
      name: "extend_ledger",
      discriminator: [21],
      accounts: [
        { name: "operator", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger", writable: true },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [{ name: "rows", type: "u16" }],
    },
    {
      name: "set_ledger",
      discriminator: [22],
      accounts: [
        { name: "operator", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger", writable: true },
        { name: "payout" },
      ],
      args: [{ name: "min_reserve", type: "u64" }],
    },
    {
      name: "close_ledger",
      discriminator: [23],
      accounts: [
        { name: "operator", writable: true, signer: true },
        { name: "ledger", writable: true },
      ],
      args: [],
    },
    {
      name: "open_lane",
      discriminator: [30],
      accounts: [
        { name: "owner", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "ledger", writable: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "session_key", type: "pubkey" },
        { name: "reserve", type: "u64" },
      ],
    },
    {
      name: "top_up_lane",
      discriminator: [31],
      accounts: [
        { name: "owner", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "ledger", writable: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "generation", type: "u16" },
        { name: "amount", type: "u64" },
      ],
    },
    {
      name: "revoke_lane",
      discriminator: [32],
      accounts: [
        { name: "owner", signer: true },
        { name: "ledger", writable: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "generation", type: "u16" },
      ],
    },
    {
      name: "rekey_lane",
      discriminator: [33],
      accounts: [
        { name: "owner", signer: true },
        { name: "ledger", writable: true },
        { name: "operator", signer: true, optional: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "generation", type: "u16" },
        { name: "session_key", type: "pubkey" },
      ],
    },
    {
      name: "request_close",
      discriminator: [34],
      accounts: [
        { name: "owner", signer: true },
        { name: "ledger", writable: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "generation", type: "u16" },
      ],
    },
    {
      name: "close_lane",
      discriminator: [35],
      accounts: [
        { name: "closer", signer: true, docs: ["Anyone once the lane is due; the operator at any time."] },
        { name: "balance", writable: true, docs: ["The Balance of the lane's owner."] },
        { name: "ledger", writable: true },
      ],
      args: [
        { name: "lane", type: "u16" },
        { name: "generation", type: "u16" },
      ],
    },
    {
      name: "distribute",
      discriminator: [40],
      accounts: [
        { name: "config", pda: { seeds: [{ kind: "const", value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger", writable: true },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "payout", writable: true, relations: ["ledger"] },
        { name: "names_pool", writable: true, relations: ["config"] },
        { name: "treasury", writable: true, relations: ["config"] },
        { name: "token_program" },
      ],
      args: [],
    },
  ],
  accounts: [
    { discriminator: [127, 71, 25, 157, 105, 157, 241, 182], name: "Balance" },
    { discriminator: [155, 12, 170, 224, 30, 250, 204, 130], name: "Config" },
    { discriminator: [43, 41, 21, 213, 180, 176, 95, 32], name: "Ledger" },
  ],
  types: [
    {
      docs: ['One wallet\'s money that is in no lane, at `["balance", owner]`.'],
      name: "Balance",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "reserved", type: { array: ["u8", 2] } },
          {
            docs: [
              "Lanes this owner has anywhere; the Balance may not close while money could still come back to it.",
            ],
            name: "open_lanes",
            type: "u32",
          },
          { docs: ["Micro Index Units."], name: "free", type: "u64" },
          { name: "owner", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A balance after a deposit or a withdrawal."],
      name: "BalanceChanged",
      type: {
        fields: [
          { name: "owner", type: "pubkey" },
          { name: "free", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'The protocol\'s one configuration, at `["config"]`. It is also the address that owns the vault.',
      ],
      name: "Config",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "vault_bump", type: "u8" },
          { docs: ["0 or 1."], name: "paused", type: "u8" },
          { name: "operator_bps", type: "u16" },
          { name: "names_bps", type: "u16" },
          { name: "treasury_bps", type: "u16" },
          { name: "reserved", type: { array: ["u8", 2] } },
          { docs: ["Seconds within which keepers settle."], name: "settlement_interval", type: "u32" },
          {
            docs: ["Seconds between a request to close and the close; copied into a ledger when it opens."],
            name: "grace_seconds",
            type: "u32",
          },
          { name: "authority", type: "pubkey" },
          { docs: ["All zero when nobody is proposed."], name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "mint", type: "pubkey" },
          { name: "token_program", type: "pubkey" },
          { name: "vault", type: "pubkey" },
          { name: "treasury", type: "pubkey" },
          { name: "names_pool", type: "pubkey" },
          {
            docs: ["Hash of the cluster's first block; part of every ledger's address."],
            name: "genesis_hash",
            type: { array: ["u8", 32] },
          },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The configuration after any change of it."],
      name: "ConfigChanged",
      type: {
        fields: [
          { name: "authority", type: "pubkey" },
          { name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "paused", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A ledger's credits were paid out, in micro Index Units."],
      name: "Distributed",
      type: {
        fields: [
          { name: "ledger", type: "pubkey" },
          { name: "operator", type: "u64" },
          { name: "names", type: "u64" },
          { name: "treasury", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A lane after any instruction but `settle`. A closed lane shows as FREE with nothing in it."],
      name: "LaneChanged",
      type: {
        fields: [
          { name: "ledger", type: "pubkey" },
          { name: "owner", type: "pubkey" },
          { name: "lane", type: "u16" },
          { name: "generation", type: "u16" },
          { name: "state", type: "u8" },
          { name: "reserve", type: "u64" },
          { name: "settled", type: "u64" },
          { name: "deadline", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'A gateway\'s account, at `["ledger", genesis hash, operator, index u16]`: this header, then the rows.',
      ],
      name: "Ledger",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "index", type: "u16" },
          {
            docs: [
              "Copied from the configuration when the ledger opens, so that a lane's terms can't change under it.",
            ],
            name: "grace_seconds",
            type: "u32",
          },
          { name: "operator", type: "pubkey" },
          { docs: ["Token account of the operator's share."], name: "payout", type: "pubkey" },
          {
            docs: ["The smallest reserve a lane may open with, micro Index Units."],
            name: "min_reserve",
            type: "u64",
          },
          { docs: ["All that vouchers ever took from lanes here."], name: "credited", type: "u64" },
          { docs: ["All of it that was paid out."], name: "distributed", type: "u64" },
          { name: "open_lanes", type: "u32" },
          { name: "reserved", type: { array: ["u8", 4] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        "A batch took `amount` micro Index Units from `vouchers` lanes of a ledger; `credited` is the ledger's total ever.",
      ],
      name: "Settled",
      type: {
        fields: [
          { name: "ledger", type: "pubkey" },
          { name: "vouchers", type: "u16" },
          { name: "amount", type: "u64" },
          { name: "credited", type: "u64" },
        ],
        kind: "struct",
      },
    },
  ],
  events: [
    { name: "BalanceChanged", discriminator: [231, 114, 125, 58, 137, 248, 148, 201] },
    { name: "ConfigChanged", discriminator: [147, 25, 86, 98, 98, 77, 78, 192] },
    { name: "Distributed", discriminator: [10, 212, 24, 78, 35, 202, 182, 134] },
    { name: "LaneChanged", discriminator: [129, 201, 37, 92, 0, 234, 123, 96] },
    { name: "Settled", discriminator: [232, 210, 40, 17, 142, 124, 145, 238] },
  ],
  errors: [
    { code: 6000, name: "Paused", msg: "the protocol is paused: deposits and new lanes wait, exits go on" },
    { code: 6001, name: "VersionUnknown", msg: "the account was written by another version of the program" },
    { code: 6002, name: "NotUpgradeAuthority", msg: "only the program's upgrade authority may initialise" },
    { code: 6003, name: "ProgramDataInvalid", msg: "this is not the program's ProgramData account" },
    { code: 6004, name: "NotAuthority", msg: "only the authority may do this" },
    { code: 6005, name: "NotPendingAuthority", msg: "only the proposed authority may accept" },
    { code: 6006, name: "NotGuardian", msg: "only the guardian or the authority may pause" },
    { code: 6007, name: "FlagInvalid", msg: "the flag is 0 or 1" },
    { code: 6008, name: "SplitInvalid", msg: "the split must sum to 10000 basis points" },
    { code: 6009, name: "IntervalInvalid", msg: "the settlement interval may not be zero" },
    { code: 6010, name: "GraceTooShort", msg: "the grace period must exceed twice the settlement interval" },
    { code: 6011, name: "GraceTooLong", msg: "the grace period may not exceed 90 days" },
    { code: 6012, name: "ClockInvalid", msg: "the clock shows a time before 1970" },
    { code: 6013, name: "InstructionUnknown", msg: "no instruction has this discriminator" },
    { code: 6014, name: "InstructionLength", msg: "the instruction data is too short or too long" },
    { code: 6015, name: "AlreadyInitialized", msg: "the protocol is initialised already" },
    { code: 6020, name: "MintInvalid", msg: "the mint is not an initialised mint of the token program" },
    { code: 6021, name: "MintDecimals", msg: "the mint must have 6 decimals" },
    { code: 6022, name: "MintExtensions", msg: "mints with extensions are not accepted" },
    { code: 6023, name: "TokenProgramUnsupported", msg: "only SPL Token and Token-2022 are accepted" },
    {
      code: 6024,
      name: "TokenProgramMismatch",
      msg: "the token program is not the one of the configuration",
    },
    { code: 6025, name: "TokenAccountInvalid", msg: "this is not an initialised token account" },
    { code: 6026, name: "TokenAccountProgram", msg: "the token account belongs to another program" },
    { code: 6027, name: "TokenAccountMint", msg: "the token account is of another mint" },
    { code: 6028, name: "TokenAccountFrozen", msg: "the token account is frozen" },
    { code: 6029, name: "TokenAccountOwner", msg: "the token account belongs to another wallet" },
    {
      code: 6030,
      name: "TokenAccountDelegate",
      msg: "a token account of the protocol or an operator may not have a delegate",
    },
    {
      code: 6031,
      name: "TokenAccountCloseAuthority",
      msg: "a token account of the protocol or an operator may not have a close authority",
    },
    { code: 6032, name: "WrongVault", msg: "this is not the vault" },
    {
      code: 6033,
      name: "TokenAccountReserved",
      msg: "this token account already has another part in the protocol",
    },
    { code: 6034, name: "WrongPayout", msg: "this is not the ledger's payout account" },
    { code: 6035, name: "WrongTreasury", msg: "this is not the treasury account" },
    { code: 6036, name: "WrongNamesPool", msg: "this is not the names-pool account" },
    { code: 6040, name: "AmountZero", msg: "the amount may not be zero" },
    { code: 6041, name: "AmountTooLarge", msg: "the amount exceeds 2^56 - 1" },
    { code: 6042, name: "AmountOverflow", msg: "the sum exceeds 64 bits" },
    { code: 6043, name: "BalanceInsufficient", msg: "there is not that much" },
    { code: 6044, name: "BalanceOwner", msg: "the balance is of another owner" },
    { code: 6045, name: "BalanceNotEmpty", msg: "withdraw the free balance first" },
    { code: 6046, name: "BalanceHasLanes", msg: "close the lanes first" },
    { code: 6060, name: "NotOperator", msg: "only the ledger's operator may do this" },
    { code: 6061, name: "RowsInvalid", msg: "a ledger grows by 1 to 106 rows an instruction" },
    { code: 6062, name: "LedgerFull", msg: "a ledger has at most 65535 rows" },
    { code: 6063, name: "LedgerHasLanes", msg: "close the lanes first" },
    { code: 6064, name: "LedgerUndistributed", msg: "distribute first" },
    {
      code: 6065,
      name: "LedgerIndexUsed",
      msg: "a ledger of this index was opened before; take another index",
    },
    { code: 6066, name: "NothingToDistribute", msg: "there is nothing to distribute" },
    { code: 6080, name: "LaneUnknown", msg: "the ledger has no such row" },
    { code: 6081, name: "LaneTaken", msg: "the row is taken" },
    { code: 6082, name: "LaneRetired", msg: "the row was used as often as it can be" },
    { code: 6083, name: "LaneNotOpen", msg: "the lane is not open" },
    { code: 6084, name: "LaneGeneration", msg: "the row is of another generation" },
    { code: 6085, name: "LaneOwner", msg: "the lane is of another owner" },
    { code: 6086, name: "ReserveBelowMinimum", msg: "the operator asks for a larger reserve" },
    { code: 6087, name: "LaneFree", msg: "the row is free" },
    { code: 6088, name: "LaneClosing", msg: "the lane is closing already" },
    {
      code: 6089,
      name: "OperatorSignatureMissing",
      msg: "the operator has to sign, because vouchers of the old key would be worthless",
    },
    { code: 6090, name: "LaneNotClosing", msg: "the lane's owner has not asked to close it" },
    { code: 6091, name: "LaneNotDue", msg: "the grace period is not over" },
    { code: 6100, name: "BatchEmpty", msg: "the batch has no records" },
    { code: 6101, name: "BatchRagged", msg: "the batch is not whole records of 74 bytes" },
    { code: 6102, name: "VoucherLaneUnknown", msg: "a record names a row the ledger does not have" },
    { code: 6103, name: "VoucherLaneFree", msg: "a record names a free row" },
    { code: 6104, name: "VoucherOverReserve", msg: "a voucher exceeds the lane's reserve" },
    { code: 6105, name: "VoucherExpired", msg: "a voucher has expired" },
    { code: 6106, name: "VoucherTooLate", msg: "the lane's deadline has passed" },
    { code: 6107, name: "VoucherSignature", msg: "a signature does not hold" },
    { code: 6120, name: "InvariantBroken", msg: "an invariant does not hold; please report this" },
  ],
};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type EscrowIdl = {
  address: "Esco2R5zYqWD7BS7T4sX4G6ZsdtXyCzbYKvMUpfxqqaF";
  metadata: {
    name: "escrow";
    version: "0.1.0";
    spec: "0.1.0";
    description: "The escrow program of TollDNS: deposits, lanes, settlement and the split.";
  };
  instructions: [
    {
      name: "settle";
      discriminator: [0];
      accounts: [{ name: "ledger"; writable: true }];
      args: [{ name: "baseDay"; type: "u16" }, { name: "records"; type: "bytes" }];
    },
    {
      name: "initialize";
      discriminator: [1];
      accounts: [
        { name: "authority"; writable: true; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        {
          name: "vault";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [118, 97, 117, 108, 116] }] };
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "namesPool" },
        { name: "programData" },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "genesisHash"; type: { array: ["u8", 32] } },
        { name: "operatorBps"; type: "u16" },
        { name: "namesBps"; type: "u16" },
        { name: "treasuryBps"; type: "u16" },
        { name: "settlementInterval"; type: "u32" },
        { name: "graceSeconds"; type: "u32" },
        { name: "guardian"; type: "pubkey" },
      ];
    },
    {
      name: "proposeAuthority";
      discriminator: [2];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "newAuthority"; type: "pubkey" }];
    },
    {
      name: "acceptAuthority";
      discriminator: [3];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        { name: "pendingAuthority"; signer: true; relations: ["config"] },
      ];
      args: [];
    },
    {
      name: "setGuardian";
      discriminator: [4];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "guardian"; type: "pubkey" }];
    },
    {
      name: "setPaused";
      discriminator: [5];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        { name: "signer"; signer: true },
      ];
      args: [{ name: "paused"; type: "u8" }];
    },
    {
      name: "setTreasury";
      discriminator: [6];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
        { name: "treasury" },
        { name: "namesPool" },
      ];
      args: [];
    },
    {
      name: "deposit";
      discriminator: [10];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "source"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "amount"; type: "u64" }];
    },
    {
      name: "withdraw";
      discriminator: [11];
      accounts: [
        { name: "owner"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "destination"; writable: true },
        { name: "tokenProgram" },
      ];
      args: [{ name: "amount"; type: "u64" }];
    },
    {
      name: "closeBalance";
      discriminator: [12];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        {
          name: "balance";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
      ];
      args: [];
    },
    {
      name: "openLedger";
      discriminator: [20];
      accounts: [
        { name: "operator"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger"; writable: true },
        { name: "payout" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "index"; type: "u16" }, { name: "minReserve"; type: "u64" }];
    },
    {
      name: "extendLedger";
      discriminator: [21];
      accounts: [
        { name: "operator"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "rows"; type: "u16" }];
    },
    {
      name: "setLedger";
      discriminator: [22];
      accounts: [
        { name: "operator"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger"; writable: true },
        { name: "payout" },
      ];
      args: [{ name: "minReserve"; type: "u64" }];
    },
    {
      name: "closeLedger";
      discriminator: [23];
      accounts: [{ name: "operator"; writable: true; signer: true }, { name: "ledger"; writable: true }];
      args: [];
    },
    {
      name: "openLane";
      discriminator: [30];
      accounts: [
        { name: "owner"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "ledger"; writable: true },
      ];
      args: [
        { name: "lane"; type: "u16" },
        { name: "sessionKey"; type: "pubkey" },
        { name: "reserve"; type: "u64" },
      ];
    },
    {
      name: "topUpLane";
      discriminator: [31];
      accounts: [
        { name: "owner"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        {
          name: "balance";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 97, 108, 97, 110, 99, 101] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "ledger"; writable: true },
      ];
      args: [
        { name: "lane"; type: "u16" },
        { name: "generation"; type: "u16" },
        { name: "amount"; type: "u64" },
      ];
    },
    {
      name: "revokeLane";
      discriminator: [32];
      accounts: [{ name: "owner"; signer: true }, { name: "ledger"; writable: true }];
      args: [{ name: "lane"; type: "u16" }, { name: "generation"; type: "u16" }];
    },
    {
      name: "rekeyLane";
      discriminator: [33];
      accounts: [
        { name: "owner"; signer: true },
        { name: "ledger"; writable: true },
        { name: "operator"; signer: true; optional: true },
      ];
      args: [
        { name: "lane"; type: "u16" },
        { name: "generation"; type: "u16" },
        { name: "sessionKey"; type: "pubkey" },
      ];
    },
    {
      name: "requestClose";
      discriminator: [34];
      accounts: [{ name: "owner"; signer: true }, { name: "ledger"; writable: true }];
      args: [{ name: "lane"; type: "u16" }, { name: "generation"; type: "u16" }];
    },
    {
      name: "closeLane";
      discriminator: [35];
      accounts: [
        { name: "closer"; signer: true },
        { name: "balance"; writable: true },
        { name: "ledger"; writable: true },
      ];
      args: [{ name: "lane"; type: "u16" }, { name: "generation"; type: "u16" }];
    },
    {
      name: "distribute";
      discriminator: [40];
      accounts: [
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [99, 111, 110, 102, 105, 103] }] } },
        { name: "ledger"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "payout"; writable: true; relations: ["ledger"] },
        { name: "namesPool"; writable: true; relations: ["config"] },
        { name: "treasury"; writable: true; relations: ["config"] },
        { name: "tokenProgram" },
      ];
      args: [];
    },
  ];
  accounts: [
    { discriminator: [127, 71, 25, 157, 105, 157, 241, 182]; name: "balance" },
    { discriminator: [155, 12, 170, 224, 30, 250, 204, 130]; name: "config" },
    { discriminator: [43, 41, 21, 213, 180, 176, 95, 32]; name: "ledger" },
  ];
  types: [
    {
      name: "balance";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 2] } },
          { name: "openLanes"; type: "u32" },
          { name: "free"; type: "u64" },
          { name: "owner"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "balanceChanged";
      type: { fields: [{ name: "owner"; type: "pubkey" }, { name: "free"; type: "u64" }]; kind: "struct" };
    },
    {
      name: "config";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "vaultBump"; type: "u8" },
          { name: "paused"; type: "u8" },
          { name: "operatorBps"; type: "u16" },
          { name: "namesBps"; type: "u16" },
          { name: "treasuryBps"; type: "u16" },
          { name: "reserved"; type: { array: ["u8", 2] } },
          { name: "settlementInterval"; type: "u32" },
          { name: "graceSeconds"; type: "u32" },
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "mint"; type: "pubkey" },
          { name: "tokenProgram"; type: "pubkey" },
          { name: "vault"; type: "pubkey" },
          { name: "treasury"; type: "pubkey" },
          { name: "namesPool"; type: "pubkey" },
          { name: "genesisHash"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "configChanged";
      type: {
        fields: [
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "paused"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "distributed";
      type: {
        fields: [
          { name: "ledger"; type: "pubkey" },
          { name: "operator"; type: "u64" },
          { name: "names"; type: "u64" },
          { name: "treasury"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "laneChanged";
      type: {
        fields: [
          { name: "ledger"; type: "pubkey" },
          { name: "owner"; type: "pubkey" },
          { name: "lane"; type: "u16" },
          { name: "generation"; type: "u16" },
          { name: "state"; type: "u8" },
          { name: "reserve"; type: "u64" },
          { name: "settled"; type: "u64" },
          { name: "deadline"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "ledger";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "index"; type: "u16" },
          { name: "graceSeconds"; type: "u32" },
          { name: "operator"; type: "pubkey" },
          { name: "payout"; type: "pubkey" },
          { name: "minReserve"; type: "u64" },
          { name: "credited"; type: "u64" },
          { name: "distributed"; type: "u64" },
          { name: "openLanes"; type: "u32" },
          { name: "reserved"; type: { array: ["u8", 4] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "settled";
      type: {
        fields: [
          { name: "ledger"; type: "pubkey" },
          { name: "vouchers"; type: "u16" },
          { name: "amount"; type: "u64" },
          { name: "credited"; type: "u64" },
        ];
        kind: "struct";
      };
    },
  ];
  events: [
    { name: "balanceChanged"; discriminator: [231, 114, 125, 58, 137, 248, 148, 201] },
    { name: "configChanged"; discriminator: [147, 25, 86, 98, 98, 77, 78, 192] },
    { name: "distributed"; discriminator: [10, 212, 24, 78, 35, 202, 182, 134] },
    { name: "laneChanged"; discriminator: [129, 201, 37, 92, 0, 234, 123, 96] },
    { name: "settled"; discriminator: [232, 210, 40, 17, 142, 124, 145, 238] },
  ];
  errors: [
    { code: 6000; name: "paused"; msg: "the protocol is paused: deposits and new lanes wait, exits go on" },
    { code: 6001; name: "versionUnknown"; msg: "the account was written by another version of the program" },
    { code: 6002; name: "notUpgradeAuthority"; msg: "only the program's upgrade authority may initialise" },
    { code: 6003; name: "programDataInvalid"; msg: "this is not the program's ProgramData account" },
    { code: 6004; name: "notAuthority"; msg: "only the authority may do this" },
    { code: 6005; name: "notPendingAuthority"; msg: "only the proposed authority may accept" },
    { code: 6006; name: "notGuardian"; msg: "only the guardian or the authority may pause" },
    { code: 6007; name: "flagInvalid"; msg: "the flag is 0 or 1" },
    { code: 6008; name: "splitInvalid"; msg: "the split must sum to 10000 basis points" },
    { code: 6009; name: "intervalInvalid"; msg: "the settlement interval may not be zero" },
    { code: 6010; name: "graceTooShort"; msg: "the grace period must exceed twice the settlement interval" },
    { code: 6011; name: "graceTooLong"; msg: "the grace period may not exceed 90 days" },
    { code: 6012; name: "clockInvalid"; msg: "the clock shows a time before 1970" },
    { code: 6013; name: "instructionUnknown"; msg: "no instruction has this discriminator" },
    { code: 6014; name: "instructionLength"; msg: "the instruction data is too short or too long" },
    { code: 6015; name: "alreadyInitialized"; msg: "the protocol is initialised already" },
    { code: 6020; name: "mintInvalid"; msg: "the mint is not an initialised mint of the token program" },
    { code: 6021; name: "mintDecimals"; msg: "the mint must have 6 decimals" },
    { code: 6022; name: "mintExtensions"; msg: "mints with extensions are not accepted" },
    { code: 6023; name: "tokenProgramUnsupported"; msg: "only SPL Token and Token-2022 are accepted" },
    {
      code: 6024;
      name: "tokenProgramMismatch";
      msg: "the token program is not the one of the configuration";
    },
    { code: 6025; name: "tokenAccountInvalid"; msg: "this is not an initialised token account" },
    { code: 6026; name: "tokenAccountProgram"; msg: "the token account belongs to another program" },
    { code: 6027; name: "tokenAccountMint"; msg: "the token account is of another mint" },
    { code: 6028; name: "tokenAccountFrozen"; msg: "the token account is frozen" },
    { code: 6029; name: "tokenAccountOwner"; msg: "the token account belongs to another wallet" },
    {
      code: 6030;
      name: "tokenAccountDelegate";
      msg: "a token account of the protocol or an operator may not have a delegate";
    },
    {
      code: 6031;
      name: "tokenAccountCloseAuthority";
      msg: "a token account of the protocol or an operator may not have a close authority";
    },
    { code: 6032; name: "wrongVault"; msg: "this is not the vault" },
    {
      code: 6033;
      name: "tokenAccountReserved";
      msg: "this token account already has another part in the protocol";
    },
    { code: 6034; name: "wrongPayout"; msg: "this is not the ledger's payout account" },
    { code: 6035; name: "wrongTreasury"; msg: "this is not the treasury account" },
    { code: 6036; name: "wrongNamesPool"; msg: "this is not the names-pool account" },
    { code: 6040; name: "amountZero"; msg: "the amount may not be zero" },
    { code: 6041; name: "amountTooLarge"; msg: "the amount exceeds 2^56 - 1" },
    { code: 6042; name: "amountOverflow"; msg: "the sum exceeds 64 bits" },
    { code: 6043; name: "balanceInsufficient"; msg: "there is not that much" },
    { code: 6044; name: "balanceOwner"; msg: "the balance is of another owner" },
    { code: 6045; name: "balanceNotEmpty"; msg: "withdraw the free balance first" },
    { code: 6046; name: "balanceHasLanes"; msg: "close the lanes first" },
    { code: 6060; name: "notOperator"; msg: "only the ledger's operator may do this" },
    { code: 6061; name: "rowsInvalid"; msg: "a ledger grows by 1 to 106 rows an instruction" },
    { code: 6062; name: "ledgerFull"; msg: "a ledger has at most 65535 rows" },
    { code: 6063; name: "ledgerHasLanes"; msg: "close the lanes first" },
    { code: 6064; name: "ledgerUndistributed"; msg: "distribute first" },
    {
      code: 6065;
      name: "ledgerIndexUsed";
      msg: "a ledger of this index was opened before; take another index";
    },
    { code: 6066; name: "nothingToDistribute"; msg: "there is nothing to distribute" },
    { code: 6080; name: "laneUnknown"; msg: "the ledger has no such row" },
    { code: 6081; name: "laneTaken"; msg: "the row is taken" },
    { code: 6082; name: "laneRetired"; msg: "the row was used as often as it can be" },
    { code: 6083; name: "laneNotOpen"; msg: "the lane is not open" },
    { code: 6084; name: "laneGeneration"; msg: "the row is of another generation" },
    { code: 6085; name: "laneOwner"; msg: "the lane is of another owner" },
    { code: 6086; name: "reserveBelowMinimum"; msg: "the operator asks for a larger reserve" },
    { code: 6087; name: "laneFree"; msg: "the row is free" },
    { code: 6088; name: "laneClosing"; msg: "the lane is closing already" },
    {
      code: 6089;
      name: "operatorSignatureMissing";
      msg: "the operator has to sign, because vouchers of the old key would be worthless";
    },
    { code: 6090; name: "laneNotClosing"; msg: "the lane's owner has not asked to close it" },
    { code: 6091; name: "laneNotDue"; msg: "the grace period is not over" },
    { code: 6100; name: "batchEmpty"; msg: "the batch has no records" },
    { code: 6101; name: "batchRagged"; msg: "the batch is not whole records of 74 bytes" },
    { code: 6102; name: "voucherLaneUnknown"; msg: "a record names a row the ledger does not have" },
    { code: 6103; name: "voucherLaneFree"; msg: "a record names a free row" },
    { code: 6104; name: "voucherOverReserve"; msg: "a voucher exceeds the lane's reserve" },
    { code: 6105; name: "voucherExpired"; msg: "a voucher has expired" },
    { code: 6106; name: "voucherTooLate"; msg: "the lane's deadline has passed" },
    { code: 6107; name: "voucherSignature"; msg: "a signature does not hold" },
    { code: 6120; name: "invariantBroken"; msg: "an invariant does not hold; please report this" },
  ];
};
