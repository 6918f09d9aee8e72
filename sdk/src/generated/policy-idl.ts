// Made by sdk/scripts/generate.ts from programs/artifacts/policy.json. Do not edit.

/** The policy program's IDL: `new Program<PolicyIdl>(POLICY_IDL, provider)` with @coral-xyz/anchor. */
export const POLICY_IDL: object = {
  address: "PojphenKmFrgsMVoqykSBZFwKani66ra5dm8nFSxMRg",
  metadata: {
    name: "policy",
    version: "0.1.0",
    spec: "0.1.0",
    description:
      "The policy program of TollDNS: rosters of verifiers, reports of health, states of backends and gateways.",
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
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "program_data", docs: ["The loader's record of who may upgrade this program."] },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "times", type: { array: ["u32", 7] } },
        { name: "shares", type: { array: ["u16", 4] } },
        { name: "counts", type: { array: ["u8", 8] } },
        { name: "genesis_hash", type: { array: ["u8", 32] } },
        { name: "guardian", type: "pubkey" },
      ],
    },
    {
      name: "propose_authority",
      discriminator: [1],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
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
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
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
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
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
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
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
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [
        { name: "times", type: { array: ["u32", 7] } },
        { name: "shares", type: { array: ["u16", 4] } },
        { name: "counts", type: { array: ["u8", 8] } },
      ],
    },
    {
      name: "publish_set",
      discriminator: [6],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [
        { name: "version", type: "u32" },
        { name: "count", type: "u16" },
        { name: "root", type: { array: ["u8", 32] } },
      ],
    },
    {
      name: "open_roster",
      discriminator: [10],
      accounts: [
        { name: "payer", writable: true, signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "roster", writable: true },
        {
          name: "previous",
          writable: true,
          optional: true,
          docs: ["The newest so far; this program's id before the first."],
        },
        {
          name: "tree",
          docs: ["The stake program's one tree: owner and discriminator are what makes it that."],
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "enroll",
      discriminator: [11],
      accounts: [
        { name: "hot_key", signer: true },
        { name: "roster", writable: true },
        { name: "operator" },
        { name: "node" },
        {
          name: "verifier",
          docs: ["Is there only if the operator was struck before."],
          pda: {
            seeds: [
              { kind: "const", value: [118, 101, 114, 105, 102, 105, 101, 114] },
              { kind: "account", path: "operator" },
            ],
          },
        },
      ],
      args: [
        { name: "index", type: "u32" },
        { name: "witness", type: "pubkey" },
        { name: "weight", type: "u64" },
        { name: "proof", type: "bytes" },
      ],
    },
    {
      name: "register_target",
      discriminator: [12],
      accounts: [
        { name: "payer", writable: true, signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "target", writable: true, docs: ['`["target", id]`.'] },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "kind", type: "u8" },
        { name: "name", type: "bytes" },
      ],
    },
    {
      name: "report",
      discriminator: [13],
      accounts: [
        { name: "hot_key", writable: true, signer: true },
        { name: "config" },
        { name: "target", writable: true },
        { name: "roster" },
        { name: "round", writable: true },
        { name: "operator" },
        { name: "node" },
        { name: "stake_config" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "begin", type: "u64" },
        { name: "seat", type: "u8" },
        { name: "total", type: "u16" },
        { name: "ok", type: "u16" },
        { name: "probes_root", type: { array: ["u8", 32] } },
      ],
    },
    {
      name: "judge",
      discriminator: [14],
      accounts: [
        { name: "config" },
        { name: "target", writable: true },
        { name: "round", writable: true },
        { name: "roster" },
        { name: "before", docs: ["Of the window before; often it is not there."] },
      ],
      args: [{ name: "begin", type: "u64" }],
    },
    {
      name: "close_round",
      discriminator: [15],
      accounts: [
        { name: "payer", writable: true, relations: ["round"] },
        { name: "round", writable: true },
      ],
      args: [],
    },
    {
      name: "close_roster",
      discriminator: [16],
      accounts: [
        { name: "payer", writable: true, relations: ["roster"] },
        { name: "roster", writable: true },
      ],
      args: [],
    },
    {
      name: "close_target",
      discriminator: [17],
      accounts: [
        { name: "payer", writable: true, relations: ["target"] },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [112, 111, 108, 105, 99, 121] }] },
        },
        { name: "target", writable: true },
      ],
      args: [],
    },
    {
      name: "challenge_record",
      discriminator: [20],
      accounts: [
        { name: "challenger", writable: true, signer: true },
        { name: "round" },
        { name: "roster", writable: true },
        {
          name: "verifier",
          writable: true,
          docs: ["Of the seat's operator; is there if it was struck before."],
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "seat", type: "u8" },
        { name: "shown", type: "bytes" },
      ],
    },
    {
      name: "challenge_order",
      discriminator: [21],
      accounts: [
        { name: "challenger", writable: true, signer: true },
        { name: "round" },
        { name: "roster", writable: true },
        {
          name: "verifier",
          writable: true,
          docs: ["Of the seat's operator; is there if it was struck before."],
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "seat", type: "u8" },
        { name: "shown", type: "bytes" },
      ],
    },
    {
      name: "challenge_expected",
      discriminator: [22],
      accounts: [
        { name: "challenger", writable: true, signer: true },
        { name: "round" },
        { name: "roster", writable: true },
        {
          name: "verifier",
          writable: true,
          docs: ["Of the seat's operator; is there if it was struck before."],
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "seat", type: "u8" },
        { name: "shown", type: "bytes" },
      ],
    },
    {
      name: "strike_seat",
      discriminator: [23],
      accounts: [{ name: "roster", writable: true }, { name: "verifier" }],
      args: [{ name: "seat", type: "u8" }],
    },
  ],
  accounts: [
    { discriminator: [219, 7, 79, 84, 175, 51, 148, 146], name: "PolicyConfig" },
    { discriminator: [211, 108, 170, 22, 253, 177, 162, 194], name: "Roster" },
    { discriminator: [87, 127, 165, 51, 73, 78, 116, 174], name: "Round" },
    { discriminator: [50, 197, 135, 93, 230, 116, 142, 68], name: "Target" },
    { discriminator: [195, 177, 185, 71, 72, 61, 77, 112], name: "Verifier" },
  ],
  types: [
    {
      docs: ["A seat was taken, from a lighter operator where it had one."],
      name: "Enrolled",
      type: {
        fields: [
          { name: "roster", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "operator", type: "pubkey" },
          { name: "weight", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A window was judged; `poor` is with the bad ones, `total` the roster's without struck seats."],
      name: "Judged",
      type: {
        fields: [
          { name: "id", type: { array: ["u8", 32] } },
          { name: "begin", type: "u64" },
          { name: "verdict", type: "u8" },
          { name: "clean", type: "u64" },
          { name: "poor", type: "u64" },
          { name: "bad", type: "u64" },
          { name: "total", type: "u64" },
          { name: "state", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['The program\'s one configuration, at `["policy"]`.'],
      name: "PolicyConfig",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { docs: ["0 or 1."], name: "paused", type: "u8" },
          {
            docs: [
              "Terms: operators, regions, networks; degrade, disable, recover and restore after, windows in a row; seats.",
            ],
            name: "counts",
            type: { array: ["u8", 8] },
          },
          { name: "reserved", type: "u8" },
          {
            docs: ["Terms: quorum, poor and bad in basis points; least probes."],
            name: "shares",
            type: { array: ["u16", 4] },
          },
          {
            docs: ["Terms, seconds: window, report, dwell, roster, enrol, evidence, strike."],
            name: "times",
            type: { array: ["u32", 7] },
          },
          {
            docs: ["Unix seconds: the terms hold for windows that begin then or later."],
            name: "terms_from",
            type: "u64",
          },
          {
            docs: ["Unix seconds: until then a round made under earlier terms may be challenged."],
            name: "evidence_floor",
            type: "u64",
          },
          {
            docs: ["What everything signed about health contains."],
            name: "domain",
            type: { array: ["u8", 32] },
          },
          { name: "stake_program", type: "pubkey" },
          { name: "authority", type: "pubkey" },
          { docs: ["All zero when nobody is proposed."], name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "set_root", type: { array: ["u8", 32] } },
          {
            docs: ["Unix seconds: the set holds for windows that begin then or later."],
            name: "set_from",
            type: "u64",
          },
          { docs: ["0 while none was published."], name: "set_version", type: "u32" },
          { name: "set_count", type: "u16" },
          { name: "reserved_set", type: "u16" },
          {
            docs: ["The set before, for windows that began before `set_from`."],
            name: "previous_set_root",
            type: { array: ["u8", 32] },
          },
          { name: "previous_set_from", type: "u64" },
          { name: "previous_set_version", type: "u32" },
          { name: "previous_set_count", type: "u16" },
          { name: "reserved_previous", type: "u16" },
          { docs: ["Number of the newest roster; 0 before the first."], name: "rosters", type: "u64" },
          { docs: ["Of the newest roster, Unix seconds."], name: "enrolment_ends", type: "u64" },
          { name: "roster_ends", type: "u64" },
          { docs: ["Registered ones."], name: "targets", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The configuration after any change of it."],
      name: "PolicyConfigChanged",
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
      docs: ["A verifier reported a window."],
      name: "Reported",
      type: {
        fields: [
          { name: "id", type: { array: ["u8", 32] } },
          { name: "begin", type: "u64" },
          { name: "roster", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "total", type: "u16" },
          { name: "ok", type: "u16" },
          { name: "probes_root", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['Who may report, at `["roster", number u64]`: this header, then the seats in order.'],
      name: "Roster",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { docs: ["Of the snapshot's tree."], name: "depth", type: "u8" },
          { docs: ["Seats it has room for."], name: "room", type: "u8" },
          { name: "reserved", type: { array: ["u8", 4] } },
          { name: "number", type: "u64" },
          { docs: ["Who paid for the account and gets it back."], name: "payer", type: "pubkey" },
          { docs: ["Unix seconds, as the two that follow."], name: "opened_at", type: "u64" },
          { name: "enrolment_ends", type: "u64" },
          { name: "ends", type: "u64" },
          {
            docs: ["Unix seconds: from when on the next is in force; 0 while there is none."],
            name: "superseded_at",
            type: "u64",
          },
          {
            docs: ["Unix seconds: when it may be closed; 0 while it is the newest."],
            name: "evidence_ends",
            type: "u64",
          },
          { name: "snapshot_root", type: { array: ["u8", 32] } },
          { name: "snapshot_total", type: "u64" },
          { name: "snapshot_count", type: "u32" },
          { docs: ["Seconds for which its struck operators may not enrol."], name: "strike", type: "u32" },
          { docs: ["Of all seats that are not struck."], name: "weight", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A roster is open for enrolment. Times in Unix seconds."],
      name: "RosterOpened",
      type: {
        fields: [
          { name: "roster", type: "u64" },
          { name: "enrolment_ends", type: "u64" },
          { name: "ends", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'What verifiers said of a target\'s window, at `["round", id, begin u64]`: this header, then the reports in the order in which they came.',
      ],
      name: "Round",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          {
            docs: ["0 UNKNOWN, 1 CLEAN, 2 POOR, 3 BAD; it says nothing before it was judged."],
            name: "verdict",
            type: "u8",
          },
          { docs: ["0 or 1."], name: "judged", type: "u8" },
          { name: "reserved", type: { array: ["u8", 4] } },
          { docs: ["Number of the roster that reports."], name: "roster", type: "u64" },
          { docs: ["Who paid for the account and gets it back."], name: "payer", type: "pubkey" },
          { docs: ["The target's."], name: "id", type: { array: ["u8", 32] } },
          { docs: ["Of the window, Unix seconds, as the three that follow."], name: "begin", type: "u64" },
          { name: "end", type: "u64" },
          { name: "reports_until", type: "u64" },
          { name: "evidence_until", type: "u64" },
          {
            docs: ["The challenge set that was to be used; 0 and zeroes for none."],
            name: "set_version",
            type: "u32",
          },
          { name: "set_count", type: "u16" },
          { name: "reserved_set", type: "u16" },
          { name: "set_root", type: { array: ["u8", 32] } },
          { name: "evidence_root", type: { array: ["u8", 32] } },
          { docs: ["A bit a seat; no seat is in two."], name: "clean", type: "u64" },
          { name: "poor", type: "u64" },
          { name: "bad", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A challenge set holds for windows that begin from now on."],
      name: "SetPublished",
      type: {
        fields: [
          { name: "version", type: "u32" },
          { name: "count", type: "u16" },
          { name: "root", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        "A seat counts for nothing any more, because of the report of `id` and `begin`. Kind 0 and zeroes: its operator was struck in another roster.",
      ],
      name: "Struck",
      type: {
        fields: [
          { name: "operator", type: "pubkey" },
          { name: "roster", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "id", type: { array: ["u8", 32] } },
          { name: "begin", type: "u64" },
          { name: "kind", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['One backend or gateway, at `["target", id]`. Nobody owns it.'],
      name: "Target",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { docs: ["1 backend, 2 gateway."], name: "kind", type: "u8" },
          { name: "name_length", type: "u8" },
          { docs: ["1 HEALTHY, 2 DEGRADED, 3 DISABLED, 4 RECOVERING."], name: "state", type: "u8" },
          {
            docs: ["Of the last window judged: 0 UNKNOWN, 1 CLEAN, 2 POOR, 3 BAD."],
            name: "verdict",
            type: "u8",
          },
          { docs: ["Windows in a row, as the two that follow."], name: "poor", type: "u8" },
          { name: "bad", type: "u8" },
          { name: "clean", type: "u8" },
          { name: "reserved", type: { array: ["u8", 7] } },
          {
            docs: ["Unix seconds: the end of the window that moved it, or its registration."],
            name: "since",
            type: "u64",
          },
          {
            docs: ["Begin of the last window judged, Unix seconds; 0 before the first."],
            name: "judged",
            type: "u64",
          },
          {
            docs: [
              "End of the last window judged that was not UNKNOWN, Unix seconds; 0 before the first. How old the state is follows from it.",
            ],
            name: "judged_end",
            type: "u64",
          },
          { docs: ["How often the state has changed."], name: "transitions", type: "u64" },
          { docs: ["Unix seconds."], name: "registered_at", type: "u64" },
          {
            docs: ["Of the last report, Unix seconds; at first of the registration."],
            name: "reported_at",
            type: "u64",
          },
          { name: "id", type: { array: ["u8", 32] } },
          { docs: ["Who paid for the account and gets it back."], name: "payer", type: "pubkey" },
          {
            docs: ["Of the last transition; zeroes before the first."],
            name: "evidence_root",
            type: { array: ["u8", 32] },
          },
          {
            docs: [
              "`name_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.",
            ],
            name: "name",
            type: { array: [{ array: ["u8", 32] }, 4] },
          },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A target was registered (`open` 1) or closed (0)."],
      name: "TargetChanged",
      type: {
        fields: [
          { name: "id", type: { array: ["u8", 32] } },
          { name: "kind", type: "u8" },
          { name: "open", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A target's state changed, at the end of the window that moved it."],
      name: "Transition",
      type: {
        fields: [
          { name: "id", type: { array: ["u8", 32] } },
          { name: "from", type: "u8" },
          { name: "to", type: "u8" },
          { name: "at", type: "u64" },
          { name: "begin", type: "u64" },
          { name: "verdict", type: "u8" },
          { name: "roster", type: "u64" },
          { name: "evidence_root", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['An operator that was struck, at `["verifier", operator]`. Never closed.'],
      name: "Verifier",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "reserved", type: { array: ["u8", 6] } },
          {
            docs: ["Unix seconds: when it was struck last, and from when on it may enrol again."],
            name: "struck_at",
            type: "u64",
          },
          { name: "struck_until", type: "u64" },
          { name: "operator", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
  ],
  events: [
    { name: "Enrolled", discriminator: [129, 156, 102, 214, 94, 196, 220, 127] },
    { name: "Judged", discriminator: [173, 105, 164, 5, 122, 160, 163, 232] },
    { name: "PolicyConfigChanged", discriminator: [89, 227, 13, 9, 174, 75, 154, 184] },
    { name: "Reported", discriminator: [231, 212, 100, 190, 212, 0, 82, 32] },
    { name: "RosterOpened", discriminator: [52, 242, 18, 179, 67, 89, 60, 250] },
    { name: "SetPublished", discriminator: [241, 5, 175, 23, 197, 124, 180, 40] },
    { name: "Struck", discriminator: [148, 185, 61, 2, 77, 48, 178, 241] },
    { name: "TargetChanged", discriminator: [203, 94, 246, 179, 201, 139, 161, 85] },
    { name: "Transition", discriminator: [39, 140, 137, 247, 64, 71, 136, 239] },
  ],
  errors: [
    { code: 6000, name: "Paused", msg: "the program is paused: nothing is judged, states stay as they are" },
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
    { code: 6120, name: "InvariantBroken", msg: "an invariant does not hold; please report this" },
    { code: 6310, name: "RosterTooEarly", msg: "the newest roster's time is not over" },
    { code: 6311, name: "EnrolmentOver", msg: "the roster's enrolment is over" },
    { code: 6312, name: "RosterNotInForce", msg: "the roster is not in force when the window begins" },
    { code: 6313, name: "RosterFull", msg: "the roster is full of operators that weigh at least as much" },
    {
      code: 6314,
      name: "RosterLive",
      msg: "the roster is the newest, or its reports may still be challenged",
    },
    { code: 6315, name: "WindowRunning", msg: "the window is not over" },
    { code: 6316, name: "ReportsOver", msg: "the time of reports is over" },
    { code: 6317, name: "ReportsOpen", msg: "the time of reports is not over" },
    { code: 6318, name: "RoundOver", msg: "the round's evidence is over: it is judged no more" },
    { code: 6319, name: "RoundLive", msg: "the round's reports may still be challenged" },
    { code: 6320, name: "ProbesTooFew", msg: "the report has fewer probes than the least" },
    {
      code: 6321,
      name: "ProbesInvalid",
      msg: "a report has at most 4096 probes, and not more that succeeded than probes",
    },
    { code: 6322, name: "TargetLive", msg: "the target is not HEALTHY, or was reported within thirty days" },
    { code: 6323, name: "TargetKindInvalid", msg: "kinds of target are 1 and 2" },
    { code: 6324, name: "TargetNameInvalid", msg: "a target's name has 1 to 128 bytes, all visible ASCII" },
    { code: 6325, name: "SetVersionInvalid", msg: "versions of challenge sets rise" },
    { code: 6326, name: "SetCountInvalid", msg: "a challenge set has 1 to 256 challenges" },
    { code: 6327, name: "RecordProof", msg: "the record is not in the seat's report" },
    { code: 6328, name: "RecordHolds", msg: "an honest verifier may have written the record" },
    { code: 6329, name: "RecordsApart", msg: "the records are not one after the other" },
    { code: 6330, name: "RecordsFollow", msg: "the second record follows the first" },
    { code: 6331, name: "EntryProof", msg: "the entry is not the record's challenge in the published set" },
    { code: 6332, name: "ExpectedHolds", msg: "the set says nothing else than the record expects" },
    { code: 6334, name: "WindowWaits", msg: "the window before was not judged yet" },
    { code: 6335, name: "PolicyWindowInvalid", msg: "a window lasts between a second and a day" },
    { code: 6336, name: "ReportTimeInvalid", msg: "reports are taken for a second to a window's length" },
    { code: 6337, name: "DwellInvalid", msg: "the dwell is between a window's length and seven days" },
    {
      code: 6338,
      name: "RosterTimesInvalid",
      msg: "a roster lasts between ten seconds and thirty days, its enrolment a second to half of it",
    },
    {
      code: 6339,
      name: "PolicyEvidenceInvalid",
      msg: "evidence lives between the report time and thirty days",
    },
    { code: 6340, name: "StrikeInvalid", msg: "a strike lasts between a roster's time and a year" },
    { code: 6341, name: "QuorumShareInvalid", msg: "a quorum is 5001 to 10000 basis points" },
    {
      code: 6342,
      name: "MarksInvalid",
      msg: "the marks are at least 1 and at most 10000 basis points, the bad one below the poor one",
    },
    { code: 6343, name: "DistinctInvalid", msg: "a quorum needs 2 to 16 operators, regions and networks" },
    {
      code: 6344,
      name: "RunsInvalid",
      msg: "runs are 1 to 250 windows; none degrades later than it disables, none restores before it recovers",
    },
    { code: 6345, name: "LeastProbesInvalid", msg: "the least number of probes is 1 to 4096" },
    { code: 6346, name: "SeatsInvalid", msg: "a roster has seats for a quorum's operators, and at most 64" },
    { code: 6347, name: "StateUnknown", msg: "no state or verdict has this number" },
    { code: 6348, name: "WindowUnaligned", msg: "windows begin at multiples of their length" },
    {
      code: 6349,
      name: "WindowPassed",
      msg: "the window began before the terms or the target, or one after it was judged",
    },
    { code: 6800, name: "SeatUnknown", msg: "the roster has no such seat" },
    { code: 6801, name: "WrongSeat", msg: "the seat is another operator's or node's" },
    { code: 6802, name: "SeatStruck", msg: "the seat was struck" },
    { code: 6803, name: "NotVerifier", msg: "the node is no VERIFIER" },
    { code: 6804, name: "NotHotKey", msg: "the node has another hot key" },
    { code: 6805, name: "WrongOperator", msg: "the node is another operator's" },
    { code: 6806, name: "OperatorBarred", msg: "the operator is in jail or retired" },
    { code: 6807, name: "OperatorWeightless", msg: "the operator weighs nothing" },
    { code: 6808, name: "OperatorStruck", msg: "the operator was struck and may not enrol yet" },
    { code: 6809, name: "AlreadyEnrolled", msg: "the operator has a seat with another node" },
    { code: 6810, name: "SnapshotProof", msg: "the proof does not lead to the snapshot's root" },
    { code: 6811, name: "SnapshotEmpty", msg: "nobody weighs anything in the stake tree" },
    { code: 6812, name: "NotStruck", msg: "the operator is not struck now" },
    { code: 6820, name: "WrongRoster", msg: "this is not the round's roster, or not the newest" },
    { code: 6821, name: "WrongTarget", msg: "this is not the address of the target's id" },
    { code: 6822, name: "TargetKnown", msg: "the target is registered already" },
    { code: 6823, name: "WrongPayer", msg: "the rent goes to who paid it" },
    { code: 6824, name: "ReportedOtherwise", msg: "the seat reported something else" },
    { code: 6825, name: "NotReported", msg: "the seat did not report" },
    { code: 6826, name: "AlreadyJudged", msg: "the round was judged" },
    { code: 6827, name: "ChallengeForm", msg: "the challenge's bytes are not of the form it has" },
    { code: 6828, name: "WrongRound", msg: "this is not the target's round of this window" },
  ],
};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type PolicyIdl = {
  address: "PojphenKmFrgsMVoqykSBZFwKani66ra5dm8nFSxMRg";
  metadata: {
    name: "policy";
    version: "0.1.0";
    spec: "0.1.0";
    description: "The policy program of TollDNS: rosters of verifiers, reports of health, states of backends and gateways.";
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
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "programData" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "times"; type: { array: ["u32", 7] } },
        { name: "shares"; type: { array: ["u16", 4] } },
        { name: "counts"; type: { array: ["u8", 8] } },
        { name: "genesisHash"; type: { array: ["u8", 32] } },
        { name: "guardian"; type: "pubkey" },
      ];
    },
    {
      name: "proposeAuthority";
      discriminator: [1];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
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
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
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
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
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
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
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
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [
        { name: "times"; type: { array: ["u32", 7] } },
        { name: "shares"; type: { array: ["u16", 4] } },
        { name: "counts"; type: { array: ["u8", 8] } },
      ];
    },
    {
      name: "publishSet";
      discriminator: [6];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [
        { name: "version"; type: "u32" },
        { name: "count"; type: "u16" },
        { name: "root"; type: { array: ["u8", 32] } },
      ];
    },
    {
      name: "openRoster";
      discriminator: [10];
      accounts: [
        { name: "payer"; writable: true; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "roster"; writable: true },
        { name: "previous"; writable: true; optional: true },
        { name: "tree" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "enroll";
      discriminator: [11];
      accounts: [
        { name: "hotKey"; signer: true },
        { name: "roster"; writable: true },
        { name: "operator" },
        { name: "node" },
        {
          name: "verifier";
          pda: {
            seeds: [
              { kind: "const"; value: [118, 101, 114, 105, 102, 105, 101, 114] },
              { kind: "account"; path: "operator" },
            ];
          };
        },
      ];
      args: [
        { name: "index"; type: "u32" },
        { name: "witness"; type: "pubkey" },
        { name: "weight"; type: "u64" },
        { name: "proof"; type: "bytes" },
      ];
    },
    {
      name: "registerTarget";
      discriminator: [12];
      accounts: [
        { name: "payer"; writable: true; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "target"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "kind"; type: "u8" }, { name: "name"; type: "bytes" }];
    },
    {
      name: "report";
      discriminator: [13];
      accounts: [
        { name: "hotKey"; writable: true; signer: true },
        { name: "config" },
        { name: "target"; writable: true },
        { name: "roster" },
        { name: "round"; writable: true },
        { name: "operator" },
        { name: "node" },
        { name: "stakeConfig" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "begin"; type: "u64" },
        { name: "seat"; type: "u8" },
        { name: "total"; type: "u16" },
        { name: "ok"; type: "u16" },
        { name: "probesRoot"; type: { array: ["u8", 32] } },
      ];
    },
    {
      name: "judge";
      discriminator: [14];
      accounts: [
        { name: "config" },
        { name: "target"; writable: true },
        { name: "round"; writable: true },
        { name: "roster" },
        { name: "before" },
      ];
      args: [{ name: "begin"; type: "u64" }];
    },
    {
      name: "closeRound";
      discriminator: [15];
      accounts: [{ name: "payer"; writable: true; relations: ["round"] }, { name: "round"; writable: true }];
      args: [];
    },
    {
      name: "closeRoster";
      discriminator: [16];
      accounts: [
        { name: "payer"; writable: true; relations: ["roster"] },
        { name: "roster"; writable: true },
      ];
      args: [];
    },
    {
      name: "closeTarget";
      discriminator: [17];
      accounts: [
        { name: "payer"; writable: true; relations: ["target"] },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [112, 111, 108, 105, 99, 121] }] };
        },
        { name: "target"; writable: true },
      ];
      args: [];
    },
    {
      name: "challengeRecord";
      discriminator: [20];
      accounts: [
        { name: "challenger"; writable: true; signer: true },
        { name: "round" },
        { name: "roster"; writable: true },
        { name: "verifier"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "seat"; type: "u8" }, { name: "shown"; type: "bytes" }];
    },
    {
      name: "challengeOrder";
      discriminator: [21];
      accounts: [
        { name: "challenger"; writable: true; signer: true },
        { name: "round" },
        { name: "roster"; writable: true },
        { name: "verifier"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "seat"; type: "u8" }, { name: "shown"; type: "bytes" }];
    },
    {
      name: "challengeExpected";
      discriminator: [22];
      accounts: [
        { name: "challenger"; writable: true; signer: true },
        { name: "round" },
        { name: "roster"; writable: true },
        { name: "verifier"; writable: true },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "seat"; type: "u8" }, { name: "shown"; type: "bytes" }];
    },
    {
      name: "strikeSeat";
      discriminator: [23];
      accounts: [{ name: "roster"; writable: true }, { name: "verifier" }];
      args: [{ name: "seat"; type: "u8" }];
    },
  ];
  accounts: [
    { discriminator: [219, 7, 79, 84, 175, 51, 148, 146]; name: "policyConfig" },
    { discriminator: [211, 108, 170, 22, 253, 177, 162, 194]; name: "roster" },
    { discriminator: [87, 127, 165, 51, 73, 78, 116, 174]; name: "round" },
    { discriminator: [50, 197, 135, 93, 230, 116, 142, 68]; name: "target" },
    { discriminator: [195, 177, 185, 71, 72, 61, 77, 112]; name: "verifier" },
  ];
  types: [
    {
      name: "enrolled";
      type: {
        fields: [
          { name: "roster"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "operator"; type: "pubkey" },
          { name: "weight"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "judged";
      type: {
        fields: [
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "begin"; type: "u64" },
          { name: "verdict"; type: "u8" },
          { name: "clean"; type: "u64" },
          { name: "poor"; type: "u64" },
          { name: "bad"; type: "u64" },
          { name: "total"; type: "u64" },
          { name: "state"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "policyConfig";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "paused"; type: "u8" },
          { name: "counts"; type: { array: ["u8", 8] } },
          { name: "reserved"; type: "u8" },
          { name: "shares"; type: { array: ["u16", 4] } },
          { name: "times"; type: { array: ["u32", 7] } },
          { name: "termsFrom"; type: "u64" },
          { name: "evidenceFloor"; type: "u64" },
          { name: "domain"; type: { array: ["u8", 32] } },
          { name: "stakeProgram"; type: "pubkey" },
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "setRoot"; type: { array: ["u8", 32] } },
          { name: "setFrom"; type: "u64" },
          { name: "setVersion"; type: "u32" },
          { name: "setCount"; type: "u16" },
          { name: "reservedSet"; type: "u16" },
          { name: "previousSetRoot"; type: { array: ["u8", 32] } },
          { name: "previousSetFrom"; type: "u64" },
          { name: "previousSetVersion"; type: "u32" },
          { name: "previousSetCount"; type: "u16" },
          { name: "reservedPrevious"; type: "u16" },
          { name: "rosters"; type: "u64" },
          { name: "enrolmentEnds"; type: "u64" },
          { name: "rosterEnds"; type: "u64" },
          { name: "targets"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "policyConfigChanged";
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
      name: "reported";
      type: {
        fields: [
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "begin"; type: "u64" },
          { name: "roster"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "total"; type: "u16" },
          { name: "ok"; type: "u16" },
          { name: "probesRoot"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "roster";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "depth"; type: "u8" },
          { name: "room"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 4] } },
          { name: "number"; type: "u64" },
          { name: "payer"; type: "pubkey" },
          { name: "openedAt"; type: "u64" },
          { name: "enrolmentEnds"; type: "u64" },
          { name: "ends"; type: "u64" },
          { name: "supersededAt"; type: "u64" },
          { name: "evidenceEnds"; type: "u64" },
          { name: "snapshotRoot"; type: { array: ["u8", 32] } },
          { name: "snapshotTotal"; type: "u64" },
          { name: "snapshotCount"; type: "u32" },
          { name: "strike"; type: "u32" },
          { name: "weight"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "rosterOpened";
      type: {
        fields: [
          { name: "roster"; type: "u64" },
          { name: "enrolmentEnds"; type: "u64" },
          { name: "ends"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "round";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "verdict"; type: "u8" },
          { name: "judged"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 4] } },
          { name: "roster"; type: "u64" },
          { name: "payer"; type: "pubkey" },
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "begin"; type: "u64" },
          { name: "end"; type: "u64" },
          { name: "reportsUntil"; type: "u64" },
          { name: "evidenceUntil"; type: "u64" },
          { name: "setVersion"; type: "u32" },
          { name: "setCount"; type: "u16" },
          { name: "reservedSet"; type: "u16" },
          { name: "setRoot"; type: { array: ["u8", 32] } },
          { name: "evidenceRoot"; type: { array: ["u8", 32] } },
          { name: "clean"; type: "u64" },
          { name: "poor"; type: "u64" },
          { name: "bad"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "setPublished";
      type: {
        fields: [
          { name: "version"; type: "u32" },
          { name: "count"; type: "u16" },
          { name: "root"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "struck";
      type: {
        fields: [
          { name: "operator"; type: "pubkey" },
          { name: "roster"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "begin"; type: "u64" },
          { name: "kind"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "target";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "kind"; type: "u8" },
          { name: "nameLength"; type: "u8" },
          { name: "state"; type: "u8" },
          { name: "verdict"; type: "u8" },
          { name: "poor"; type: "u8" },
          { name: "bad"; type: "u8" },
          { name: "clean"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 7] } },
          { name: "since"; type: "u64" },
          { name: "judged"; type: "u64" },
          { name: "judgedEnd"; type: "u64" },
          { name: "transitions"; type: "u64" },
          { name: "registeredAt"; type: "u64" },
          { name: "reportedAt"; type: "u64" },
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "payer"; type: "pubkey" },
          { name: "evidenceRoot"; type: { array: ["u8", 32] } },
          { name: "name"; type: { array: [{ array: ["u8", 32] }, 4] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "targetChanged";
      type: {
        fields: [
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "kind"; type: "u8" },
          { name: "open"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "transition";
      type: {
        fields: [
          { name: "id"; type: { array: ["u8", 32] } },
          { name: "from"; type: "u8" },
          { name: "to"; type: "u8" },
          { name: "at"; type: "u64" },
          { name: "begin"; type: "u64" },
          { name: "verdict"; type: "u8" },
          { name: "roster"; type: "u64" },
          { name: "evidenceRoot"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "verifier";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 6] } },
          { name: "struckAt"; type: "u64" },
          { name: "struckUntil"; type: "u64" },
          { name: "operator"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
  ];
  events: [
    { name: "enrolled"; discriminator: [129, 156, 102, 214, 94, 196, 220, 127] },
    { name: "judged"; discriminator: [173, 105, 164, 5, 122, 160, 163, 232] },
    { name: "policyConfigChanged"; discriminator: [89, 227, 13, 9, 174, 75, 154, 184] },
    { name: "reported"; discriminator: [231, 212, 100, 190, 212, 0, 82, 32] },
    { name: "rosterOpened"; discriminator: [52, 242, 18, 179, 67, 89, 60, 250] },
    { name: "setPublished"; discriminator: [241, 5, 175, 23, 197, 124, 180, 40] },
    { name: "struck"; discriminator: [148, 185, 61, 2, 77, 48, 178, 241] },
    { name: "targetChanged"; discriminator: [203, 94, 246, 179, 201, 139, 161, 85] },
    { name: "transition"; discriminator: [39, 140, 137, 247, 64, 71, 136, 239] },
  ];
  errors: [
    { code: 6000; name: "paused"; msg: "the program is paused: nothing is judged, states stay as they are" },
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
    { code: 6120; name: "invariantBroken"; msg: "an invariant does not hold; please report this" },
    { code: 6310; name: "rosterTooEarly"; msg: "the newest roster's time is not over" },
    { code: 6311; name: "enrolmentOver"; msg: "the roster's enrolment is over" },
    { code: 6312; name: "rosterNotInForce"; msg: "the roster is not in force when the window begins" },
    { code: 6313; name: "rosterFull"; msg: "the roster is full of operators that weigh at least as much" },
    {
      code: 6314;
      name: "rosterLive";
      msg: "the roster is the newest, or its reports may still be challenged";
    },
    { code: 6315; name: "windowRunning"; msg: "the window is not over" },
    { code: 6316; name: "reportsOver"; msg: "the time of reports is over" },
    { code: 6317; name: "reportsOpen"; msg: "the time of reports is not over" },
    { code: 6318; name: "roundOver"; msg: "the round's evidence is over: it is judged no more" },
    { code: 6319; name: "roundLive"; msg: "the round's reports may still be challenged" },
    { code: 6320; name: "probesTooFew"; msg: "the report has fewer probes than the least" },
    {
      code: 6321;
      name: "probesInvalid";
      msg: "a report has at most 4096 probes, and not more that succeeded than probes";
    },
    { code: 6322; name: "targetLive"; msg: "the target is not HEALTHY, or was reported within thirty days" },
    { code: 6323; name: "targetKindInvalid"; msg: "kinds of target are 1 and 2" },
    { code: 6324; name: "targetNameInvalid"; msg: "a target's name has 1 to 128 bytes, all visible ASCII" },
    { code: 6325; name: "setVersionInvalid"; msg: "versions of challenge sets rise" },
    { code: 6326; name: "setCountInvalid"; msg: "a challenge set has 1 to 256 challenges" },
    { code: 6327; name: "recordProof"; msg: "the record is not in the seat's report" },
    { code: 6328; name: "recordHolds"; msg: "an honest verifier may have written the record" },
    { code: 6329; name: "recordsApart"; msg: "the records are not one after the other" },
    { code: 6330; name: "recordsFollow"; msg: "the second record follows the first" },
    { code: 6331; name: "entryProof"; msg: "the entry is not the record's challenge in the published set" },
    { code: 6332; name: "expectedHolds"; msg: "the set says nothing else than the record expects" },
    { code: 6334; name: "windowWaits"; msg: "the window before was not judged yet" },
    { code: 6335; name: "policyWindowInvalid"; msg: "a window lasts between a second and a day" },
    { code: 6336; name: "reportTimeInvalid"; msg: "reports are taken for a second to a window's length" },
    { code: 6337; name: "dwellInvalid"; msg: "the dwell is between a window's length and seven days" },
    {
      code: 6338;
      name: "rosterTimesInvalid";
      msg: "a roster lasts between ten seconds and thirty days, its enrolment a second to half of it";
    },
    {
      code: 6339;
      name: "policyEvidenceInvalid";
      msg: "evidence lives between the report time and thirty days";
    },
    { code: 6340; name: "strikeInvalid"; msg: "a strike lasts between a roster's time and a year" },
    { code: 6341; name: "quorumShareInvalid"; msg: "a quorum is 5001 to 10000 basis points" },
    {
      code: 6342;
      name: "marksInvalid";
      msg: "the marks are at least 1 and at most 10000 basis points, the bad one below the poor one";
    },
    { code: 6343; name: "distinctInvalid"; msg: "a quorum needs 2 to 16 operators, regions and networks" },
    {
      code: 6344;
      name: "runsInvalid";
      msg: "runs are 1 to 250 windows; none degrades later than it disables, none restores before it recovers";
    },
    { code: 6345; name: "leastProbesInvalid"; msg: "the least number of probes is 1 to 4096" },
    { code: 6346; name: "seatsInvalid"; msg: "a roster has seats for a quorum's operators, and at most 64" },
    { code: 6347; name: "stateUnknown"; msg: "no state or verdict has this number" },
    { code: 6348; name: "windowUnaligned"; msg: "windows begin at multiples of their length" },
    {
      code: 6349;
      name: "windowPassed";
      msg: "the window began before the terms or the target, or one after it was judged";
    },
    { code: 6800; name: "seatUnknown"; msg: "the roster has no such seat" },
    { code: 6801; name: "wrongSeat"; msg: "the seat is another operator's or node's" },
    { code: 6802; name: "seatStruck"; msg: "the seat was struck" },
    { code: 6803; name: "notVerifier"; msg: "the node is no VERIFIER" },
    { code: 6804; name: "notHotKey"; msg: "the node has another hot key" },
    { code: 6805; name: "wrongOperator"; msg: "the node is another operator's" },
    { code: 6806; name: "operatorBarred"; msg: "the operator is in jail or retired" },
    { code: 6807; name: "operatorWeightless"; msg: "the operator weighs nothing" },
    { code: 6808; name: "operatorStruck"; msg: "the operator was struck and may not enrol yet" },
    { code: 6809; name: "alreadyEnrolled"; msg: "the operator has a seat with another node" },
    { code: 6810; name: "snapshotProof"; msg: "the proof does not lead to the snapshot's root" },
    { code: 6811; name: "snapshotEmpty"; msg: "nobody weighs anything in the stake tree" },
    { code: 6812; name: "notStruck"; msg: "the operator is not struck now" },
    { code: 6820; name: "wrongRoster"; msg: "this is not the round's roster, or not the newest" },
    { code: 6821; name: "wrongTarget"; msg: "this is not the address of the target's id" },
    { code: 6822; name: "targetKnown"; msg: "the target is registered already" },
    { code: 6823; name: "wrongPayer"; msg: "the rent goes to who paid it" },
    { code: 6824; name: "reportedOtherwise"; msg: "the seat reported something else" },
    { code: 6825; name: "notReported"; msg: "the seat did not report" },
    { code: 6826; name: "alreadyJudged"; msg: "the round was judged" },
    { code: 6827; name: "challengeForm"; msg: "the challenge's bytes are not of the form it has" },
    { code: 6828; name: "wrongRound"; msg: "this is not the target's round of this window" },
  ];
};
