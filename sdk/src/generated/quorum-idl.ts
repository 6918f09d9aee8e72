// Made by sdk/scripts/generate.ts from programs/artifacts/quorum.json. Do not edit.

/** The quorum program's IDL: `new Program<QuorumIdl>(QUORUM_IDL, provider)` with @coral-xyz/anchor. */
export const QUORUM_IDL: object = {
  address: "QUxSoEjzQBY2FZDAA4w42NUXNKbAhaKsTG7pp1sqx12",
  metadata: {
    name: "quorum",
    version: "0.1.0",
    spec: "0.1.0",
    description: "The quorum program of TollDNS: epochs, committees, votes and challenges.",
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        {
          name: "slasher",
          docs: ["Has no data; signs for `slash` of the stake program."],
          pda: { seeds: [{ kind: "const", value: [115, 108, 97, 115, 104, 101, 114] }] },
        },
        { name: "program_data", docs: ["The loader's record of who may upgrade this program."] },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "times", type: { array: ["u32", 4] } },
        { name: "committee", type: "u8" },
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
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
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [
        { name: "times", type: { array: ["u32", 4] } },
        { name: "committee", type: "u8" },
      ],
    },
    {
      name: "freeze",
      discriminator: [10],
      accounts: [
        { name: "payer", writable: true, signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
        {
          name: "tree",
          docs: ["The stake program's one tree: owner and discriminator are what makes it that."],
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "seed",
      discriminator: [11],
      accounts: [
        { name: "epoch", writable: true },
        { name: "slot_hashes", address: "SysvarS1otHashes111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "draw",
      discriminator: [12],
      accounts: [{ name: "epoch", writable: true }],
      args: [
        { name: "index", type: "u32" },
        { name: "operator", type: "pubkey" },
        { name: "witness", type: "pubkey" },
        { name: "weight", type: "u64" },
        { name: "proof", type: "bytes" },
      ],
    },
    {
      name: "attest",
      discriminator: [13],
      accounts: [
        { name: "witness", signer: true },
        { name: "epoch", writable: true },
      ],
      args: [
        { name: "seat", type: "u8" },
        { name: "digest", type: { array: ["u8", 32] } },
      ],
    },
    {
      name: "relay",
      discriminator: [14],
      accounts: [{ name: "epoch", writable: true }],
      args: [
        { name: "root", type: { array: ["u8", 32] } },
        { name: "updates_root", type: { array: ["u8", 32] } },
        { name: "count", type: "u32" },
        { name: "rows", type: "bytes" },
      ],
    },
    {
      name: "tally",
      discriminator: [15],
      accounts: [{ name: "epoch", writable: true }],
      args: [
        { name: "root", type: { array: ["u8", 32] } },
        { name: "updates_root", type: { array: ["u8", 32] } },
        { name: "count", type: "u32" },
      ],
    },
    {
      name: "finalize",
      discriminator: [16],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
      ],
      args: [],
    },
    {
      name: "close",
      discriminator: [17],
      accounts: [
        { name: "payer", writable: true, relations: ["epoch"] },
        { name: "epoch", writable: true },
      ],
      args: [],
    },
    {
      name: "prove_equivocation",
      discriminator: [20],
      accounts: [
        { name: "epoch", writable: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] } },
        { name: "slasher", pda: { seeds: [{ kind: "const", value: [115, 108, 97, 115, 104, 101, 114] }] } },
        { name: "stake_config" },
        { name: "operator", writable: true },
        { name: "vault", writable: true },
        { name: "mint", writable: true },
        { name: "reporter_tokens", writable: true },
        { name: "treasury", writable: true },
        { name: "token_program" },
        { name: "stake_program" },
      ],
      args: [
        { name: "seat", type: "u8" },
        { name: "evidence", type: "bytes" },
      ],
    },
    {
      name: "challenge_signature",
      discriminator: [21],
      accounts: [
        { name: "challenger", signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
      ],
      args: [
        { name: "step", type: { array: ["u8", 132] } },
        { name: "signer", type: "pubkey" },
        { name: "signature", type: { array: ["u8", 64] } },
        { name: "proof", type: "bytes" },
      ],
    },
    {
      name: "challenge_authority",
      discriminator: [22],
      accounts: [
        { name: "challenger", signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
        { name: "name", docs: ["The update's Name, or where it would be."] },
        { name: "record", docs: ["The signer's Delegate record of that name, or where it would be."] },
      ],
      args: [
        { name: "step", type: { array: ["u8", 132] } },
        { name: "update", type: { array: ["u8", 133] } },
        { name: "signer", type: "pubkey" },
        { name: "signature", type: { array: ["u8", 64] } },
        { name: "proof", type: "bytes" },
      ],
    },
    {
      name: "challenge_step",
      discriminator: [23],
      accounts: [
        { name: "challenger", signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
      ],
      args: [
        { name: "step", type: { array: ["u8", 132] } },
        { name: "update", type: { array: ["u8", 133] } },
        { name: "proofs", type: "bytes" },
      ],
    },
    {
      name: "challenge_order",
      discriminator: [24],
      accounts: [
        { name: "challenger", signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
      ],
      args: [
        { name: "claim", type: "u8" },
        { name: "shown", type: "bytes" },
      ],
    },
    {
      name: "challenge_omission",
      discriminator: [25],
      accounts: [
        { name: "challenger", signer: true },
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] },
        },
        { name: "epoch", writable: true },
        { name: "name" },
        {
          name: "record",
          docs: ["The Delegate record of who signed what was posted, or where it would be."],
        },
      ],
      args: [{ name: "shown", type: "bytes" }],
    },
    {
      name: "slash_vote",
      discriminator: [26],
      accounts: [
        { name: "epoch", writable: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [113, 117, 111, 114, 117, 109] }] } },
        { name: "slasher", pda: { seeds: [{ kind: "const", value: [115, 108, 97, 115, 104, 101, 114] }] } },
        { name: "stake_config" },
        { name: "operator", writable: true },
        { name: "vault", writable: true },
        { name: "mint", writable: true },
        { name: "reporter_tokens", writable: true, docs: ["The challenger's."] },
        { name: "treasury", writable: true },
        { name: "token_program" },
        { name: "stake_program" },
      ],
      args: [{ name: "seat", type: "u8" }],
    },
  ],
  accounts: [
    { discriminator: [93, 83, 120, 89, 151, 138, 152, 108], name: "Epoch" },
    { discriminator: [20, 13, 136, 87, 137, 5, 77, 126], name: "QuorumConfig" },
  ],
  types: [
    {
      docs: ["A challenge was proven: 1 signature, 2 authority, 3 step, 4 order, 5 omission."],
      name: "ChallengeProven",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "kind", type: "u8" },
          { name: "challenger", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'One epoch, at `["epoch", number u64]`: this header, then the committee\'s rows in order of seats.',
      ],
      name: "Epoch",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "status", type: "u8" },
          { docs: ["Kind of the challenge that was proven, 0 if none was."], name: "challenge", type: "u8" },
          { docs: ["Seats."], name: "committee", type: "u8" },
          { docs: ["Of the snapshot's tree."], name: "depth", type: "u8" },
          { name: "reserved", type: { array: ["u8", 2] } },
          { name: "number", type: "u64" },
          { docs: ["Who paid for the account and gets it back."], name: "payer", type: "pubkey" },
          { name: "frozen_slot", type: "u64" },
          { docs: ["Unix seconds."], name: "frozen_at", type: "u64" },
          { name: "seed_slot", type: "u64" },
          {
            docs: ["Seconds, as the two that follow; as they were at the freeze."],
            name: "length",
            type: "u32",
          },
          { name: "window", type: "u32" },
          { name: "evidence", type: "u32" },
          { docs: ["Slots."], name: "seed_delay", type: "u32" },
          { name: "seed", type: { array: ["u8", 32] } },
          { name: "snapshot_root", type: { array: ["u8", 32] } },
          { name: "snapshot_total", type: "u64" },
          { name: "snapshot_count", type: "u32" },
          { docs: ["Updates in the attested trace."], name: "count", type: "u32" },
          { name: "domain", type: { array: ["u8", 32] } },
          { name: "previous_root", type: { array: ["u8", 32] } },
          { docs: ["What was attested, zeroes before."], name: "root", type: { array: ["u8", 32] } },
          { name: "updates_root", type: { array: ["u8", 32] } },
          { name: "digest", type: { array: ["u8", 32] } },
          { docs: ["Unix seconds; 0 before."], name: "attested_at", type: "u64" },
          { docs: ["Unix seconds; 0 before."], name: "ended_at", type: "u64" },
          { docs: ["Who proved the root wrong; zeroes if nobody did."], name: "challenger", type: "pubkey" },
          { docs: ["Weight of all members."], name: "weight", type: "u64" },
          {
            docs: ["Weight that voted for the digest when it was tallied."],
            name: "attested_weight",
            type: "u64",
          },
          {
            docs: ["The seats in order of where their stretches start."],
            name: "order",
            type: { array: [{ array: ["u8", 26] }, 4] },
          },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["An epoch after a step of its life. `root` is what was attested, zeroes before."],
      name: "EpochMoved",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "status", type: "u8" },
          { name: "root", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A member was shown to have voted for two digests."],
      name: "MemberStruck",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "seat", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['The program\'s one configuration, at `["quorum"]`: what every client checks a root against.'],
      name: "QuorumConfig",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "slasher_bump", type: "u8" },
          { docs: ["0 or 1."], name: "paused", type: "u8" },
          { docs: ["Members of a committee."], name: "committee", type: "u8" },
          { docs: ["1 while the epoch `epoch` has not ended."], name: "running", type: "u8" },
          { name: "reserved", type: { array: ["u8", 2] } },
          { docs: ["Seconds, as the two that follow."], name: "length", type: "u32" },
          { name: "window", type: "u32" },
          { name: "evidence", type: "u32" },
          { docs: ["Slots from the freeze to the seed slot."], name: "seed_delay", type: "u32" },
          { docs: ["Number of the epoch frozen last; 0 before the first."], name: "epoch", type: "u64" },
          { docs: ["Unix seconds from which on the next may be frozen."], name: "next_at", type: "u64" },
          {
            docs: ["What everything signed about routes and roots contains."],
            name: "domain",
            type: { array: ["u8", 32] },
          },
          { name: "stake_program", type: "pubkey" },
          { name: "names_program", type: "pubkey" },
          { name: "authority", type: "pubkey" },
          { docs: ["All zero when nobody is proposed."], name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          {
            docs: ["The last final epoch; 0 and zeroes before the first."],
            name: "final_epoch",
            type: "u64",
          },
          { docs: ["Unix seconds."], name: "final_at", type: "u64" },
          { name: "final_root", type: { array: ["u8", 32] } },
          { name: "final_updates_root", type: { array: ["u8", 32] } },
          { name: "final_digest", type: { array: ["u8", 32] } },
          {
            docs: ["How many epochs became final: the last one's place below is `(finals - 1) % 16`."],
            name: "finals",
            type: "u64",
          },
          { name: "recent_epochs", type: { array: ["u64", 16] } },
          { name: "recent_roots", type: { array: [{ array: ["u8", 32] }, 16] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The configuration after any change of it."],
      name: "QuorumConfigChanged",
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
      docs: ["A seat was filled."],
      name: "SeatDrawn",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "operator", type: "pubkey" },
          { name: "witness", type: "pubkey" },
          { name: "weight", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The seed slot fell out of SlotHashes before anybody came: another was named."],
      name: "SeedMissed",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "seed_slot", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A member voted itself."],
      name: "VoteCast",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "digest", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Who voted for what was proven wrong answered for it."],
      name: "VoteSlashed",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "seat", type: "u8" },
          { name: "offence", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        "Votes were brought. Bit `i` tells of row `i`: newly taken; not taken, because it is wrong, struck or stands against another vote.",
      ],
      name: "VotesRelayed",
      type: {
        fields: [
          { name: "epoch", type: "u64" },
          { name: "digest", type: { array: ["u8", 32] } },
          { name: "taken", type: "u64" },
          { name: "skipped", type: "u64" },
        ],
        kind: "struct",
      },
    },
  ],
  events: [
    { name: "ChallengeProven", discriminator: [106, 245, 73, 100, 182, 92, 96, 245] },
    { name: "EpochMoved", discriminator: [168, 221, 142, 186, 124, 200, 251, 129] },
    { name: "MemberStruck", discriminator: [160, 193, 143, 228, 96, 27, 59, 60] },
    { name: "QuorumConfigChanged", discriminator: [181, 89, 83, 251, 131, 230, 31, 32] },
    { name: "SeatDrawn", discriminator: [110, 61, 47, 40, 12, 221, 221, 122] },
    { name: "SeedMissed", discriminator: [127, 91, 101, 174, 195, 225, 73, 64] },
    { name: "VoteCast", discriminator: [39, 53, 195, 104, 188, 17, 225, 213] },
    { name: "VoteSlashed", discriminator: [189, 110, 34, 28, 115, 185, 74, 148] },
    { name: "VotesRelayed", discriminator: [173, 114, 245, 112, 58, 211, 230, 196] },
  ],
  errors: [
    { code: 6000, name: "Paused", msg: "the program is paused: no epoch begins, the running one goes on" },
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
    { code: 6025, name: "TokenAccountInvalid", msg: "this is not an initialised token account" },
    { code: 6026, name: "TokenAccountProgram", msg: "the token account belongs to another program" },
    { code: 6027, name: "TokenAccountMint", msg: "the token account is of another mint" },
    { code: 6028, name: "TokenAccountFrozen", msg: "the token account is frozen" },
    { code: 6120, name: "InvariantBroken", msg: "an invariant does not hold; please report this" },
    { code: 6290, name: "EpochLengthInvalid", msg: "an epoch lasts between a second and a day" },
    { code: 6291, name: "WindowInvalid", msg: "the challenge window is between a second and a day" },
    { code: 6292, name: "EvidenceInvalid", msg: "evidence lives between a second and five days" },
    { code: 6293, name: "SeedDelayInvalid", msg: "the seed comes between 1 and 256 slots after the freeze" },
    { code: 6294, name: "CommitteeInvalid", msg: "a committee has 1 to 100 members" },
    { code: 6295, name: "EpochStatus", msg: "the epoch is not in a status for this" },
    { code: 6296, name: "EpochRunning", msg: "the last epoch has not ended" },
    { code: 6297, name: "FreezeTooEarly", msg: "the last epoch's length is not over" },
    { code: 6298, name: "DeadlinePassed", msg: "the epoch's deadline is over" },
    { code: 6299, name: "DeadlineAhead", msg: "the epoch's deadline is not over" },
    { code: 6300, name: "WindowOver", msg: "the challenge window is over" },
    { code: 6301, name: "WindowOpen", msg: "the challenge window is not over" },
    { code: 6302, name: "EvidenceLive", msg: "the epoch's votes may still be evidence" },
    { code: 6303, name: "NothingLeft", msg: "no weight is left to draw from" },
    { code: 6304, name: "TooManyUpdates", msg: "an epoch has at most 16384 updates" },
    {
      code: 6305,
      name: "EmptyTraceMoves",
      msg: "an epoch without updates keeps the root and has an empty trace",
    },
    { code: 6306, name: "RootZero", msg: "an epoch with updates has neither root nor trace of zero" },
    { code: 6600, name: "SlotHashesInvalid", msg: "this is not the SlotHashes sysvar" },
    { code: 6601, name: "SeedAhead", msg: "the seed slot is not over yet" },
    { code: 6602, name: "SnapshotProof", msg: "the proof does not lead to the snapshot's root" },
    { code: 6603, name: "NotDrawn", msg: "the seat was not drawn for this leaf" },
    { code: 6604, name: "WrongEpoch", msg: "this is not the epoch that runs" },
    { code: 6605, name: "WrongPayer", msg: "the rent goes to who paid it" },
    { code: 6620, name: "MemberUnknown", msg: "the committee has no such seat" },
    { code: 6621, name: "NotMember", msg: "the seat is another witness's" },
    { code: 6622, name: "VotedOtherwise", msg: "the member voted for another digest" },
    { code: 6623, name: "MemberStruck", msg: "the member was struck for voting twice" },
    { code: 6624, name: "RowsRagged", msg: "rows are 65 bytes each, and at least one" },
    { code: 6625, name: "QuorumMissing", msg: "the votes for this do not weigh two thirds of the committee" },
    { code: 6626, name: "EvidenceRagged", msg: "the evidence is one signed vote or two, 164 bytes each" },
    { code: 6627, name: "SameVote", msg: "both votes are for the same" },
    { code: 6628, name: "VoteSignature", msg: "the signature is not the member's vote for this" },
    { code: 6629, name: "NotVoted", msg: "the member has not voted on chain" },
    { code: 6630, name: "VotedRight", msg: "the member did not vote for what was proven wrong" },
    { code: 6631, name: "AlreadySlashed", msg: "the member was slashed for this vote" },
    { code: 6632, name: "WrongOperator", msg: "this is not the member's operator" },
    { code: 6633, name: "WrongReporter", msg: "the reporter's share goes to who proved it" },
    { code: 6634, name: "WrongStakeProgram", msg: "this is not the stake program" },
    { code: 6640, name: "ChallengeForm", msg: "the challenge's bytes are not of the form it has" },
    { code: 6641, name: "NotInTrace", msg: "the step is not in the trace that was attested" },
    { code: 6642, name: "NotStepsAuth", msg: "signer and signature are not the step's" },
    { code: 6643, name: "NotStepsUpdate", msg: "the update is not the step's" },
    { code: 6644, name: "SignatureHolds", msg: "the signature holds" },
    { code: 6645, name: "WrongName", msg: "this is not the update's name" },
    { code: 6646, name: "WrongDelegate", msg: "this is not the place of the signer's appointment" },
    { code: 6647, name: "AuthorityHolds", msg: "the signer might have been entitled at the freeze" },
    { code: 6648, name: "MapProof", msg: "the map proof does not lead to this root" },
    { code: 6649, name: "StepHolds", msg: "the step holds" },
    { code: 6650, name: "OrderHolds", msg: "the trace is in order there" },
    { code: 6651, name: "NothingOmitted", msg: "the name's owner posted nothing that had to be in the root" },
  ],
};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type QuorumIdl = {
  address: "QUxSoEjzQBY2FZDAA4w42NUXNKbAhaKsTG7pp1sqx12";
  metadata: {
    name: "quorum";
    version: "0.1.0";
    spec: "0.1.0";
    description: "The quorum program of TollDNS: epochs, committees, votes and challenges.";
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "slasher"; pda: { seeds: [{ kind: "const"; value: [115, 108, 97, 115, 104, 101, 114] }] } },
        { name: "programData" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "times"; type: { array: ["u32", 4] } },
        { name: "committee"; type: "u8" },
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
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
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [{ name: "times"; type: { array: ["u32", 4] } }, { name: "committee"; type: "u8" }];
    },
    {
      name: "freeze";
      discriminator: [10];
      accounts: [
        { name: "payer"; writable: true; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
        { name: "tree" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "seed";
      discriminator: [11];
      accounts: [
        { name: "epoch"; writable: true },
        { name: "slotHashes"; address: "SysvarS1otHashes111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "draw";
      discriminator: [12];
      accounts: [{ name: "epoch"; writable: true }];
      args: [
        { name: "index"; type: "u32" },
        { name: "operator"; type: "pubkey" },
        { name: "witness"; type: "pubkey" },
        { name: "weight"; type: "u64" },
        { name: "proof"; type: "bytes" },
      ];
    },
    {
      name: "attest";
      discriminator: [13];
      accounts: [{ name: "witness"; signer: true }, { name: "epoch"; writable: true }];
      args: [{ name: "seat"; type: "u8" }, { name: "digest"; type: { array: ["u8", 32] } }];
    },
    {
      name: "relay";
      discriminator: [14];
      accounts: [{ name: "epoch"; writable: true }];
      args: [
        { name: "root"; type: { array: ["u8", 32] } },
        { name: "updatesRoot"; type: { array: ["u8", 32] } },
        { name: "count"; type: "u32" },
        { name: "rows"; type: "bytes" },
      ];
    },
    {
      name: "tally";
      discriminator: [15];
      accounts: [{ name: "epoch"; writable: true }];
      args: [
        { name: "root"; type: { array: ["u8", 32] } },
        { name: "updatesRoot"; type: { array: ["u8", 32] } },
        { name: "count"; type: "u32" },
      ];
    },
    {
      name: "finalize";
      discriminator: [16];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
      ];
      args: [];
    },
    {
      name: "close";
      discriminator: [17];
      accounts: [{ name: "payer"; writable: true; relations: ["epoch"] }, { name: "epoch"; writable: true }];
      args: [];
    },
    {
      name: "proveEquivocation";
      discriminator: [20];
      accounts: [
        { name: "epoch"; writable: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] } },
        { name: "slasher"; pda: { seeds: [{ kind: "const"; value: [115, 108, 97, 115, 104, 101, 114] }] } },
        { name: "stakeConfig" },
        { name: "operator"; writable: true },
        { name: "vault"; writable: true },
        { name: "mint"; writable: true },
        { name: "reporterTokens"; writable: true },
        { name: "treasury"; writable: true },
        { name: "tokenProgram" },
        { name: "stakeProgram" },
      ];
      args: [{ name: "seat"; type: "u8" }, { name: "evidence"; type: "bytes" }];
    },
    {
      name: "challengeSignature";
      discriminator: [21];
      accounts: [
        { name: "challenger"; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
      ];
      args: [
        { name: "step"; type: { array: ["u8", 132] } },
        { name: "signer"; type: "pubkey" },
        { name: "signature"; type: { array: ["u8", 64] } },
        { name: "proof"; type: "bytes" },
      ];
    },
    {
      name: "challengeAuthority";
      discriminator: [22];
      accounts: [
        { name: "challenger"; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
        { name: "name" },
        { name: "record" },
      ];
      args: [
        { name: "step"; type: { array: ["u8", 132] } },
        { name: "update"; type: { array: ["u8", 133] } },
        { name: "signer"; type: "pubkey" },
        { name: "signature"; type: { array: ["u8", 64] } },
        { name: "proof"; type: "bytes" },
      ];
    },
    {
      name: "challengeStep";
      discriminator: [23];
      accounts: [
        { name: "challenger"; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
      ];
      args: [
        { name: "step"; type: { array: ["u8", 132] } },
        { name: "update"; type: { array: ["u8", 133] } },
        { name: "proofs"; type: "bytes" },
      ];
    },
    {
      name: "challengeOrder";
      discriminator: [24];
      accounts: [
        { name: "challenger"; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
      ];
      args: [{ name: "claim"; type: "u8" }, { name: "shown"; type: "bytes" }];
    },
    {
      name: "challengeOmission";
      discriminator: [25];
      accounts: [
        { name: "challenger"; signer: true },
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] };
        },
        { name: "epoch"; writable: true },
        { name: "name" },
        { name: "record" },
      ];
      args: [{ name: "shown"; type: "bytes" }];
    },
    {
      name: "slashVote";
      discriminator: [26];
      accounts: [
        { name: "epoch"; writable: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [113, 117, 111, 114, 117, 109] }] } },
        { name: "slasher"; pda: { seeds: [{ kind: "const"; value: [115, 108, 97, 115, 104, 101, 114] }] } },
        { name: "stakeConfig" },
        { name: "operator"; writable: true },
        { name: "vault"; writable: true },
        { name: "mint"; writable: true },
        { name: "reporterTokens"; writable: true },
        { name: "treasury"; writable: true },
        { name: "tokenProgram" },
        { name: "stakeProgram" },
      ];
      args: [{ name: "seat"; type: "u8" }];
    },
  ];
  accounts: [
    { discriminator: [93, 83, 120, 89, 151, 138, 152, 108]; name: "epoch" },
    { discriminator: [20, 13, 136, 87, 137, 5, 77, 126]; name: "quorumConfig" },
  ];
  types: [
    {
      name: "challengeProven";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "kind"; type: "u8" },
          { name: "challenger"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "epoch";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "status"; type: "u8" },
          { name: "challenge"; type: "u8" },
          { name: "committee"; type: "u8" },
          { name: "depth"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 2] } },
          { name: "number"; type: "u64" },
          { name: "payer"; type: "pubkey" },
          { name: "frozenSlot"; type: "u64" },
          { name: "frozenAt"; type: "u64" },
          { name: "seedSlot"; type: "u64" },
          { name: "length"; type: "u32" },
          { name: "window"; type: "u32" },
          { name: "evidence"; type: "u32" },
          { name: "seedDelay"; type: "u32" },
          { name: "seed"; type: { array: ["u8", 32] } },
          { name: "snapshotRoot"; type: { array: ["u8", 32] } },
          { name: "snapshotTotal"; type: "u64" },
          { name: "snapshotCount"; type: "u32" },
          { name: "count"; type: "u32" },
          { name: "domain"; type: { array: ["u8", 32] } },
          { name: "previousRoot"; type: { array: ["u8", 32] } },
          { name: "root"; type: { array: ["u8", 32] } },
          { name: "updatesRoot"; type: { array: ["u8", 32] } },
          { name: "digest"; type: { array: ["u8", 32] } },
          { name: "attestedAt"; type: "u64" },
          { name: "endedAt"; type: "u64" },
          { name: "challenger"; type: "pubkey" },
          { name: "weight"; type: "u64" },
          { name: "attestedWeight"; type: "u64" },
          { name: "order"; type: { array: [{ array: ["u8", 26] }, 4] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "epochMoved";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "status"; type: "u8" },
          { name: "root"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "memberStruck";
      type: { fields: [{ name: "epoch"; type: "u64" }, { name: "seat"; type: "u8" }]; kind: "struct" };
    },
    {
      name: "quorumConfig";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "slasherBump"; type: "u8" },
          { name: "paused"; type: "u8" },
          { name: "committee"; type: "u8" },
          { name: "running"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 2] } },
          { name: "length"; type: "u32" },
          { name: "window"; type: "u32" },
          { name: "evidence"; type: "u32" },
          { name: "seedDelay"; type: "u32" },
          { name: "epoch"; type: "u64" },
          { name: "nextAt"; type: "u64" },
          { name: "domain"; type: { array: ["u8", 32] } },
          { name: "stakeProgram"; type: "pubkey" },
          { name: "namesProgram"; type: "pubkey" },
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "finalEpoch"; type: "u64" },
          { name: "finalAt"; type: "u64" },
          { name: "finalRoot"; type: { array: ["u8", 32] } },
          { name: "finalUpdatesRoot"; type: { array: ["u8", 32] } },
          { name: "finalDigest"; type: { array: ["u8", 32] } },
          { name: "finals"; type: "u64" },
          { name: "recentEpochs"; type: { array: ["u64", 16] } },
          { name: "recentRoots"; type: { array: [{ array: ["u8", 32] }, 16] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "quorumConfigChanged";
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
      name: "seatDrawn";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "operator"; type: "pubkey" },
          { name: "witness"; type: "pubkey" },
          { name: "weight"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "seedMissed";
      type: { fields: [{ name: "epoch"; type: "u64" }, { name: "seedSlot"; type: "u64" }]; kind: "struct" };
    },
    {
      name: "voteCast";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "digest"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "voteSlashed";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "seat"; type: "u8" },
          { name: "offence"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "votesRelayed";
      type: {
        fields: [
          { name: "epoch"; type: "u64" },
          { name: "digest"; type: { array: ["u8", 32] } },
          { name: "taken"; type: "u64" },
          { name: "skipped"; type: "u64" },
        ];
        kind: "struct";
      };
    },
  ];
  events: [
    { name: "challengeProven"; discriminator: [106, 245, 73, 100, 182, 92, 96, 245] },
    { name: "epochMoved"; discriminator: [168, 221, 142, 186, 124, 200, 251, 129] },
    { name: "memberStruck"; discriminator: [160, 193, 143, 228, 96, 27, 59, 60] },
    { name: "quorumConfigChanged"; discriminator: [181, 89, 83, 251, 131, 230, 31, 32] },
    { name: "seatDrawn"; discriminator: [110, 61, 47, 40, 12, 221, 221, 122] },
    { name: "seedMissed"; discriminator: [127, 91, 101, 174, 195, 225, 73, 64] },
    { name: "voteCast"; discriminator: [39, 53, 195, 104, 188, 17, 225, 213] },
    { name: "voteSlashed"; discriminator: [189, 110, 34, 28, 115, 185, 74, 148] },
    { name: "votesRelayed"; discriminator: [173, 114, 245, 112, 58, 211, 230, 196] },
  ];
  errors: [
    { code: 6000; name: "paused"; msg: "the program is paused: no epoch begins, the running one goes on" },
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
    { code: 6025; name: "tokenAccountInvalid"; msg: "this is not an initialised token account" },
    { code: 6026; name: "tokenAccountProgram"; msg: "the token account belongs to another program" },
    { code: 6027; name: "tokenAccountMint"; msg: "the token account is of another mint" },
    { code: 6028; name: "tokenAccountFrozen"; msg: "the token account is frozen" },
    { code: 6120; name: "invariantBroken"; msg: "an invariant does not hold; please report this" },
    { code: 6290; name: "epochLengthInvalid"; msg: "an epoch lasts between a second and a day" },
    { code: 6291; name: "windowInvalid"; msg: "the challenge window is between a second and a day" },
    { code: 6292; name: "evidenceInvalid"; msg: "evidence lives between a second and five days" },
    { code: 6293; name: "seedDelayInvalid"; msg: "the seed comes between 1 and 256 slots after the freeze" },
    { code: 6294; name: "committeeInvalid"; msg: "a committee has 1 to 100 members" },
    { code: 6295; name: "epochStatus"; msg: "the epoch is not in a status for this" },
    { code: 6296; name: "epochRunning"; msg: "the last epoch has not ended" },
    { code: 6297; name: "freezeTooEarly"; msg: "the last epoch's length is not over" },
    { code: 6298; name: "deadlinePassed"; msg: "the epoch's deadline is over" },
    { code: 6299; name: "deadlineAhead"; msg: "the epoch's deadline is not over" },
    { code: 6300; name: "windowOver"; msg: "the challenge window is over" },
    { code: 6301; name: "windowOpen"; msg: "the challenge window is not over" },
    { code: 6302; name: "evidenceLive"; msg: "the epoch's votes may still be evidence" },
    { code: 6303; name: "nothingLeft"; msg: "no weight is left to draw from" },
    { code: 6304; name: "tooManyUpdates"; msg: "an epoch has at most 16384 updates" },
    {
      code: 6305;
      name: "emptyTraceMoves";
      msg: "an epoch without updates keeps the root and has an empty trace";
    },
    { code: 6306; name: "rootZero"; msg: "an epoch with updates has neither root nor trace of zero" },
    { code: 6600; name: "slotHashesInvalid"; msg: "this is not the SlotHashes sysvar" },
    { code: 6601; name: "seedAhead"; msg: "the seed slot is not over yet" },
    { code: 6602; name: "snapshotProof"; msg: "the proof does not lead to the snapshot's root" },
    { code: 6603; name: "notDrawn"; msg: "the seat was not drawn for this leaf" },
    { code: 6604; name: "wrongEpoch"; msg: "this is not the epoch that runs" },
    { code: 6605; name: "wrongPayer"; msg: "the rent goes to who paid it" },
    { code: 6620; name: "memberUnknown"; msg: "the committee has no such seat" },
    { code: 6621; name: "notMember"; msg: "the seat is another witness's" },
    { code: 6622; name: "votedOtherwise"; msg: "the member voted for another digest" },
    { code: 6623; name: "memberStruck"; msg: "the member was struck for voting twice" },
    { code: 6624; name: "rowsRagged"; msg: "rows are 65 bytes each, and at least one" },
    { code: 6625; name: "quorumMissing"; msg: "the votes for this do not weigh two thirds of the committee" },
    { code: 6626; name: "evidenceRagged"; msg: "the evidence is one signed vote or two, 164 bytes each" },
    { code: 6627; name: "sameVote"; msg: "both votes are for the same" },
    { code: 6628; name: "voteSignature"; msg: "the signature is not the member's vote for this" },
    { code: 6629; name: "notVoted"; msg: "the member has not voted on chain" },
    { code: 6630; name: "votedRight"; msg: "the member did not vote for what was proven wrong" },
    { code: 6631; name: "alreadySlashed"; msg: "the member was slashed for this vote" },
    { code: 6632; name: "wrongOperator"; msg: "this is not the member's operator" },
    { code: 6633; name: "wrongReporter"; msg: "the reporter's share goes to who proved it" },
    { code: 6634; name: "wrongStakeProgram"; msg: "this is not the stake program" },
    { code: 6640; name: "challengeForm"; msg: "the challenge's bytes are not of the form it has" },
    { code: 6641; name: "notInTrace"; msg: "the step is not in the trace that was attested" },
    { code: 6642; name: "notStepsAuth"; msg: "signer and signature are not the step's" },
    { code: 6643; name: "notStepsUpdate"; msg: "the update is not the step's" },
    { code: 6644; name: "signatureHolds"; msg: "the signature holds" },
    { code: 6645; name: "wrongName"; msg: "this is not the update's name" },
    { code: 6646; name: "wrongDelegate"; msg: "this is not the place of the signer's appointment" },
    { code: 6647; name: "authorityHolds"; msg: "the signer might have been entitled at the freeze" },
    { code: 6648; name: "mapProof"; msg: "the map proof does not lead to this root" },
    { code: 6649; name: "stepHolds"; msg: "the step holds" },
    { code: 6650; name: "orderHolds"; msg: "the trace is in order there" },
    { code: 6651; name: "nothingOmitted"; msg: "the name's owner posted nothing that had to be in the root" },
  ];
};
