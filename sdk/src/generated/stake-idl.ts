// Made by sdk/scripts/generate.ts from programs/artifacts/stake.json. Do not edit.

/** The stake program's IDL: `new Program<StakeIdl>(STAKE_IDL, provider)` with @coral-xyz/anchor. */
export const STAKE_IDL: object = {
  address: "AsJ4RS145F19X7dkQdPbL6N7A3w5XcJyiyjosmqCcgNr",
  metadata: {
    name: "stake",
    version: "0.1.0",
    spec: "0.1.0",
    description:
      "The stake program of TollDNS: operators, nodes, stake, exits, slashing and the tree of weights.",
  },
  instructions: [
    {
      name: "initialize",
      discriminator: [0],
      accounts: [
        { name: "authority", writable: true, signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "tree", writable: true, pda: { seeds: [{ kind: "const", value: [116, 114, 101, 101] }] } },
        {
          name: "vault",
          writable: true,
          docs: ["Becomes a token account of `mint`, owned by the configuration's address."],
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101, 45, 118, 97, 117, 108, 116] }] },
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "program_data", docs: ["The loader's record of who may upgrade this program."] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "exit_delay", type: "u32" },
        { name: "least_self_stake", type: "u64" },
        { name: "tier_locks", type: { array: ["u32", 4] } },
        { name: "tier_weights", type: { array: ["u16", 4] } },
        { name: "slash_bps", type: { array: ["u16", 5] } },
        { name: "guardian", type: "pubkey" },
        { name: "slasher", type: "pubkey" },
      ],
    },
    {
      name: "propose_authority",
      discriminator: [1],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [{ name: "new_authority", type: "pubkey" }],
    },
    {
      name: "accept_authority",
      discriminator: [2],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "pending_authority", signer: true, relations: ["config"] },
      ],
      args: [],
    },
    {
      name: "set_guardian",
      discriminator: [3],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [{ name: "guardian", type: "pubkey" }],
    },
    {
      name: "set_paused",
      discriminator: [4],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
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
      name: "set_terms",
      discriminator: [5],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [
        { name: "exit_delay", type: "u32" },
        { name: "least_self_stake", type: "u64" },
        { name: "tier_locks", type: { array: ["u32", 4] } },
        { name: "tier_weights", type: { array: ["u16", 4] } },
        { name: "slash_bps", type: { array: ["u16", 5] } },
      ],
    },
    {
      name: "set_treasury",
      discriminator: [6],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
        { name: "treasury" },
      ],
      args: [],
    },
    {
      name: "set_slasher",
      discriminator: [7],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [{ name: "slasher", type: "pubkey" }],
    },
    {
      name: "register_operator",
      discriminator: [10],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [{ name: "commission_bps", type: "u16" }],
    },
    {
      name: "set_commission",
      discriminator: [11],
      accounts: [
        { name: "owner", signer: true },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
      ],
      args: [{ name: "commission_bps", type: "u16" }],
    },
    {
      name: "retire_operator",
      discriminator: [12],
      accounts: [
        { name: "owner", signer: true },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
      ],
      args: [],
    },
    {
      name: "unjail",
      discriminator: [13],
      accounts: [
        { name: "owner", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
      ],
      args: [],
    },
    {
      name: "add_node",
      discriminator: [20],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        {
          name: "node",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [110, 111, 100, 101] },
              { kind: "account", path: "operator" },
              { kind: "arg", path: "number" },
            ],
          },
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "number", type: "u16" },
        { name: "role", type: "u8" },
        { name: "region", type: "u16" },
        { name: "asn", type: "u32" },
        { name: "hot_key", type: "pubkey" },
        { name: "endpoint", type: "bytes" },
      ],
    },
    {
      name: "set_node",
      discriminator: [21],
      accounts: [
        { name: "owner", signer: true },
        {
          name: "operator",
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "node", writable: true },
      ],
      args: [
        { name: "region", type: "u16" },
        { name: "asn", type: "u32" },
        { name: "endpoint", type: "bytes" },
      ],
    },
    {
      name: "rotate_hot_key",
      discriminator: [22],
      accounts: [
        { name: "owner", signer: true },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "node", writable: true },
      ],
      args: [{ name: "hot_key", type: "pubkey" }],
    },
    {
      name: "remove_node",
      discriminator: [23],
      accounts: [
        { name: "owner", writable: true, signer: true },
        {
          name: "operator",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account", path: "owner" },
            ],
          },
        },
        { name: "node", writable: true },
      ],
      args: [],
    },
    {
      name: "stake",
      discriminator: [30],
      accounts: [
        { name: "staker", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "operator", writable: true },
        {
          name: "position",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account", path: "operator" },
              { kind: "account", path: "staker" },
            ],
          },
        },
        { name: "source", writable: true, docs: ["The staker's native tokens."] },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "amount", type: "u64" },
        { name: "tier", type: "u8" },
      ],
    },
    {
      name: "request_exit",
      discriminator: [31],
      accounts: [
        { name: "staker", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "tree", writable: true, pda: { seeds: [{ kind: "const", value: [116, 114, 101, 101] }] } },
        { name: "operator", writable: true },
        {
          name: "position",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account", path: "operator" },
              { kind: "account", path: "staker" },
            ],
          },
        },
        { name: "exit", writable: true },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "shares", type: "u64" },
        { name: "proof", type: "bytes" },
      ],
    },
    {
      name: "cancel_exit",
      discriminator: [32],
      accounts: [
        { name: "staker", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "operator", writable: true },
        {
          name: "position",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account", path: "operator" },
              { kind: "account", path: "staker" },
            ],
          },
        },
        { name: "exit", writable: true },
      ],
      args: [],
    },
    {
      name: "withdraw",
      discriminator: [33],
      accounts: [
        { name: "staker", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "operator", writable: true },
        {
          name: "position",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account", path: "operator" },
              { kind: "account", path: "staker" },
            ],
          },
        },
        { name: "exit", writable: true },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "destination", writable: true },
        { name: "token_program" },
      ],
      args: [],
    },
    {
      name: "close_position",
      discriminator: [34],
      accounts: [
        { name: "staker", writable: true, signer: true },
        { name: "operator" },
        {
          name: "position",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account", path: "operator" },
              { kind: "account", path: "staker" },
            ],
          },
        },
      ],
      args: [],
    },
    {
      name: "slash",
      discriminator: [40],
      accounts: [
        {
          name: "slasher",
          signer: true,
          relations: ["config"],
          docs: ["The quorum program's address, which signs when something was proven."],
        },
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "operator", writable: true },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "mint", writable: true, relations: ["config"] },
        { name: "treasury", writable: true, relations: ["config"] },
        {
          name: "reporter",
          writable: true,
          docs: ["Where it can take nothing, its part goes with the rest."],
        },
        { name: "token_program" },
      ],
      args: [{ name: "offence", type: "u8" }],
    },
    {
      name: "sync",
      discriminator: [50],
      accounts: [
        { name: "config", pda: { seeds: [{ kind: "const", value: [115, 116, 97, 107, 101] }] } },
        { name: "tree", writable: true, pda: { seeds: [{ kind: "const", value: [116, 114, 101, 101] }] } },
        { name: "operator", writable: true },
      ],
      args: [{ name: "proof", type: "bytes" }],
    },
  ],
  accounts: [
    { discriminator: [25, 25, 160, 223, 53, 155, 170, 162], name: "Exit" },
    { discriminator: [208, 53, 1, 3, 49, 122, 180, 49], name: "Node" },
    { discriminator: [219, 31, 188, 145, 69, 139, 204, 117], name: "Operator" },
    { discriminator: [170, 188, 143, 228, 122, 64, 247, 208], name: "Position" },
    { discriminator: [238, 151, 43, 3, 11, 151, 63, 176], name: "StakeConfig" },
    { discriminator: [21, 1, 96, 149, 20, 18, 34, 178], name: "StakeTree" },
  ],
  types: [
    {
      docs: [
        'Shares on their way out, at `["exit", position, number u32]`. One a request, each with a clock of its own.',
      ],
      name: "Exit",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "reserved", type: "u16" },
          { name: "number", type: "u32" },
          { name: "shares", type: "u64" },
          { docs: ["Unix seconds."], name: "ready_at", type: "u64" },
          { name: "position", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Shares began to leave (`ready_at` in Unix seconds), or stay after all (0)."],
      name: "ExitChanged",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "staker", type: "pubkey" },
          { name: "number", type: "u32" },
          { name: "shares", type: "u64" },
          { name: "ready_at", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['One machine of an operator, at `["node", operator, number u16]`.'],
      name: "Node",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          {
            docs: ["1 INGRESS, 2 GATEWAY, 3 CACHE, 4 ANYCAST, 5 SCRUBBING, 6 VERIFIER, 7 WITNESS."],
            name: "role",
            type: "u8",
          },
          { name: "endpoint_length", type: "u8" },
          { name: "number", type: "u16" },
          { name: "region", type: "u16" },
          { name: "asn", type: "u32" },
          { name: "reserved", type: "u32" },
          { name: "operator", type: "pubkey" },
          { name: "hot_key", type: "pubkey" },
          {
            docs: [
              "`endpoint_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.",
            ],
            name: "endpoint",
            type: { array: [{ array: ["u8", 32] }, 4] },
          },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A node after any change; `role` is 0 if it is gone."],
      name: "NodeChanged",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "number", type: "u16" },
          { name: "role", type: "u8" },
          { name: "hot_key", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'One operator, at `["operator", owner]`. Never closed: its place in the tree is its own for good.',
      ],
      name: "Operator",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "flags", type: "u8" },
          { name: "reserved", type: "u8" },
          { name: "commission_bps", type: "u16" },
          { name: "nodes", type: "u16" },
          { docs: ["Place in the tree."], name: "index", type: "u32" },
          { name: "reserved_more", type: "u32" },
          { docs: ["Base units of the native token, exiting ones too."], name: "pool", type: "u64" },
          { docs: ["All shares, exiting ones too."], name: "shares", type: "u64" },
          {
            docs: ["What positions weigh in their tiers, without what is exiting."],
            name: "weighted",
            type: "u64",
          },
          { docs: ["The owner's, without what is exiting."], name: "self_shares", type: "u64" },
          {
            docs: ["Unix seconds: when it was slashed last, and when its commission rose last."],
            name: "slashed_at",
            type: "u64",
          },
          { name: "commission_rose_at", type: "u64" },
          { docs: ["What the tree holds of it."], name: "tree_weight", type: "u64" },
          { name: "tree_witness", type: "pubkey" },
          { name: "owner", type: "pubkey" },
          { docs: ["Hot key of its witness node; all zero without one."], name: "witness", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        "An operator after it registered, changed its commission or witness key, retired, or left jail.",
      ],
      name: "OperatorChanged",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "witness", type: "pubkey" },
          { name: "commission_bps", type: "u16" },
          { name: "flags", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['What one staker has with one operator, at `["position", operator, staker]`.'],
      name: "Position",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "tier", type: "u8" },
          { name: "reserved", type: "u8" },
          { docs: ["The tier's when stake was added last."], name: "weight_bps", type: "u16" },
          { name: "reserved_more", type: "u16" },
          { docs: ["Number of the next Exit, and how many there are."], name: "next_exit", type: "u32" },
          { name: "exits", type: "u32" },
          { docs: ["Without what is exiting."], name: "shares", type: "u64" },
          { docs: ["Unix seconds."], name: "locked_until", type: "u64" },
          { name: "operator", type: "pubkey" },
          { name: "staker", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["An operator was slashed and jailed."],
      name: "Slashed",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "offence", type: "u8" },
          { name: "taken", type: "u64" },
          { name: "reporter", type: "u64" },
          { name: "burned", type: "u64" },
          { name: "treasury", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['The program\'s one configuration, at `["stake"]`. Its address owns the vault.'],
      name: "StakeConfig",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "vault_bump", type: "u8" },
          { docs: ["0 or 1."], name: "paused", type: "u8" },
          { name: "reporter_bps", type: "u16" },
          { name: "burn_bps", type: "u16" },
          {
            docs: ["For equivocation, a false root, an omission."],
            name: "slash_bps",
            type: { array: ["u16", 3] },
          },
          { name: "reserved", type: "u16" },
          { name: "tier_weights", type: { array: ["u16", 4] } },
          { docs: ["Seconds."], name: "tier_locks", type: { array: ["u32", 4] } },
          { name: "exit_delay", type: "u32" },
          { name: "reserved_more", type: "u32" },
          { docs: ["Base units of the native token."], name: "least_self_stake", type: "u64" },
          { name: "authority", type: "pubkey" },
          { docs: ["All zero when nobody is proposed."], name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "mint", type: "pubkey" },
          { name: "token_program", type: "pubkey" },
          { name: "vault", type: "pubkey" },
          { name: "treasury", type: "pubkey" },
          { docs: ["The one address that may slash; all zero for nobody."], name: "slasher", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The configuration after any change of it."],
      name: "StakeConfigChanged",
      type: {
        fields: [
          { name: "authority", type: "pubkey" },
          { name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "slasher", type: "pubkey" },
          { name: "paused", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['The tree of weights, at `["tree"]`.'],
      name: "StakeTree",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "depth", type: "u8" },
          { name: "reserved", type: "u8" },
          { name: "count", type: "u32" },
          { name: "total", type: "u64" },
          { name: "root", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Tokens came in."],
      name: "Staked",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "staker", type: "pubkey" },
          { name: "amount", type: "u64" },
          { name: "shares", type: "u64" },
          { name: "tier", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The tree holds another weight or key for an operator."],
      name: "WeightChanged",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "witness", type: "pubkey" },
          { name: "index", type: "u32" },
          { name: "weight", type: "u64" },
          { name: "total", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Tokens left."],
      name: "Withdrawn",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "staker", type: "pubkey" },
          { name: "shares", type: "u64" },
          { name: "amount", type: "u64" },
        ],
        kind: "struct",
      },
    },
  ],
  events: [
    { name: "ExitChanged", discriminator: [195, 252, 54, 115, 12, 53, 68, 119] },
    { name: "NodeChanged", discriminator: [25, 179, 134, 51, 125, 94, 241, 232] },
    { name: "OperatorChanged", discriminator: [231, 79, 62, 226, 190, 139, 176, 51] },
    { name: "Slashed", discriminator: [98, 59, 249, 154, 233, 53, 98, 194] },
    { name: "StakeConfigChanged", discriminator: [82, 184, 169, 187, 160, 23, 68, 20] },
    { name: "Staked", discriminator: [11, 146, 45, 205, 230, 58, 213, 240] },
    { name: "WeightChanged", discriminator: [113, 233, 136, 131, 134, 106, 13, 161] },
    { name: "Withdrawn", discriminator: [20, 89, 223, 198, 194, 124, 219, 13] },
  ],
  errors: [
    {
      code: 6000,
      name: "Paused",
      msg: "the program is paused: registrations, nodes and deposits wait, every way out stays open",
    },
    { code: 6001, name: "VersionUnknown", msg: "the account was written by another version of the program" },
    { code: 6002, name: "NotUpgradeAuthority", msg: "only the program's upgrade authority may initialise" },
    { code: 6003, name: "ProgramDataInvalid", msg: "this is not the program's ProgramData account" },
    { code: 6004, name: "NotAuthority", msg: "only the authority may do this" },
    { code: 6005, name: "NotPendingAuthority", msg: "only the proposed authority may accept" },
    { code: 6006, name: "NotGuardian", msg: "only the guardian or the authority may pause" },
    { code: 6007, name: "FlagInvalid", msg: "the flag is 0 or 1" },
    { code: 6012, name: "ClockInvalid", msg: "the clock shows a time before 1970" },
    { code: 6013, name: "InstructionUnknown", msg: "no instruction has this discriminator" },
    { code: 6014, name: "InstructionLength", msg: "the instruction data is too short or too long" },
    { code: 6015, name: "AlreadyInitialized", msg: "the program is initialised already" },
    { code: 6020, name: "MintInvalid", msg: "the mint is not an initialised mint of the token program" },
    { code: 6021, name: "MintDecimals", msg: "the mint must have 9 decimals" },
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
    { code: 6030, name: "TokenAccountDelegate", msg: "the treasury's token account may not have a delegate" },
    {
      code: 6031,
      name: "TokenAccountCloseAuthority",
      msg: "the treasury's token account may not have a close authority",
    },
    { code: 6032, name: "WrongVault", msg: "this is not the vault" },
    {
      code: 6033,
      name: "TokenAccountReserved",
      msg: "this token account already has another part in the program",
    },
    { code: 6035, name: "WrongTreasury", msg: "this is not the treasury account" },
    { code: 6040, name: "AmountZero", msg: "the amount may not be zero" },
    { code: 6042, name: "AmountOverflow", msg: "the sum exceeds 64 bits" },
    { code: 6120, name: "InvariantBroken", msg: "an invariant does not hold; please report this" },
    { code: 6270, name: "ExitDelayInvalid", msg: "the exit delay is between 8 and 90 days" },
    { code: 6271, name: "LeastStakeInvalid", msg: "the least self-stake is at least one unit" },
    {
      code: 6272,
      name: "TiersInvalid",
      msg: "locks and weights rise from tier to tier: at most 4 years, and 10000 to 40000 basis points",
    },
    {
      code: 6273,
      name: "SlashInvalid",
      msg: "a slash takes 1 to 10000 basis points, an omission at most 5000; the reporter gets at most 2000 of it, at most 10000 of the rest are burned",
    },
    { code: 6274, name: "CommissionTooHigh", msg: "a commission is at most 5000 basis points" },
    {
      code: 6275,
      name: "CommissionTooFast",
      msg: "a commission rises by at most 500 basis points, and only a day after it rose last",
    },
    { code: 6276, name: "TierUnknown", msg: "tiers are 0 to 3" },
    { code: 6277, name: "TierLower", msg: "stake may go to a higher tier, not to a lower" },
    {
      code: 6278,
      name: "PoolDead",
      msg: "the pool was slashed to nothing; nobody can stake there until everybody has left",
    },
    { code: 6279, name: "SharesInsufficient", msg: "there are not so many shares" },
    { code: 6280, name: "StakeLocked", msg: "the stake is locked" },
    { code: 6281, name: "ExitNotReady", msg: "the exit is not ready" },
    { code: 6282, name: "OffenceUnknown", msg: "offences are 1 to 3" },
    { code: 6283, name: "RoleInvalid", msg: "roles are 1 to 7" },
    { code: 6284, name: "EndpointInvalid", msg: "an endpoint has at most 128 bytes, all visible ASCII" },
    { code: 6285, name: "TreeFull", msg: "the tree has no place left" },
    {
      code: 6286,
      name: "TreeProof",
      msg: "the proof does not lead to the tree's root; the tree may have changed since it was made",
    },
    { code: 6287, name: "WeightOverflow", msg: "the weights' sum exceeds 64 bits" },
    { code: 6288, name: "JailNotOver", msg: "the time in jail is not over" },
    { code: 6289, name: "SelfStakeTooLow", msg: "the owner's own stake is below the least" },
    { code: 6400, name: "MintFreezable", msg: "nobody may be able to freeze the native token" },
    { code: 6401, name: "NotSlasher", msg: "only the slasher may slash" },
    { code: 6402, name: "Retired", msg: "the operator is retired" },
    { code: 6403, name: "NotJailed", msg: "the operator is not in jail" },
    {
      code: 6404,
      name: "WitnessExists",
      msg: "the operator has a witness node; remove it or rotate its key",
    },
    { code: 6405, name: "HotKeyInvalid", msg: "a hot key is not all zeroes" },
    {
      code: 6406,
      name: "Weightless",
      msg: "an operator that never weighed anything has no place in the tree",
    },
    {
      code: 6407,
      name: "TreeStale",
      msg: "the tree still holds more weight for the operator than it has: sync first",
    },
    { code: 6408, name: "PositionNotEmpty", msg: "the position still has shares or exits" },
  ],
};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type StakeIdl = {
  address: "AsJ4RS145F19X7dkQdPbL6N7A3w5XcJyiyjosmqCcgNr";
  metadata: {
    name: "stake";
    version: "0.1.0";
    spec: "0.1.0";
    description: "The stake program of TollDNS: operators, nodes, stake, exits, slashing and the tree of weights.";
  };
  instructions: [
    {
      name: "initialize";
      discriminator: [0];
      accounts: [
        { name: "authority"; writable: true; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "tree"; writable: true; pda: { seeds: [{ kind: "const"; value: [116, 114, 101, 101] }] } },
        {
          name: "vault";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101, 45, 118, 97, 117, 108, 116] }] };
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "programData" },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "exitDelay"; type: "u32" },
        { name: "leastSelfStake"; type: "u64" },
        { name: "tierLocks"; type: { array: ["u32", 4] } },
        { name: "tierWeights"; type: { array: ["u16", 4] } },
        { name: "slashBps"; type: { array: ["u16", 5] } },
        { name: "guardian"; type: "pubkey" },
        { name: "slasher"; type: "pubkey" },
      ];
    },
    {
      name: "proposeAuthority";
      discriminator: [1];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "newAuthority"; type: "pubkey" }];
    },
    {
      name: "acceptAuthority";
      discriminator: [2];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "pendingAuthority"; signer: true; relations: ["config"] },
      ];
      args: [];
    },
    {
      name: "setGuardian";
      discriminator: [3];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "guardian"; type: "pubkey" }];
    },
    {
      name: "setPaused";
      discriminator: [4];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "signer"; signer: true },
      ];
      args: [{ name: "paused"; type: "u8" }];
    },
    {
      name: "setTerms";
      discriminator: [5];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [
        { name: "exitDelay"; type: "u32" },
        { name: "leastSelfStake"; type: "u64" },
        { name: "tierLocks"; type: { array: ["u32", 4] } },
        { name: "tierWeights"; type: { array: ["u16", 4] } },
        { name: "slashBps"; type: { array: ["u16", 5] } },
      ];
    },
    {
      name: "setTreasury";
      discriminator: [6];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
        { name: "treasury" },
      ];
      args: [];
    },
    {
      name: "setSlasher";
      discriminator: [7];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "slasher"; type: "pubkey" }];
    },
    {
      name: "registerOperator";
      discriminator: [10];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "commissionBps"; type: "u16" }];
    },
    {
      name: "setCommission";
      discriminator: [11];
      accounts: [
        { name: "owner"; signer: true },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
      ];
      args: [{ name: "commissionBps"; type: "u16" }];
    },
    {
      name: "retireOperator";
      discriminator: [12];
      accounts: [
        { name: "owner"; signer: true },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
      ];
      args: [];
    },
    {
      name: "unjail";
      discriminator: [13];
      accounts: [
        { name: "owner"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
      ];
      args: [];
    },
    {
      name: "addNode";
      discriminator: [20];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        {
          name: "node";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [110, 111, 100, 101] },
              { kind: "account"; path: "operator" },
              { kind: "arg"; path: "number" },
            ];
          };
        },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "number"; type: "u16" },
        { name: "role"; type: "u8" },
        { name: "region"; type: "u16" },
        { name: "asn"; type: "u32" },
        { name: "hotKey"; type: "pubkey" },
        { name: "endpoint"; type: "bytes" },
      ];
    },
    {
      name: "setNode";
      discriminator: [21];
      accounts: [
        { name: "owner"; signer: true },
        {
          name: "operator";
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "node"; writable: true },
      ];
      args: [
        { name: "region"; type: "u16" },
        { name: "asn"; type: "u32" },
        { name: "endpoint"; type: "bytes" },
      ];
    },
    {
      name: "rotateHotKey";
      discriminator: [22];
      accounts: [
        { name: "owner"; signer: true },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "node"; writable: true },
      ];
      args: [{ name: "hotKey"; type: "pubkey" }];
    },
    {
      name: "removeNode";
      discriminator: [23];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        {
          name: "operator";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [111, 112, 101, 114, 97, 116, 111, 114] },
              { kind: "account"; path: "owner" },
            ];
          };
        },
        { name: "node"; writable: true },
      ];
      args: [];
    },
    {
      name: "stake";
      discriminator: [30];
      accounts: [
        { name: "staker"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "operator"; writable: true },
        {
          name: "position";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account"; path: "operator" },
              { kind: "account"; path: "staker" },
            ];
          };
        },
        { name: "source"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "amount"; type: "u64" }, { name: "tier"; type: "u8" }];
    },
    {
      name: "requestExit";
      discriminator: [31];
      accounts: [
        { name: "staker"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "tree"; writable: true; pda: { seeds: [{ kind: "const"; value: [116, 114, 101, 101] }] } },
        { name: "operator"; writable: true },
        {
          name: "position";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account"; path: "operator" },
              { kind: "account"; path: "staker" },
            ];
          };
        },
        { name: "exit"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "shares"; type: "u64" }, { name: "proof"; type: "bytes" }];
    },
    {
      name: "cancelExit";
      discriminator: [32];
      accounts: [
        { name: "staker"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "operator"; writable: true },
        {
          name: "position";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account"; path: "operator" },
              { kind: "account"; path: "staker" },
            ];
          };
        },
        { name: "exit"; writable: true },
      ];
      args: [];
    },
    {
      name: "withdraw";
      discriminator: [33];
      accounts: [
        { name: "staker"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "operator"; writable: true },
        {
          name: "position";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account"; path: "operator" },
              { kind: "account"; path: "staker" },
            ];
          };
        },
        { name: "exit"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "destination"; writable: true },
        { name: "tokenProgram" },
      ];
      args: [];
    },
    {
      name: "closePosition";
      discriminator: [34];
      accounts: [
        { name: "staker"; writable: true; signer: true },
        { name: "operator" },
        {
          name: "position";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 111, 115, 105, 116, 105, 111, 110] },
              { kind: "account"; path: "operator" },
              { kind: "account"; path: "staker" },
            ];
          };
        },
      ];
      args: [];
    },
    {
      name: "slash";
      discriminator: [40];
      accounts: [
        { name: "slasher"; signer: true; relations: ["config"] },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "operator"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "mint"; writable: true; relations: ["config"] },
        { name: "treasury"; writable: true; relations: ["config"] },
        { name: "reporter"; writable: true },
        { name: "tokenProgram" },
      ];
      args: [{ name: "offence"; type: "u8" }];
    },
    {
      name: "sync";
      discriminator: [50];
      accounts: [
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [115, 116, 97, 107, 101] }] } },
        { name: "tree"; writable: true; pda: { seeds: [{ kind: "const"; value: [116, 114, 101, 101] }] } },
        { name: "operator"; writable: true },
      ];
      args: [{ name: "proof"; type: "bytes" }];
    },
  ];
  accounts: [
    { discriminator: [25, 25, 160, 223, 53, 155, 170, 162]; name: "exit" },
    { discriminator: [208, 53, 1, 3, 49, 122, 180, 49]; name: "node" },
    { discriminator: [219, 31, 188, 145, 69, 139, 204, 117]; name: "operator" },
    { discriminator: [170, 188, 143, 228, 122, 64, 247, 208]; name: "position" },
    { discriminator: [238, 151, 43, 3, 11, 151, 63, 176]; name: "stakeConfig" },
    { discriminator: [21, 1, 96, 149, 20, 18, 34, 178]; name: "stakeTree" },
  ];
  types: [
    {
      name: "exit";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "reserved"; type: "u16" },
          { name: "number"; type: "u32" },
          { name: "shares"; type: "u64" },
          { name: "readyAt"; type: "u64" },
          { name: "position"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "exitChanged";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "staker"; type: "pubkey" },
          { name: "number"; type: "u32" },
          { name: "shares"; type: "u64" },
          { name: "readyAt"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "node";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "role"; type: "u8" },
          { name: "endpointLength"; type: "u8" },
          { name: "number"; type: "u16" },
          { name: "region"; type: "u16" },
          { name: "asn"; type: "u32" },
          { name: "reserved"; type: "u32" },
          { name: "operator"; type: "pubkey" },
          { name: "hotKey"; type: "pubkey" },
          { name: "endpoint"; type: { array: [{ array: ["u8", 32] }, 4] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "nodeChanged";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "number"; type: "u16" },
          { name: "role"; type: "u8" },
          { name: "hotKey"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "operator";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "flags"; type: "u8" },
          { name: "reserved"; type: "u8" },
          { name: "commissionBps"; type: "u16" },
          { name: "nodes"; type: "u16" },
          { name: "index"; type: "u32" },
          { name: "reservedMore"; type: "u32" },
          { name: "pool"; type: "u64" },
          { name: "shares"; type: "u64" },
          { name: "weighted"; type: "u64" },
          { name: "selfShares"; type: "u64" },
          { name: "slashedAt"; type: "u64" },
          { name: "commissionRoseAt"; type: "u64" },
          { name: "treeWeight"; type: "u64" },
          { name: "treeWitness"; type: "pubkey" },
          { name: "owner"; type: "pubkey" },
          { name: "witness"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "operatorChanged";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "witness"; type: "pubkey" },
          { name: "commissionBps"; type: "u16" },
          { name: "flags"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "position";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "tier"; type: "u8" },
          { name: "reserved"; type: "u8" },
          { name: "weightBps"; type: "u16" },
          { name: "reservedMore"; type: "u16" },
          { name: "nextExit"; type: "u32" },
          { name: "exits"; type: "u32" },
          { name: "shares"; type: "u64" },
          { name: "lockedUntil"; type: "u64" },
          { name: "operator"; type: "pubkey" },
          { name: "staker"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "slashed";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "offence"; type: "u8" },
          { name: "taken"; type: "u64" },
          { name: "reporter"; type: "u64" },
          { name: "burned"; type: "u64" },
          { name: "treasury"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "stakeConfig";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "vaultBump"; type: "u8" },
          { name: "paused"; type: "u8" },
          { name: "reporterBps"; type: "u16" },
          { name: "burnBps"; type: "u16" },
          { name: "slashBps"; type: { array: ["u16", 3] } },
          { name: "reserved"; type: "u16" },
          { name: "tierWeights"; type: { array: ["u16", 4] } },
          { name: "tierLocks"; type: { array: ["u32", 4] } },
          { name: "exitDelay"; type: "u32" },
          { name: "reservedMore"; type: "u32" },
          { name: "leastSelfStake"; type: "u64" },
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "mint"; type: "pubkey" },
          { name: "tokenProgram"; type: "pubkey" },
          { name: "vault"; type: "pubkey" },
          { name: "treasury"; type: "pubkey" },
          { name: "slasher"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "stakeConfigChanged";
      type: {
        fields: [
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "slasher"; type: "pubkey" },
          { name: "paused"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "stakeTree";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "depth"; type: "u8" },
          { name: "reserved"; type: "u8" },
          { name: "count"; type: "u32" },
          { name: "total"; type: "u64" },
          { name: "root"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "staked";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "staker"; type: "pubkey" },
          { name: "amount"; type: "u64" },
          { name: "shares"; type: "u64" },
          { name: "tier"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "weightChanged";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "witness"; type: "pubkey" },
          { name: "index"; type: "u32" },
          { name: "weight"; type: "u64" },
          { name: "total"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "withdrawn";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "staker"; type: "pubkey" },
          { name: "shares"; type: "u64" },
          { name: "amount"; type: "u64" },
        ];
        kind: "struct";
      };
    },
  ];
  events: [
    { name: "exitChanged"; discriminator: [195, 252, 54, 115, 12, 53, 68, 119] },
    { name: "nodeChanged"; discriminator: [25, 179, 134, 51, 125, 94, 241, 232] },
    { name: "operatorChanged"; discriminator: [231, 79, 62, 226, 190, 139, 176, 51] },
    { name: "slashed"; discriminator: [98, 59, 249, 154, 233, 53, 98, 194] },
    { name: "stakeConfigChanged"; discriminator: [82, 184, 169, 187, 160, 23, 68, 20] },
    { name: "staked"; discriminator: [11, 146, 45, 205, 230, 58, 213, 240] },
    { name: "weightChanged"; discriminator: [113, 233, 136, 131, 134, 106, 13, 161] },
    { name: "withdrawn"; discriminator: [20, 89, 223, 198, 194, 124, 219, 13] },
  ];
  errors: [
    {
      code: 6000;
      name: "paused";
      msg: "the program is paused: registrations, nodes and deposits wait, every way out stays open";
    },
    { code: 6001; name: "versionUnknown"; msg: "the account was written by another version of the program" },
    { code: 6002; name: "notUpgradeAuthority"; msg: "only the program's upgrade authority may initialise" },
    { code: 6003; name: "programDataInvalid"; msg: "this is not the program's ProgramData account" },
    { code: 6004; name: "notAuthority"; msg: "only the authority may do this" },
    { code: 6005; name: "notPendingAuthority"; msg: "only the proposed authority may accept" },
    { code: 6006; name: "notGuardian"; msg: "only the guardian or the authority may pause" },
    { code: 6007; name: "flagInvalid"; msg: "the flag is 0 or 1" },
    { code: 6012; name: "clockInvalid"; msg: "the clock shows a time before 1970" },
    { code: 6013; name: "instructionUnknown"; msg: "no instruction has this discriminator" },
    { code: 6014; name: "instructionLength"; msg: "the instruction data is too short or too long" },
    { code: 6015; name: "alreadyInitialized"; msg: "the program is initialised already" },
    { code: 6020; name: "mintInvalid"; msg: "the mint is not an initialised mint of the token program" },
    { code: 6021; name: "mintDecimals"; msg: "the mint must have 9 decimals" },
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
    { code: 6030; name: "tokenAccountDelegate"; msg: "the treasury's token account may not have a delegate" },
    {
      code: 6031;
      name: "tokenAccountCloseAuthority";
      msg: "the treasury's token account may not have a close authority";
    },
    { code: 6032; name: "wrongVault"; msg: "this is not the vault" },
    {
      code: 6033;
      name: "tokenAccountReserved";
      msg: "this token account already has another part in the program";
    },
    { code: 6035; name: "wrongTreasury"; msg: "this is not the treasury account" },
    { code: 6040; name: "amountZero"; msg: "the amount may not be zero" },
    { code: 6042; name: "amountOverflow"; msg: "the sum exceeds 64 bits" },
    { code: 6120; name: "invariantBroken"; msg: "an invariant does not hold; please report this" },
    { code: 6270; name: "exitDelayInvalid"; msg: "the exit delay is between 8 and 90 days" },
    { code: 6271; name: "leastStakeInvalid"; msg: "the least self-stake is at least one unit" },
    {
      code: 6272;
      name: "tiersInvalid";
      msg: "locks and weights rise from tier to tier: at most 4 years, and 10000 to 40000 basis points";
    },
    {
      code: 6273;
      name: "slashInvalid";
      msg: "a slash takes 1 to 10000 basis points, an omission at most 5000; the reporter gets at most 2000 of it, at most 10000 of the rest are burned";
    },
    { code: 6274; name: "commissionTooHigh"; msg: "a commission is at most 5000 basis points" },
    {
      code: 6275;
      name: "commissionTooFast";
      msg: "a commission rises by at most 500 basis points, and only a day after it rose last";
    },
    { code: 6276; name: "tierUnknown"; msg: "tiers are 0 to 3" },
    { code: 6277; name: "tierLower"; msg: "stake may go to a higher tier, not to a lower" },
    {
      code: 6278;
      name: "poolDead";
      msg: "the pool was slashed to nothing; nobody can stake there until everybody has left";
    },
    { code: 6279; name: "sharesInsufficient"; msg: "there are not so many shares" },
    { code: 6280; name: "stakeLocked"; msg: "the stake is locked" },
    { code: 6281; name: "exitNotReady"; msg: "the exit is not ready" },
    { code: 6282; name: "offenceUnknown"; msg: "offences are 1 to 3" },
    { code: 6283; name: "roleInvalid"; msg: "roles are 1 to 7" },
    { code: 6284; name: "endpointInvalid"; msg: "an endpoint has at most 128 bytes, all visible ASCII" },
    { code: 6285; name: "treeFull"; msg: "the tree has no place left" },
    {
      code: 6286;
      name: "treeProof";
      msg: "the proof does not lead to the tree's root; the tree may have changed since it was made";
    },
    { code: 6287; name: "weightOverflow"; msg: "the weights' sum exceeds 64 bits" },
    { code: 6288; name: "jailNotOver"; msg: "the time in jail is not over" },
    { code: 6289; name: "selfStakeTooLow"; msg: "the owner's own stake is below the least" },
    { code: 6400; name: "mintFreezable"; msg: "nobody may be able to freeze the native token" },
    { code: 6401; name: "notSlasher"; msg: "only the slasher may slash" },
    { code: 6402; name: "retired"; msg: "the operator is retired" },
    { code: 6403; name: "notJailed"; msg: "the operator is not in jail" },
    {
      code: 6404;
      name: "witnessExists";
      msg: "the operator has a witness node; remove it or rotate its key";
    },
    { code: 6405; name: "hotKeyInvalid"; msg: "a hot key is not all zeroes" },
    {
      code: 6406;
      name: "weightless";
      msg: "an operator that never weighed anything has no place in the tree";
    },
    {
      code: 6407;
      name: "treeStale";
      msg: "the tree still holds more weight for the operator than it has: sync first";
    },
    { code: 6408; name: "positionNotEmpty"; msg: "the position still has shares or exits" },
  ];
};
