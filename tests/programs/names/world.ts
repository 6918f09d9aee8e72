import { readFileSync } from "node:fs";
import { type Address, type Signer, TOKEN_PROGRAM } from "@tolldns/sdk";
import * as names from "@tolldns/sdk/names";
import { createSignerNode } from "@tolldns/sdk/node";
import { signUpdate } from "@tolldns/sdk/routes";
import { deployProgram } from "../world/deploy.ts";
import { addressOf, keyOf } from "../world/keys.ts";
import { Machine, type Outcome } from "../world/machine.ts";
import { PAYER, ProgramWorld, snapshots } from "../world/sending.ts";
import { plantMint, plantTokenAccount, tokensOf } from "../world/tokens.ts";

const artifacts = new URL("../../../programs/artifacts/", import.meta.url);
export const NAMES_BYTES = new Uint8Array(readFileSync(new URL("names.so", artifacts)));
const keypair = JSON.parse(readFileSync(new URL("names-dev-keypair.json", artifacts), "utf8")) as number[];
export const NAMES_KEY: Signer = createSignerNode(Uint8Array.from(keypair).subarray(0, 32));

/** Unix seconds at which every world begins: 2026-11-21 12:00 UTC. */
export const NOON = 1_795_262_400n;
export const DAY = 86_400;
export const TERMS: names.NamesTerms = {
  prices: [50_000_000n, 40_000_000n, 30_000_000n, 20_000_000n, 5_000_000n],
  term: 365 * DAY,
  grace: 30 * DAY,
  commitMin: 60,
  commitMax: DAY,
  auction: 3 * DAY,
  extension: 600,
  incrementBps: 500,
};
/** What each wallet has at first, micro-IU. */
export const POCKET = 1_000_000_000n;
export const SECRET = addressOf("secret");
/** The cluster's domain, which every signed update contains. */
export const DOMAIN = addressOf("domain");

export const PARTIES = {
  authority: keyOf("deployer"),
  guardian: keyOf("guardian"),
  alice: keyOf("alice"),
  bob: keyOf("bob"),
  carol: keyOf("carol"),
  stranger: keyOf("stranger"),
} as const;
const mint = addressOf("mint");

/** The names program on a machine. */
export class NamesWorld extends ProgramWorld {
  readonly deployment: names.NamesDeployment;
  readonly treasury: Address = addressOf("treasury tokens");

  constructor(machine: Machine, tokenProgram: string) {
    super(machine);
    const { treasury } = this;
    this.deployment = names.createNamesDeployment({
      names: NAMES_KEY.publicKey,
      mint,
      tokenProgram,
      treasury,
    });
  }

  get config(): Address {
    return names.deriveNamesConfig(this.deployment.names).address;
  }
  get vault(): Address {
    return names.deriveAuctionVault(this.deployment.names).address;
  }

  /** A wallet's token account of Index Units. */
  tokens(owner: Signer): Address {
    const name = `tokens of ${Buffer.from(owner.publicKey).toString("hex")}`;
    return once(name, () => addressOf(name));
  }
  purse(owner: Signer): bigint {
    return tokensOf(this.machine, this.tokens(owner));
  }
  vaultTokens(): bigint {
    return tokensOf(this.machine, this.vault);
  }
  treasuryTokens(): bigint {
    return tokensOf(this.machine, this.treasury);
  }

  name(label: string): names.Name {
    return names.decodeName(this.machine.data(names.deriveName(this.deployment.names, label).address));
  }
  auction(label: string, generation = 1): names.Auction {
    return names.decodeAuction(
      this.machine.data(names.deriveAuction(this.deployment.names, label, generation).address),
    );
  }
  /** micro-IU held for a bidder; 0 without a Bid. */
  held(label: string, bidder: Signer, generation = 1): bigint {
    const address = once(`bid ${label} ${generation} ${String(bidder.publicKey)}`, () => {
      const auction = names.deriveAuction(this.deployment.names, label, generation).address;
      return names.deriveBid(this.deployment.names, auction, bidder.publicKey).address;
    });
    const account = this.machine.account(address);
    return account === undefined ? 0n : names.decodeBid(account.data).held;
  }
  /** Does the wallet's associated account have the name's token? */
  holds(owner: Signer, label: string, generation = 1): boolean {
    const holding = once(`holding ${label} ${generation} ${String(owner.publicKey)}`, () => {
      const nft = names.deriveNft(this.deployment.names, label, generation).address;
      return names.deriveHolding(owner.publicKey, nft).address;
    });
    return tokensOf(this.machine, holding) === 1n;
  }

  commitOf(owner: Signer, label: string): names.Instruction {
    const hash = names.hashCommitment(names.hashName(label), owner.publicKey, SECRET);
    return names.commit({ deployment: this.deployment, owner: owner.publicKey, hash });
  }
  registerOf(owner: Signer, label: string, years = 1, generation = 1): names.Instruction {
    const { deployment } = this;
    const source = this.tokens(owner);
    return names.register({
      deployment,
      owner: owner.publicKey,
      label,
      generation,
      source,
      secret: SECRET,
      years,
    });
  }
  /** Commits, waits and registers. */
  register(owner: Signer, label: string, years = 1, generation = 1): Outcome {
    this.must(this.commitOf(owner, label), [owner]);
    this.pass(TERMS.commitMin);
    return this.must(this.registerOf(owner, label, years, generation), [owner]);
  }
  openOf(bidder: Signer, label: string, amount: bigint, generation = 1): names.Instruction {
    const { deployment } = this;
    return names.openAuction({
      deployment,
      bidder: bidder.publicKey,
      label,
      generation,
      source: this.tokens(bidder),
      amount,
    });
  }
  bidOf(bidder: Signer, label: string, amount: bigint, generation = 1): names.Instruction {
    const { deployment } = this;
    return names.bid({
      deployment,
      bidder: bidder.publicKey,
      label,
      generation,
      source: this.tokens(bidder),
      amount,
    });
  }
  withdrawOf(bidder: Signer, label: string, generation = 1): names.Instruction {
    const { deployment } = this;
    return names.withdrawBid({
      deployment,
      bidder: bidder.publicKey,
      label,
      generation,
      destination: this.tokens(bidder),
    });
  }
  delegate(label: string, delegate: Signer): names.Delegate {
    const { address } = names.deriveDelegate(this.deployment.names, label, delegate.publicKey);
    return names.decodeDelegate(this.machine.data(address));
  }
  /** Posts a signed update: by the holder, or by `poster` as its delegate. Expires with the name if not told. */
  postOf(
    holder: Signer,
    label: string,
    version: bigint,
    given: { poster?: Signer; generation?: number; expiresAt?: bigint } = {},
  ): names.Instruction {
    const { poster, generation = 1, expiresAt = this.name(label).expiresAt } = given;
    const recordsHash = addressOf(`records ${version}`);
    const update = { nameHash: names.hashName(label), generation, version, expiresAt, recordsHash };
    return names.postRoute({
      deployment: this.deployment,
      label,
      generation,
      holder: holder.publicKey,
      ...(poster === undefined ? {} : { poster: poster.publicKey }),
      version,
      expiresAt,
      recordsHash,
      domain: DOMAIN,
      signature: signUpdate(update, DOMAIN, poster ?? holder).signature,
    });
  }
  settleOf(payer: Signer, winner: Signer, label: string, generation = 1): names.Instruction {
    const { deployment } = this;
    return names.settleAuction({
      deployment,
      payer: payer.publicKey,
      winner: winner.publicKey,
      label,
      generation,
    });
  }
}

const derived = new Map<string, Address>();
/** Addresses that random sequences ask for after every step; deriving one takes longer than a step. */
function once(key: string, derive: () => Address): Address {
  const known = derived.get(key) ?? derive();
  derived.set(key, known);
  return known;
}

const snapshot = snapshots();

/** Deployed, wallets funded, nothing initialised. */
export function deployedNames(tokenProgram: string = TOKEN_PROGRAM): NamesWorld {
  const machine = snapshot(`deployed ${tokenProgram}`, () => {
    const fresh = new Machine(PAYER);
    fresh.setTime(NOON);
    deployProgram(fresh, NAMES_KEY, NAMES_BYTES, PARTIES.authority);
    const world = new NamesWorld(fresh, tokenProgram);
    plantMint(fresh, mint, { program: tokenProgram });
    plantTokenAccount(fresh, world.treasury, mint, addressOf("treasury"), { program: tokenProgram });
    for (const owner of Object.values(PARTIES)) {
      fresh.airdrop(owner.publicKey, 100_000_000_000n);
      plantTokenAccount(fresh, world.tokens(owner), mint, owner.publicKey, {
        amount: POCKET,
        program: tokenProgram,
      });
    }
    return fresh;
  });
  return new NamesWorld(machine, tokenProgram);
}

export function initializeOf(world: NamesWorld, authority: Signer = PARTIES.authority): names.Instruction {
  const { deployment } = world;
  const guardian = PARTIES.guardian.publicKey;
  return names.initialize({ deployment, authority: authority.publicKey, terms: TERMS, guardian });
}

/** Initialised as well. */
export function openNames(tokenProgram: string = TOKEN_PROGRAM): NamesWorld {
  const machine = snapshot(`open ${tokenProgram}`, () => {
    const world = deployedNames(tokenProgram);
    world.must(initializeOf(world), [PARTIES.authority]);
    return world.machine;
  });
  return new NamesWorld(machine, tokenProgram);
}

/** Labels of `busyNames`. */
export const LABEL = "example";
export const PREMIUM = "abc";

/** Alice has `example`, and `abc` is up for auction with a first bid of Bob's, topped by Carol's. */
export function busyNames(tokenProgram: string = TOKEN_PROGRAM): NamesWorld {
  const machine = snapshot(`busy ${tokenProgram}`, () => {
    const world = openNames(tokenProgram);
    world.register(PARTIES.alice, LABEL);
    world.must(world.openOf(PARTIES.bob, PREMIUM, 30_000_000n), [PARTIES.bob]);
    world.must(world.bidOf(PARTIES.carol, PREMIUM, 40_000_000n), [PARTIES.carol]);
    return world.machine;
  });
  return new NamesWorld(machine, tokenProgram);
}

/** The mint of Index Units, which every world plants. */
export const MINT = mint;
