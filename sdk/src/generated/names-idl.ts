// Made by sdk/scripts/generate.ts from programs/artifacts/names.json. Do not edit.

/** The names program's IDL: `new Program<NamesIdl>(NAMES_IDL, provider)` with @coral-xyz/anchor. */
export const NAMES_IDL: object = {
  address: "NQ1Yfm4cbYXmXjopqUqMvAL51MzBQKNphAZmncoSd3g",
  metadata: {
    name: "names",
    version: "0.1.0",
    spec: "0.1.0",
    description: "The names program of TollDNS: registration, auctions, control, routes and passports.",
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
        },
        {
          name: "vault",
          writable: true,
          docs: ["Becomes a token account of `mint`, owned by the configuration's address."],
          pda: {
            seeds: [{ kind: "const", value: [97, 117, 99, 116, 105, 111, 110, 45, 118, 97, 117, 108, 116] }],
          },
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "program_data", docs: ["The loader's record of who may upgrade this program."] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "prices", type: { array: ["u64", 5] } },
        { name: "times", type: { array: ["u32", 6] } },
        { name: "increment_bps", type: "u16" },
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
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
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
      ],
      args: [
        { name: "prices", type: { array: ["u64", 5] } },
        { name: "times", type: { array: ["u32", 6] } },
        { name: "increment_bps", type: "u16" },
      ],
    },
    {
      name: "set_treasury",
      discriminator: [6],
      accounts: [
        {
          name: "config",
          writable: true,
          pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] },
        },
        { name: "authority", signer: true, relations: ["config"] },
        { name: "treasury" },
      ],
      args: [],
    },
    {
      name: "commit",
      discriminator: [10],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        {
          name: "commitment",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [99, 111, 109, 109, 105, 116, 109, 101, 110, 116] },
              { kind: "account", path: "owner" },
              { kind: "arg", path: "hash" },
            ],
          },
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [{ name: "hash", type: { array: ["u8", 32] } }],
    },
    {
      name: "register",
      discriminator: [11],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "commitment", writable: true },
        {
          name: "name",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [110, 97, 109, 101] },
              { kind: "arg", path: "name_hash" },
            ],
          },
        },
        { name: "source", writable: true, docs: ["The owner's Index Units."] },
        { name: "treasury", writable: true, relations: ["config"] },
        { name: "nft_mint", writable: true, docs: ['At `["nft", name hash, generation]`.'] },
        { name: "nft_token", writable: true, docs: ["The owner's associated token account of it."] },
        { name: "token_program" },
        { name: "token_2022" },
        { name: "associated_token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "name_hash", type: { array: ["u8", 32] } },
        { name: "secret", type: { array: ["u8", 32] } },
        { name: "years", type: "u8" },
        { name: "label", type: "bytes" },
      ],
    },
    {
      name: "renew",
      discriminator: [12],
      accounts: [
        { name: "payer", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "name", writable: true },
        { name: "source", writable: true },
        { name: "treasury", writable: true, relations: ["config"] },
        { name: "token_program" },
      ],
      args: [{ name: "years", type: "u8" }],
    },
    {
      name: "cancel_commitment",
      discriminator: [13],
      accounts: [
        { name: "owner", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "commitment", writable: true },
      ],
      args: [],
    },
    {
      name: "open_auction",
      discriminator: [20],
      accounts: [
        { name: "bidder", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        {
          name: "name",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [110, 97, 109, 101] },
              { kind: "arg", path: "name_hash" },
            ],
          },
        },
        {
          name: "auction",
          writable: true,
          docs: ['At `["auction", name hash, generation]`, the generation being the one that is sold.'],
        },
        {
          name: "bid",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 105, 100] },
              { kind: "account", path: "auction" },
              { kind: "account", path: "bidder" },
            ],
          },
        },
        { name: "source", writable: true, docs: ["The bidder's Index Units."] },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "name_hash", type: { array: ["u8", 32] } },
        { name: "amount", type: "u64" },
        { name: "label", type: "bytes" },
      ],
    },
    {
      name: "bid",
      discriminator: [21],
      accounts: [
        { name: "bidder", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "auction", writable: true },
        {
          name: "bid",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 105, 100] },
              { kind: "account", path: "auction" },
              { kind: "account", path: "bidder" },
            ],
          },
        },
        { name: "source", writable: true, docs: ["The bidder's Index Units."] },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [{ name: "amount", type: "u64" }],
    },
    {
      name: "withdraw_bid",
      discriminator: [22],
      accounts: [
        { name: "bidder", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "auction" },
        {
          name: "bid",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [98, 105, 100] },
              { kind: "account", path: "auction" },
              { kind: "account", path: "bidder" },
            ],
          },
        },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "destination", writable: true },
        { name: "token_program" },
      ],
      args: [],
    },
    {
      name: "settle_auction",
      discriminator: [23],
      accounts: [
        {
          name: "payer",
          writable: true,
          signer: true,
          docs: [
            "May be the winner too. It has no data of this program's, and whatever else is written may not be it.",
          ],
        },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "name", writable: true },
        { name: "auction", writable: true },
        { name: "bid", writable: true },
        { name: "winner", address: "auction.highest_bidder" },
        { name: "vault", writable: true, relations: ["config"] },
        { name: "treasury", writable: true, relations: ["config"] },
        { name: "nft_mint", writable: true, docs: ['At `["nft", name hash, generation]`.'] },
        { name: "nft_token", writable: true, docs: ["The winner's associated token account of it."] },
        { name: "token_program" },
        { name: "token_2022" },
        { name: "associated_token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "offer_control",
      discriminator: [30],
      accounts: [
        { name: "holder", signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "name", writable: true },
        {
          name: "token",
          writable: true,
          docs: ["Any token account of the holder that has the name's token."],
        },
        { name: "token_2022" },
      ],
      args: [{ name: "to", type: "pubkey" }],
    },
    {
      name: "accept_control",
      discriminator: [31],
      accounts: [
        { name: "accepter", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        { name: "name", writable: true },
        { name: "from", writable: true, docs: ["The token account the offer was made from."] },
        { name: "to", writable: true },
        { name: "nft_mint", address: "name.mint" },
        { name: "token_2022" },
        { name: "associated_token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "withdraw_offer",
      discriminator: [32],
      accounts: [
        { name: "holder", signer: true },
        { name: "name", writable: true },
        { name: "token", docs: ["Read only if the signer is not who made the offer."] },
      ],
      args: [],
    },
    {
      name: "appoint_delegate",
      discriminator: [33],
      accounts: [
        { name: "holder", writable: true, signer: true },
        { name: "name", writable: true },
        { name: "token" },
        {
          name: "record",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [100, 101, 108, 101, 103, 97, 116, 101] },
              { kind: "account", path: "name" },
              { kind: "arg", path: "delegate" },
            ],
          },
        },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [
        { name: "delegate", type: "pubkey" },
        { name: "role", type: "u8" },
        { name: "expires_at", type: "u64" },
      ],
    },
    {
      name: "dismiss_delegate",
      discriminator: [34],
      accounts: [
        { name: "holder", signer: true },
        { name: "name" },
        { name: "token", docs: ["Read only if the signer is not who made the appointment."] },
        { name: "record", writable: true },
      ],
      args: [],
    },
    {
      name: "close_delegate",
      discriminator: [35],
      accounts: [
        { name: "payer", writable: true, relations: ["record"] },
        { name: "record", writable: true },
      ],
      args: [],
    },
    {
      name: "record_authority",
      discriminator: [36],
      accounts: [
        { name: "name", writable: true },
        { name: "token", docs: ["Any token account that has the name's token."] },
      ],
      args: [],
    },
    {
      name: "post_route",
      discriminator: [40],
      accounts: [
        { name: "poster", signer: true, docs: ["The holder, or a delegate."] },
        { name: "name", writable: true },
        { name: "token", docs: ["The holder's token account that has the name's token."] },
        { name: "record", optional: true },
      ],
      args: [
        { name: "version", type: "u64" },
        { name: "expires_at", type: "u64" },
        { name: "records_hash", type: { array: ["u8", 32] } },
        { name: "domain", type: { array: ["u8", 32] } },
        { name: "signature", type: { array: ["u8", 64] } },
      ],
    },
    {
      name: "issue_passport",
      discriminator: [50],
      accounts: [
        { name: "wallet", writable: true, signer: true },
        { name: "config", pda: { seeds: [{ kind: "const", value: [110, 97, 109, 101, 115] }] } },
        {
          name: "passport",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 97, 115, 115, 112, 111, 114, 116] },
              { kind: "account", path: "wallet" },
            ],
          },
        },
        { name: "passport_mint", writable: true, docs: ['At `["passport-mint", wallet]`.'] },
        { name: "passport_token", writable: true, docs: ["The wallet's associated token account of it."] },
        { name: "token_2022" },
        { name: "associated_token_program" },
        { name: "system_program", address: "11111111111111111111111111111111" },
      ],
      args: [],
    },
    {
      name: "set_hint",
      discriminator: [51],
      accounts: [
        { name: "wallet", signer: true },
        {
          name: "passport",
          writable: true,
          pda: {
            seeds: [
              { kind: "const", value: [112, 97, 115, 115, 112, 111, 114, 116] },
              { kind: "account", path: "wallet" },
            ],
          },
        },
      ],
      args: [
        { name: "kind", type: "u8" },
        { name: "hint", type: "bytes" },
      ],
    },
  ],
  accounts: [
    { discriminator: [218, 94, 247, 242, 126, 233, 131, 81], name: "Auction" },
    { discriminator: [143, 246, 48, 245, 42, 145, 180, 88], name: "Bid" },
    { discriminator: [61, 112, 129, 128, 24, 147, 77, 87], name: "Commitment" },
    { discriminator: [92, 145, 166, 111, 11, 38, 38, 247], name: "Delegate" },
    { discriminator: [138, 96, 142, 48, 110, 26, 183, 234], name: "Name" },
    { discriminator: [105, 47, 157, 226, 21, 123, 224, 167], name: "NamesConfig" },
    { discriminator: [18, 61, 245, 239, 6, 15, 18, 34], name: "Passport" },
  ],
  types: [
    {
      docs: [
        'The sale of one name\'s next generation, at `["auction", name hash, generation u32]`. It stays, as the record of who won.',
      ],
      name: "Auction",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "state", type: "u8" },
          { name: "reserved", type: "u8" },
          { docs: ["The generation that the winner gets."], name: "generation", type: "u32" },
          { docs: ["Unix seconds."], name: "ends_at", type: "u64" },
          { docs: ["micro-IU"], name: "highest", type: "u64" },
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "highest_bidder", type: "pubkey" },
          { name: "opened_by", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["An auction after it opened, took a bid or was settled."],
      name: "AuctionChanged",
      type: {
        fields: [
          { name: "auction", type: "pubkey" },
          { name: "state", type: "u8" },
          { name: "highest", type: "u64" },
          { name: "highest_bidder", type: "pubkey" },
          { name: "ends_at", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Another holder was recorded as who signs a name's routes."],
      name: "AuthorityRecorded",
      type: {
        fields: [
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "authority", type: "pubkey" },
          { name: "slot", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['One bidder\'s money in one auction, at `["bid", auction, bidder]`.'],
      name: "Bid",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "reserved", type: { array: ["u8", 6] } },
          { docs: ["micro-IU in the vault for this bidder."], name: "held", type: "u64" },
          { name: "auction", type: "pubkey" },
          { name: "bidder", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A losing bid went back."],
      name: "BidReturned",
      type: {
        fields: [
          { name: "auction", type: "pubkey" },
          { name: "bidder", type: "pubkey" },
          { name: "amount", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'A promise to register a name that nobody else can read, at `["commitment", owner, hash]`. The owner is part of the address, so a copied hash',
        "is another commitment.",
      ],
      name: "Commitment",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "reserved", type: { array: ["u8", 6] } },
          { docs: ["Unix seconds."], name: "made_at", type: "u64" },
          { name: "owner", type: "pubkey" },
          { name: "hash", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["Control of a name was offered (`to` is zero: withdrawn) or moved."],
      name: "ControlChanged",
      type: {
        fields: [
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "from", type: "pubkey" },
          { name: "to", type: "pubkey" },
          { name: "moved", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'Someone who acts for a name\'s holder, at `["delegate", name, delegate]`. It stays for a while after its end, as evidence of who could sign.',
      ],
      name: "Delegate",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "role", type: "u8" },
          { name: "reserved", type: "u8" },
          { docs: ["The name's when it was appointed."], name: "generation", type: "u32" },
          { docs: ["Unix seconds."], name: "expires_at", type: "u64" },
          {
            docs: ["Slot of the appointment that holds. A change of its time alone leaves it."],
            name: "appointed_slot",
            type: "u64",
          },
          {
            docs: ["Slot and Unix second in which it was ended; 0 while it lasts."],
            name: "ended_slot",
            type: "u64",
          },
          { name: "ended_at", type: "u64" },
          { name: "name", type: "pubkey" },
          { name: "delegate", type: "pubkey" },
          { docs: ["Counts only while this is the holder."], name: "appointed_by", type: "pubkey" },
          { docs: ["Gets the rent when the record closes."], name: "payer", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A delegate was appointed, or dismissed (`expires_at` is 0)."],
      name: "DelegateChanged",
      type: {
        fields: [
          { name: "name", type: "pubkey" },
          { name: "delegate", type: "pubkey" },
          { name: "expires_at", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ['One name, at `["name", hash]`. Made by its first registration or auction, and never closed.'],
      name: "Name",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { docs: ["Version of the rules its label was checked by."], name: "normalisation", type: "u8" },
          { name: "label_length", type: "u8" },
          {
            docs: ["Registrations so far: an NFT, delegate or update of an earlier one counts for nothing."],
            name: "generation",
            type: "u32",
          },
          { docs: ["Unix seconds."], name: "registered_at", type: "u64" },
          { name: "expires_at", type: "u64" },
          {
            docs: ["Version and slot of the update posted last; 0 if none was since registration."],
            name: "posted_version",
            type: "u64",
          },
          { name: "posted_slot", type: "u64" },
          { name: "posted_expires_at", type: "u64" },
          {
            docs: ["Slot in which the authority was recorded, and the one before it."],
            name: "authority_slot",
            type: "u64",
          },
          { name: "previous_slot", type: "u64" },
          { name: "hash", type: { array: ["u8", 32] } },
          {
            docs: ["The NFT's mint; whoever holds its one token holds the name."],
            name: "mint",
            type: "pubkey",
          },
          {
            docs: [
              "Who signs routes: the holder as recorded last, and who was recorded before. All zero is nobody.",
            ],
            name: "authority",
            type: "pubkey",
          },
          { name: "previous_authority", type: "pubkey" },
          { docs: ["All zero when control is offered to nobody."], name: "offered_to", type: "pubkey" },
          { name: "offered_by", type: "pubkey" },
          {
            docs: ["Who signed the update posted last, its hash, its records' hash and the signature."],
            name: "posted_by",
            type: "pubkey",
          },
          { name: "posted_hash", type: { array: ["u8", 32] } },
          { name: "posted_records_hash", type: { array: ["u8", 32] } },
          {
            docs: ["`R | S`; in rows of 32, which is what the IDL's reader can lay out."],
            name: "posted_signature",
            type: { array: [{ array: ["u8", 32] }, 2] },
          },
          { docs: ["The label, then zeroes."], name: "label", type: { array: ["u8", 64] } },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A name got an owner, by registration or auction. Price in micro-IU."],
      name: "NameRegistered",
      type: {
        fields: [
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "generation", type: "u32" },
          { name: "owner", type: "pubkey" },
          { name: "expires_at", type: "u64" },
          { name: "price", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A name was paid for again."],
      name: "NameRenewed",
      type: {
        fields: [
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "expires_at", type: "u64" },
          { name: "price", type: "u64" },
        ],
        kind: "struct",
      },
    },
    {
      docs: [
        'The program\'s one configuration, at `["names"]`. Its address owns the auction vault and mints the tokens.',
      ],
      name: "NamesConfig",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "vault_bump", type: "u8" },
          { docs: ["0 or 1."], name: "paused", type: "u8" },
          { name: "increment_bps", type: "u16" },
          { name: "reserved", type: { array: ["u8", 2] } },
          { docs: ["Seconds, as the five that follow."], name: "term", type: "u32" },
          { name: "grace", type: "u32" },
          { name: "commit_min", type: "u32" },
          { name: "commit_max", type: "u32" },
          { name: "auction", type: "u32" },
          { name: "extension", type: "u32" },
          {
            docs: ["micro-IU a term, for labels of 1, 2, 3, 4 and 5 or more bytes."],
            name: "prices",
            type: { array: ["u64", 5] },
          },
          { name: "authority", type: "pubkey" },
          { docs: ["All zero when nobody is proposed."], name: "pending_authority", type: "pubkey" },
          { name: "guardian", type: "pubkey" },
          { name: "mint", type: "pubkey" },
          { name: "token_program", type: "pubkey" },
          { name: "vault", type: "pubkey" },
          { name: "treasury", type: "pubkey" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The configuration after any change of it."],
      name: "NamesConfigChanged",
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
      docs: ['A wallet\'s one passport, at `["passport", wallet]`.'],
      name: "Passport",
      repr: { kind: "c" },
      serialization: "bytemuck",
      type: {
        fields: [
          { name: "version", type: "u8" },
          { name: "bump", type: "u8" },
          { name: "hint_kind", type: "u8" },
          { name: "hint_length", type: "u8" },
          { name: "reserved", type: { array: ["u8", 4] } },
          { name: "wallet", type: "pubkey" },
          { name: "mint", type: "pubkey" },
          {
            docs: [
              "`dyndns_hint`: `hint_length` bytes, then zeroes. In rows of 32, which is what the IDL's reader can lay out.",
            ],
            name: "hint",
            type: { array: [{ array: ["u8", 32] }, 5] },
          },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["A passport was issued, or its hint changed."],
      name: "PassportChanged",
      type: {
        fields: [
          { name: "wallet", type: "pubkey" },
          { name: "hint_kind", type: "u8" },
        ],
        kind: "struct",
      },
    },
    {
      docs: ["The owner or a delegate put an update on the chain, so that no committee can leave it out."],
      name: "RoutePosted",
      type: {
        fields: [
          { name: "name_hash", type: { array: ["u8", 32] } },
          { name: "generation", type: "u32" },
          { name: "version", type: "u64" },
          { name: "update_hash", type: { array: ["u8", 32] } },
        ],
        kind: "struct",
      },
    },
  ],
  events: [
    { name: "AuctionChanged", discriminator: [185, 181, 55, 143, 12, 194, 12, 1] },
    { name: "AuthorityRecorded", discriminator: [58, 155, 60, 112, 12, 72, 23, 44] },
    { name: "BidReturned", discriminator: [25, 177, 20, 205, 242, 186, 251, 43] },
    { name: "ControlChanged", discriminator: [252, 48, 131, 177, 34, 63, 34, 33] },
    { name: "DelegateChanged", discriminator: [225, 147, 224, 43, 247, 130, 101, 91] },
    { name: "NameRegistered", discriminator: [93, 190, 149, 226, 22, 31, 245, 68] },
    { name: "NameRenewed", discriminator: [199, 47, 1, 165, 94, 44, 190, 245] },
    { name: "NamesConfigChanged", discriminator: [161, 123, 56, 106, 31, 44, 20, 116] },
    { name: "PassportChanged", discriminator: [78, 147, 236, 209, 56, 105, 56, 192] },
    { name: "RoutePosted", discriminator: [73, 18, 250, 159, 134, 195, 159, 122] },
  ],
  errors: [
    {
      code: 6000,
      name: "Paused",
      msg: "the program is paused: commitments, registrations and bids wait, everything else goes on",
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
    { code: 6030, name: "TokenAccountDelegate", msg: "the treasury's token account may not have a delegate" },
    {
      code: 6031,
      name: "TokenAccountCloseAuthority",
      msg: "the treasury's token account may not have a close authority",
    },
    { code: 6032, name: "WrongVault", msg: "this is not the auction vault" },
    {
      code: 6033,
      name: "TokenAccountReserved",
      msg: "this token account already has another part in the program",
    },
    { code: 6035, name: "WrongTreasury", msg: "this is not the treasury account" },
    { code: 6040, name: "AmountZero", msg: "the amount may not be zero" },
    { code: 6041, name: "AmountTooLarge", msg: "the amount exceeds 2^56 - 1" },
    { code: 6042, name: "AmountOverflow", msg: "the sum exceeds 64 bits" },
    { code: 6120, name: "InvariantBroken", msg: "an invariant does not hold; please report this" },
    { code: 6200, name: "PriceInvalid", msg: "a price is between 1 and a hundredth of 2^56 - 1 micro-IU" },
    { code: 6201, name: "TermInvalid", msg: "a term is between a day and ten years" },
    { code: 6202, name: "NameGraceInvalid", msg: "the grace is between a day and a year" },
    {
      code: 6203,
      name: "CommitAgesInvalid",
      msg: "a commitment ripens in 1 to 3600 seconds and lives longer than that, for at most 7 days",
    },
    {
      code: 6204,
      name: "AuctionTimesInvalid",
      msg: "an auction takes 60 seconds to 30 days, and its extension is no longer than that",
    },
    { code: 6205, name: "IncrementInvalid", msg: "the increment is between 1 and 10000 basis points" },
    { code: 6220, name: "LabelLength", msg: "a label has 1 to 63 bytes" },
    { code: 6221, name: "LabelCharacter", msg: "a label has no characters but a-z, 0-9 and the hyphen" },
    {
      code: 6222,
      name: "LabelHyphen",
      msg: "a hyphen stands at an end, or in third and fourth place of what is no A-label",
    },
    { code: 6223, name: "NameHashMismatch", msg: "the hash is not the label's" },
    { code: 6224, name: "LabelPremium", msg: "labels of up to four bytes are sold by auction" },
    {
      code: 6225,
      name: "LabelNotPremium",
      msg: "labels of five bytes and more are registered, not sold by auction",
    },
    { code: 6240, name: "CommitmentTooYoung", msg: "the commitment is not old enough yet" },
    { code: 6241, name: "CommitmentTooOld", msg: "the commitment is too old" },
    { code: 6242, name: "CommitmentLive", msg: "the commitment may still be revealed" },
    { code: 6243, name: "NameTaken", msg: "somebody has the name, or may still renew it" },
    { code: 6244, name: "NameExpired", msg: "the name's time is over" },
    { code: 6245, name: "NameFree", msg: "nobody has the name" },
    { code: 6246, name: "YearsInvalid", msg: "at least one term" },
    { code: 6247, name: "TooFarAhead", msg: "a name is held for at most ten years from now" },
    { code: 6248, name: "RenewalTooShort", msg: "the name would still be expired; renew for more terms" },
    { code: 6249, name: "CommitmentMismatch", msg: "the commitment is to something else" },
    { code: 6260, name: "BidTooLow", msg: "the bid does not top the highest by the increment" },
    { code: 6261, name: "AuctionOver", msg: "the auction is over" },
    { code: 6262, name: "AuctionOpen", msg: "the auction is not over yet" },
    { code: 6263, name: "AuctionExists", msg: "an auction for this name is on" },
    { code: 6264, name: "AuctionSettled", msg: "the auction is settled" },
    { code: 6265, name: "HighestBidder", msg: "the highest bidder can't withdraw" },
    { code: 6266, name: "BidAuction", msg: "the bid is of another auction" },
    { code: 6267, name: "BidNotWinners", msg: "this is not the winner's bid" },
    { code: 6268, name: "AuctionName", msg: "the auction is of another name" },
    {
      code: 6269,
      name: "DelegateKept",
      msg: "the record stays for eight days after the appointment is over",
    },
    { code: 6280, name: "NotHolder", msg: "only who holds the name's token may do this" },
    { code: 6281, name: "WrongNft", msg: "this is not the token of the name's present generation" },
    { code: 6282, name: "NotOffered", msg: "control is not offered to this wallet" },
    { code: 6283, name: "OfferInvalid", msg: "control can't be offered to nobody" },
    { code: 6284, name: "DelegateExpired", msg: "the delegate's time is over" },
    { code: 6285, name: "DelegateName", msg: "the delegate is of another name" },
    {
      code: 6286,
      name: "DelegateStale",
      msg: "the delegate was appointed by a former holder or for an earlier registration",
    },
    { code: 6287, name: "DelegateTaken", msg: "the delegate was appointed by somebody else; end it first" },
    { code: 6288, name: "RoleUnknown", msg: "no such role" },
    { code: 6289, name: "NotAppointer", msg: "only the holder or who appointed the delegate may dismiss it" },
    { code: 6290, name: "VersionNotHigher", msg: "the update's version must rise" },
    { code: 6291, name: "DelegateWallet", msg: "the delegate is another wallet" },
    { code: 6292, name: "UpdateOutlivesName", msg: "the update may not outlive the name" },
    { code: 6293, name: "DelegateEnded", msg: "the appointment was ended" },
    { code: 6294, name: "DelegatePayer", msg: "this is not who paid the record's rent" },
    { code: 6295, name: "VersionTooHigh", msg: "the update's version is above the milliseconds since 1970" },
    { code: 6300, name: "HintKind", msg: "no such kind of hint" },
    { code: 6301, name: "HintLength", msg: "a hint has 1 to 160 bytes, and kind 0 none" },
    { code: 6302, name: "PassportExists", msg: "the wallet has a passport" },
    { code: 6303, name: "WrongToken2022", msg: "this is not the Token-2022 program" },
    { code: 6304, name: "WrongAssociated", msg: "this is not the associated token program" },
    { code: 6305, name: "WrongMintAddress", msg: "this is not the address of the token's mint" },
  ],
};

/** Type of the IDL, named as Anchor's TypeScript client names things. */
export type NamesIdl = {
  address: "NQ1Yfm4cbYXmXjopqUqMvAL51MzBQKNphAZmncoSd3g";
  metadata: {
    name: "names";
    version: "0.1.0";
    spec: "0.1.0";
    description: "The names program of TollDNS: registration, auctions, control, routes and passports.";
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
        },
        {
          name: "vault";
          writable: true;
          pda: {
            seeds: [{ kind: "const"; value: [97, 117, 99, 116, 105, 111, 110, 45, 118, 97, 117, 108, 116] }];
          };
        },
        { name: "mint" },
        { name: "treasury" },
        { name: "programData" },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "prices"; type: { array: ["u64", 5] } },
        { name: "times"; type: { array: ["u32", 6] } },
        { name: "incrementBps"; type: "u16" },
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
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
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
      ];
      args: [
        { name: "prices"; type: { array: ["u64", 5] } },
        { name: "times"; type: { array: ["u32", 6] } },
        { name: "incrementBps"; type: "u16" },
      ];
    },
    {
      name: "setTreasury";
      discriminator: [6];
      accounts: [
        {
          name: "config";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] };
        },
        { name: "authority"; signer: true; relations: ["config"] },
        { name: "treasury" },
      ];
      args: [];
    },
    {
      name: "commit";
      discriminator: [10];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        {
          name: "commitment";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [99, 111, 109, 109, 105, 116, 109, 101, 110, 116] },
              { kind: "account"; path: "owner" },
              { kind: "arg"; path: "hash" },
            ];
          };
        },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [{ name: "hash"; type: { array: ["u8", 32] } }];
    },
    {
      name: "register";
      discriminator: [11];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "commitment"; writable: true },
        {
          name: "name";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101] }, { kind: "arg"; path: "nameHash" }] };
        },
        { name: "source"; writable: true },
        { name: "treasury"; writable: true; relations: ["config"] },
        { name: "nftMint"; writable: true },
        { name: "nftToken"; writable: true },
        { name: "tokenProgram" },
        { name: "token2022" },
        { name: "associatedTokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "nameHash"; type: { array: ["u8", 32] } },
        { name: "secret"; type: { array: ["u8", 32] } },
        { name: "years"; type: "u8" },
        { name: "label"; type: "bytes" },
      ];
    },
    {
      name: "renew";
      discriminator: [12];
      accounts: [
        { name: "payer"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "name"; writable: true },
        { name: "source"; writable: true },
        { name: "treasury"; writable: true; relations: ["config"] },
        { name: "tokenProgram" },
      ];
      args: [{ name: "years"; type: "u8" }];
    },
    {
      name: "cancelCommitment";
      discriminator: [13];
      accounts: [
        { name: "owner"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "commitment"; writable: true },
      ];
      args: [];
    },
    {
      name: "openAuction";
      discriminator: [20];
      accounts: [
        { name: "bidder"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        {
          name: "name";
          writable: true;
          pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101] }, { kind: "arg"; path: "nameHash" }] };
        },
        { name: "auction"; writable: true },
        {
          name: "bid";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 105, 100] },
              { kind: "account"; path: "auction" },
              { kind: "account"; path: "bidder" },
            ];
          };
        },
        { name: "source"; writable: true },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "tokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "nameHash"; type: { array: ["u8", 32] } },
        { name: "amount"; type: "u64" },
        { name: "label"; type: "bytes" },
      ];
    },
    {
      name: "bid";
      discriminator: [21];
      accounts: [
        { name: "bidder"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "auction"; writable: true },
        {
          name: "bid";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 105, 100] },
              { kind: "account"; path: "auction" },
              { kind: "account"; path: "bidder" },
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
      name: "withdrawBid";
      discriminator: [22];
      accounts: [
        { name: "bidder"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "auction" },
        {
          name: "bid";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [98, 105, 100] },
              { kind: "account"; path: "auction" },
              { kind: "account"; path: "bidder" },
            ];
          };
        },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "destination"; writable: true },
        { name: "tokenProgram" },
      ];
      args: [];
    },
    {
      name: "settleAuction";
      discriminator: [23];
      accounts: [
        { name: "payer"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "name"; writable: true },
        { name: "auction"; writable: true },
        { name: "bid"; writable: true },
        { name: "winner"; address: "auction.highest_bidder" },
        { name: "vault"; writable: true; relations: ["config"] },
        { name: "treasury"; writable: true; relations: ["config"] },
        { name: "nftMint"; writable: true },
        { name: "nftToken"; writable: true },
        { name: "tokenProgram" },
        { name: "token2022" },
        { name: "associatedTokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "offerControl";
      discriminator: [30];
      accounts: [
        { name: "holder"; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "name"; writable: true },
        { name: "token"; writable: true },
        { name: "token2022" },
      ];
      args: [{ name: "to"; type: "pubkey" }];
    },
    {
      name: "acceptControl";
      discriminator: [31];
      accounts: [
        { name: "accepter"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        { name: "name"; writable: true },
        { name: "from"; writable: true },
        { name: "to"; writable: true },
        { name: "nftMint"; address: "name.mint" },
        { name: "token2022" },
        { name: "associatedTokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "withdrawOffer";
      discriminator: [32];
      accounts: [{ name: "holder"; signer: true }, { name: "name"; writable: true }, { name: "token" }];
      args: [];
    },
    {
      name: "appointDelegate";
      discriminator: [33];
      accounts: [
        { name: "holder"; writable: true; signer: true },
        { name: "name"; writable: true },
        { name: "token" },
        {
          name: "record";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [100, 101, 108, 101, 103, 97, 116, 101] },
              { kind: "account"; path: "name" },
              { kind: "arg"; path: "delegate" },
            ];
          };
        },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [
        { name: "delegate"; type: "pubkey" },
        { name: "role"; type: "u8" },
        { name: "expiresAt"; type: "u64" },
      ];
    },
    {
      name: "dismissDelegate";
      discriminator: [34];
      accounts: [
        { name: "holder"; signer: true },
        { name: "name" },
        { name: "token" },
        { name: "record"; writable: true },
      ];
      args: [];
    },
    {
      name: "closeDelegate";
      discriminator: [35];
      accounts: [
        { name: "payer"; writable: true; relations: ["record"] },
        { name: "record"; writable: true },
      ];
      args: [];
    },
    {
      name: "recordAuthority";
      discriminator: [36];
      accounts: [{ name: "name"; writable: true }, { name: "token" }];
      args: [];
    },
    {
      name: "postRoute";
      discriminator: [40];
      accounts: [
        { name: "poster"; signer: true },
        { name: "name"; writable: true },
        { name: "token" },
        { name: "record"; optional: true },
      ];
      args: [
        { name: "version"; type: "u64" },
        { name: "expiresAt"; type: "u64" },
        { name: "recordsHash"; type: { array: ["u8", 32] } },
        { name: "domain"; type: { array: ["u8", 32] } },
        { name: "signature"; type: { array: ["u8", 64] } },
      ];
    },
    {
      name: "issuePassport";
      discriminator: [50];
      accounts: [
        { name: "wallet"; writable: true; signer: true },
        { name: "config"; pda: { seeds: [{ kind: "const"; value: [110, 97, 109, 101, 115] }] } },
        {
          name: "passport";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 97, 115, 115, 112, 111, 114, 116] },
              { kind: "account"; path: "wallet" },
            ];
          };
        },
        { name: "passportMint"; writable: true },
        { name: "passportToken"; writable: true },
        { name: "token2022" },
        { name: "associatedTokenProgram" },
        { name: "systemProgram"; address: "11111111111111111111111111111111" },
      ];
      args: [];
    },
    {
      name: "setHint";
      discriminator: [51];
      accounts: [
        { name: "wallet"; signer: true },
        {
          name: "passport";
          writable: true;
          pda: {
            seeds: [
              { kind: "const"; value: [112, 97, 115, 115, 112, 111, 114, 116] },
              { kind: "account"; path: "wallet" },
            ];
          };
        },
      ];
      args: [{ name: "kind"; type: "u8" }, { name: "hint"; type: "bytes" }];
    },
  ];
  accounts: [
    { discriminator: [218, 94, 247, 242, 126, 233, 131, 81]; name: "auction" },
    { discriminator: [143, 246, 48, 245, 42, 145, 180, 88]; name: "bid" },
    { discriminator: [61, 112, 129, 128, 24, 147, 77, 87]; name: "commitment" },
    { discriminator: [92, 145, 166, 111, 11, 38, 38, 247]; name: "delegate" },
    { discriminator: [138, 96, 142, 48, 110, 26, 183, 234]; name: "name" },
    { discriminator: [105, 47, 157, 226, 21, 123, 224, 167]; name: "namesConfig" },
    { discriminator: [18, 61, 245, 239, 6, 15, 18, 34]; name: "passport" },
  ];
  types: [
    {
      name: "auction";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "state"; type: "u8" },
          { name: "reserved"; type: "u8" },
          { name: "generation"; type: "u32" },
          { name: "endsAt"; type: "u64" },
          { name: "highest"; type: "u64" },
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "highestBidder"; type: "pubkey" },
          { name: "openedBy"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "auctionChanged";
      type: {
        fields: [
          { name: "auction"; type: "pubkey" },
          { name: "state"; type: "u8" },
          { name: "highest"; type: "u64" },
          { name: "highestBidder"; type: "pubkey" },
          { name: "endsAt"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "authorityRecorded";
      type: {
        fields: [
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "authority"; type: "pubkey" },
          { name: "slot"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "bid";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 6] } },
          { name: "held"; type: "u64" },
          { name: "auction"; type: "pubkey" },
          { name: "bidder"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "bidReturned";
      type: {
        fields: [
          { name: "auction"; type: "pubkey" },
          { name: "bidder"; type: "pubkey" },
          { name: "amount"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "commitment";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 6] } },
          { name: "madeAt"; type: "u64" },
          { name: "owner"; type: "pubkey" },
          { name: "hash"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "controlChanged";
      type: {
        fields: [
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "from"; type: "pubkey" },
          { name: "to"; type: "pubkey" },
          { name: "moved"; type: "u8" },
        ];
        kind: "struct";
      };
    },
    {
      name: "delegate";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "role"; type: "u8" },
          { name: "reserved"; type: "u8" },
          { name: "generation"; type: "u32" },
          { name: "expiresAt"; type: "u64" },
          { name: "appointedSlot"; type: "u64" },
          { name: "endedSlot"; type: "u64" },
          { name: "endedAt"; type: "u64" },
          { name: "name"; type: "pubkey" },
          { name: "delegate"; type: "pubkey" },
          { name: "appointedBy"; type: "pubkey" },
          { name: "payer"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "delegateChanged";
      type: {
        fields: [
          { name: "name"; type: "pubkey" },
          { name: "delegate"; type: "pubkey" },
          { name: "expiresAt"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "name";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "normalisation"; type: "u8" },
          { name: "labelLength"; type: "u8" },
          { name: "generation"; type: "u32" },
          { name: "registeredAt"; type: "u64" },
          { name: "expiresAt"; type: "u64" },
          { name: "postedVersion"; type: "u64" },
          { name: "postedSlot"; type: "u64" },
          { name: "postedExpiresAt"; type: "u64" },
          { name: "authoritySlot"; type: "u64" },
          { name: "previousSlot"; type: "u64" },
          { name: "hash"; type: { array: ["u8", 32] } },
          { name: "mint"; type: "pubkey" },
          { name: "authority"; type: "pubkey" },
          { name: "previousAuthority"; type: "pubkey" },
          { name: "offeredTo"; type: "pubkey" },
          { name: "offeredBy"; type: "pubkey" },
          { name: "postedBy"; type: "pubkey" },
          { name: "postedHash"; type: { array: ["u8", 32] } },
          { name: "postedRecordsHash"; type: { array: ["u8", 32] } },
          { name: "postedSignature"; type: { array: [{ array: ["u8", 32] }, 2] } },
          { name: "label"; type: { array: ["u8", 64] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "nameRegistered";
      type: {
        fields: [
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "generation"; type: "u32" },
          { name: "owner"; type: "pubkey" },
          { name: "expiresAt"; type: "u64" },
          { name: "price"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "nameRenewed";
      type: {
        fields: [
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "expiresAt"; type: "u64" },
          { name: "price"; type: "u64" },
        ];
        kind: "struct";
      };
    },
    {
      name: "namesConfig";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "vaultBump"; type: "u8" },
          { name: "paused"; type: "u8" },
          { name: "incrementBps"; type: "u16" },
          { name: "reserved"; type: { array: ["u8", 2] } },
          { name: "term"; type: "u32" },
          { name: "grace"; type: "u32" },
          { name: "commitMin"; type: "u32" },
          { name: "commitMax"; type: "u32" },
          { name: "auction"; type: "u32" },
          { name: "extension"; type: "u32" },
          { name: "prices"; type: { array: ["u64", 5] } },
          { name: "authority"; type: "pubkey" },
          { name: "pendingAuthority"; type: "pubkey" },
          { name: "guardian"; type: "pubkey" },
          { name: "mint"; type: "pubkey" },
          { name: "tokenProgram"; type: "pubkey" },
          { name: "vault"; type: "pubkey" },
          { name: "treasury"; type: "pubkey" },
        ];
        kind: "struct";
      };
    },
    {
      name: "namesConfigChanged";
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
      name: "passport";
      repr: { kind: "c" };
      serialization: "bytemuck";
      type: {
        fields: [
          { name: "version"; type: "u8" },
          { name: "bump"; type: "u8" },
          { name: "hintKind"; type: "u8" },
          { name: "hintLength"; type: "u8" },
          { name: "reserved"; type: { array: ["u8", 4] } },
          { name: "wallet"; type: "pubkey" },
          { name: "mint"; type: "pubkey" },
          { name: "hint"; type: { array: [{ array: ["u8", 32] }, 5] } },
        ];
        kind: "struct";
      };
    },
    {
      name: "passportChanged";
      type: {
        fields: [{ name: "wallet"; type: "pubkey" }, { name: "hintKind"; type: "u8" }];
        kind: "struct";
      };
    },
    {
      name: "routePosted";
      type: {
        fields: [
          { name: "nameHash"; type: { array: ["u8", 32] } },
          { name: "generation"; type: "u32" },
          { name: "version"; type: "u64" },
          { name: "updateHash"; type: { array: ["u8", 32] } },
        ];
        kind: "struct";
      };
    },
  ];
  events: [
    { name: "auctionChanged"; discriminator: [185, 181, 55, 143, 12, 194, 12, 1] },
    { name: "authorityRecorded"; discriminator: [58, 155, 60, 112, 12, 72, 23, 44] },
    { name: "bidReturned"; discriminator: [25, 177, 20, 205, 242, 186, 251, 43] },
    { name: "controlChanged"; discriminator: [252, 48, 131, 177, 34, 63, 34, 33] },
    { name: "delegateChanged"; discriminator: [225, 147, 224, 43, 247, 130, 101, 91] },
    { name: "nameRegistered"; discriminator: [93, 190, 149, 226, 22, 31, 245, 68] },
    { name: "nameRenewed"; discriminator: [199, 47, 1, 165, 94, 44, 190, 245] },
    { name: "namesConfigChanged"; discriminator: [161, 123, 56, 106, 31, 44, 20, 116] },
    { name: "passportChanged"; discriminator: [78, 147, 236, 209, 56, 105, 56, 192] },
    { name: "routePosted"; discriminator: [73, 18, 250, 159, 134, 195, 159, 122] },
  ];
  errors: [
    {
      code: 6000;
      name: "paused";
      msg: "the program is paused: commitments, registrations and bids wait, everything else goes on";
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
    { code: 6030; name: "tokenAccountDelegate"; msg: "the treasury's token account may not have a delegate" },
    {
      code: 6031;
      name: "tokenAccountCloseAuthority";
      msg: "the treasury's token account may not have a close authority";
    },
    { code: 6032; name: "wrongVault"; msg: "this is not the auction vault" },
    {
      code: 6033;
      name: "tokenAccountReserved";
      msg: "this token account already has another part in the program";
    },
    { code: 6035; name: "wrongTreasury"; msg: "this is not the treasury account" },
    { code: 6040; name: "amountZero"; msg: "the amount may not be zero" },
    { code: 6041; name: "amountTooLarge"; msg: "the amount exceeds 2^56 - 1" },
    { code: 6042; name: "amountOverflow"; msg: "the sum exceeds 64 bits" },
    { code: 6120; name: "invariantBroken"; msg: "an invariant does not hold; please report this" },
    { code: 6200; name: "priceInvalid"; msg: "a price is between 1 and a hundredth of 2^56 - 1 micro-IU" },
    { code: 6201; name: "termInvalid"; msg: "a term is between a day and ten years" },
    { code: 6202; name: "nameGraceInvalid"; msg: "the grace is between a day and a year" },
    {
      code: 6203;
      name: "commitAgesInvalid";
      msg: "a commitment ripens in 1 to 3600 seconds and lives longer than that, for at most 7 days";
    },
    {
      code: 6204;
      name: "auctionTimesInvalid";
      msg: "an auction takes 60 seconds to 30 days, and its extension is no longer than that";
    },
    { code: 6205; name: "incrementInvalid"; msg: "the increment is between 1 and 10000 basis points" },
    { code: 6220; name: "labelLength"; msg: "a label has 1 to 63 bytes" },
    { code: 6221; name: "labelCharacter"; msg: "a label has no characters but a-z, 0-9 and the hyphen" },
    {
      code: 6222;
      name: "labelHyphen";
      msg: "a hyphen stands at an end, or in third and fourth place of what is no A-label";
    },
    { code: 6223; name: "nameHashMismatch"; msg: "the hash is not the label's" },
    { code: 6224; name: "labelPremium"; msg: "labels of up to four bytes are sold by auction" },
    {
      code: 6225;
      name: "labelNotPremium";
      msg: "labels of five bytes and more are registered, not sold by auction";
    },
    { code: 6240; name: "commitmentTooYoung"; msg: "the commitment is not old enough yet" },
    { code: 6241; name: "commitmentTooOld"; msg: "the commitment is too old" },
    { code: 6242; name: "commitmentLive"; msg: "the commitment may still be revealed" },
    { code: 6243; name: "nameTaken"; msg: "somebody has the name, or may still renew it" },
    { code: 6244; name: "nameExpired"; msg: "the name's time is over" },
    { code: 6245; name: "nameFree"; msg: "nobody has the name" },
    { code: 6246; name: "yearsInvalid"; msg: "at least one term" },
    { code: 6247; name: "tooFarAhead"; msg: "a name is held for at most ten years from now" },
    { code: 6248; name: "renewalTooShort"; msg: "the name would still be expired; renew for more terms" },
    { code: 6249; name: "commitmentMismatch"; msg: "the commitment is to something else" },
    { code: 6260; name: "bidTooLow"; msg: "the bid does not top the highest by the increment" },
    { code: 6261; name: "auctionOver"; msg: "the auction is over" },
    { code: 6262; name: "auctionOpen"; msg: "the auction is not over yet" },
    { code: 6263; name: "auctionExists"; msg: "an auction for this name is on" },
    { code: 6264; name: "auctionSettled"; msg: "the auction is settled" },
    { code: 6265; name: "highestBidder"; msg: "the highest bidder can't withdraw" },
    { code: 6266; name: "bidAuction"; msg: "the bid is of another auction" },
    { code: 6267; name: "bidNotWinners"; msg: "this is not the winner's bid" },
    { code: 6268; name: "auctionName"; msg: "the auction is of another name" },
    {
      code: 6269;
      name: "delegateKept";
      msg: "the record stays for eight days after the appointment is over";
    },
    { code: 6280; name: "notHolder"; msg: "only who holds the name's token may do this" },
    { code: 6281; name: "wrongNft"; msg: "this is not the token of the name's present generation" },
    { code: 6282; name: "notOffered"; msg: "control is not offered to this wallet" },
    { code: 6283; name: "offerInvalid"; msg: "control can't be offered to nobody" },
    { code: 6284; name: "delegateExpired"; msg: "the delegate's time is over" },
    { code: 6285; name: "delegateName"; msg: "the delegate is of another name" },
    {
      code: 6286;
      name: "delegateStale";
      msg: "the delegate was appointed by a former holder or for an earlier registration";
    },
    { code: 6287; name: "delegateTaken"; msg: "the delegate was appointed by somebody else; end it first" },
    { code: 6288; name: "roleUnknown"; msg: "no such role" },
    { code: 6289; name: "notAppointer"; msg: "only the holder or who appointed the delegate may dismiss it" },
    { code: 6290; name: "versionNotHigher"; msg: "the update's version must rise" },
    { code: 6291; name: "delegateWallet"; msg: "the delegate is another wallet" },
    { code: 6292; name: "updateOutlivesName"; msg: "the update may not outlive the name" },
    { code: 6293; name: "delegateEnded"; msg: "the appointment was ended" },
    { code: 6294; name: "delegatePayer"; msg: "this is not who paid the record's rent" },
    { code: 6295; name: "versionTooHigh"; msg: "the update's version is above the milliseconds since 1970" },
    { code: 6300; name: "hintKind"; msg: "no such kind of hint" },
    { code: 6301; name: "hintLength"; msg: "a hint has 1 to 160 bytes, and kind 0 none" },
    { code: 6302; name: "passportExists"; msg: "the wallet has a passport" },
    { code: 6303; name: "wrongToken2022"; msg: "this is not the Token-2022 program" },
    { code: 6304; name: "wrongAssociated"; msg: "this is not the associated token program" },
    { code: 6305; name: "wrongMintAddress"; msg: "this is not the address of the token's mint" },
  ];
};
