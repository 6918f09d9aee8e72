import {
  type Address,
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  deriveProgramData,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
} from "../address.ts";
import { checkBytes } from "../bytes.ts";
import { hash, tail, u8, u64 } from "../encode.ts";
import { type AccountMeta, type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import {
  deriveAuction,
  deriveAuctionVault,
  deriveBid,
  deriveCommitment,
  deriveDelegate,
  deriveHolding,
  deriveName,
  deriveNamesConfig,
  deriveNft,
  derivePassport,
  derivePassportMint,
  type NamesDeployment,
} from "./address.ts";
import {
  address,
  amount,
  encode,
  encodeLabel,
  encodeTerms,
  HINT_KINDS,
  type HintKind,
  type NamesTerms,
  ROLE_ROUTES,
} from "./data.ts";
import { hashCommitment, hashName } from "./hash.ts";

interface Deployed {
  readonly deployment: NamesDeployment;
}
interface Labelled extends Deployed {
  /** Normalised, without `.dns`; see normalizeLabel. */
  readonly label: string;
}
interface Generation extends Labelled {
  /** Of the NFT or auction; read it from the Name. */
  readonly generation: number;
}

const make = (deployment: NamesDeployment, accounts: AccountMeta[], data: Uint8Array): Instruction => ({
  program: deployment.names,
  accounts,
  data,
});
const config = ({ names }: NamesDeployment): Address => deriveNamesConfig(names).address;
const vault = ({ names }: NamesDeployment): Address => deriveAuctionVault(names).address;
const TOKENS = [TOKEN_2022_PROGRAM, ASSOCIATED_TOKEN_PROGRAM, SYSTEM_PROGRAM];

/** Creates NamesConfig and the auction vault, once; by the program's upgrade authority. @throws amount errors, integer-range, address-invalid */
export function initialize(
  input: Deployed & {
    readonly authority: AddressLike;
    readonly terms: NamesTerms;
    readonly guardian: AddressLike;
  },
): Instruction {
  const { deployment, authority, terms, guardian } = input;
  return make(
    deployment,
    [
      paying(authority),
      writable(config(deployment)),
      writable(vault(deployment)),
      readonly(deployment.mint),
      readonly(deployment.treasury),
      readonly(deriveProgramData(deployment.names).address),
      readonly(deployment.tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("initialize", encodeTerms(terms), address(guardian)),
  );
}

const administer = (deployment: NamesDeployment, authority: AddressLike, data: Uint8Array): Instruction =>
  make(deployment, [writable(config(deployment)), signing(authority)], data);

/** Proposes the next authority; it must accept. @throws address-invalid */
export function proposeAuthority(
  input: Deployed & { readonly authority: AddressLike; readonly newAuthority: AddressLike },
): Instruction {
  return administer(
    input.deployment,
    input.authority,
    encode("proposeAuthority", address(input.newAuthority)),
  );
}

/** The proposed authority takes over. @throws address-invalid */
export function acceptAuthority(input: Deployed & { readonly pendingAuthority: AddressLike }): Instruction {
  return administer(input.deployment, input.pendingAuthority, encode("acceptAuthority"));
}

/** Names who may pause. @throws address-invalid */
export function setGuardian(
  input: Deployed & { readonly authority: AddressLike; readonly guardian: AddressLike },
): Instruction {
  return administer(input.deployment, input.authority, encode("setGuardian", address(input.guardian)));
}

/** Stops commitments, registrations and bids, or lets them in again. @throws address-invalid */
export function setPaused(
  input: Deployed & { readonly signer: AddressLike; readonly paused: boolean },
): Instruction {
  return administer(input.deployment, input.signer, encode("setPaused", u8(input.paused ? 1 : 0, "paused")));
}

/** Sets prices and times. @throws amount errors, integer-range, address-invalid */
export function setTerms(
  input: Deployed & { readonly authority: AddressLike; readonly terms: NamesTerms },
): Instruction {
  return administer(input.deployment, input.authority, encode("setTerms", encodeTerms(input.terms)));
}

/** Names the treasury's token account. @throws address-invalid */
export function setTreasury(
  input: Deployed & { readonly authority: AddressLike; readonly treasury: AddressLike },
): Instruction {
  const { deployment, authority, treasury } = input;
  const accounts = [writable(config(deployment)), signing(authority), readonly(treasury)];
  return make(deployment, accounts, encode("setTreasury"));
}

/** Promises to register a name; the hash is `hashCommitment`'s. @throws address-invalid, bytes-length */
export function commit(
  input: Deployed & { readonly owner: AddressLike; readonly hash: Uint8Array },
): Instruction {
  const { deployment, owner } = input;
  return make(
    deployment,
    [
      paying(owner),
      readonly(config(deployment)),
      writable(deriveCommitment(deployment.names, owner, input.hash).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("commit", hash(input.hash, "hash")),
  );
}

/** Takes back a commitment that is too old to reveal. @throws address-invalid, bytes-length */
export function cancelCommitment(
  input: Deployed & { readonly owner: AddressLike; readonly hash: Uint8Array },
): Instruction {
  const { deployment, owner } = input;
  const commitment = deriveCommitment(deployment.names, owner, input.hash).address;
  return make(
    deployment,
    [paying(owner), readonly(config(deployment)), writable(commitment)],
    encode("cancelCommitment"),
  );
}

/** Reveals a commitment and registers a name of 5 bytes or more for `years` terms; `generation` is the Name's plus 1, or 1. @throws label-invalid, integer-range, address-invalid */
export function register(
  input: Generation & {
    readonly owner: AddressLike;
    readonly source: AddressLike;
    readonly secret: Uint8Array;
    readonly years: number;
  },
): Instruction {
  const { deployment, label, generation, owner, source, secret, years } = input;
  const { names, treasury, tokenProgram } = deployment;
  const commitment = deriveCommitment(names, owner, hashCommitment(hashName(label), owner, secret)).address;
  const nft = deriveNft(names, label, generation).address;
  return make(
    deployment,
    [
      paying(owner),
      readonly(config(deployment)),
      writable(commitment),
      writable(deriveName(names, label).address),
      writable(source),
      writable(treasury),
      writable(nft),
      writable(deriveHolding(owner, nft).address),
      readonly(tokenProgram),
      ...TOKENS.map(readonly),
    ],
    encodeLabel("register", label, secret, u8(years, "years")),
  );
}

/** Pays for `years` more terms of any name. @throws label-invalid, integer-range, address-invalid */
export function renew(
  input: Labelled & { readonly payer: AddressLike; readonly source: AddressLike; readonly years: number },
): Instruction {
  const { deployment, label, payer, source, years } = input;
  return make(
    deployment,
    [
      signing(payer),
      readonly(config(deployment)),
      writable(deriveName(deployment.names, label).address),
      writable(source),
      writable(deployment.treasury),
      readonly(deployment.tokenProgram),
    ],
    encode("renew", u8(years, "years")),
  );
}

/** Puts a label of 1 to 4 bytes up for auction with a first bid of `amount` micro-IU. @throws label-invalid, amount errors, address-invalid */
export function openAuction(
  input: Generation & { readonly bidder: AddressLike; readonly source: AddressLike; readonly amount: bigint },
): Instruction {
  const { deployment, label, generation, bidder, source } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      writable(deriveName(names, label).address),
      writable(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(source),
      writable(vault(deployment)),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encodeLabel("openAuction", label, amount(input.amount)),
  );
}

/** Bids `amount` micro-IU in all; only what is missing to it is paid. @throws label-invalid, amount errors, address-invalid */
export function bid(
  input: Generation & { readonly bidder: AddressLike; readonly source: AddressLike; readonly amount: bigint },
): Instruction {
  const { deployment, label, generation, bidder, source } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      writable(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(source),
      writable(vault(deployment)),
      readonly(tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("bid", amount(input.amount)),
  );
}

/** Takes a losing bid back to the token account `destination`. @throws label-invalid, address-invalid */
export function withdrawBid(
  input: Generation & { readonly bidder: AddressLike; readonly destination: AddressLike },
): Instruction {
  const { deployment, label, generation, bidder, destination } = input;
  const { names, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  return make(
    deployment,
    [
      paying(bidder),
      readonly(config(deployment)),
      readonly(auction),
      writable(deriveBid(names, auction, bidder).address),
      writable(vault(deployment)),
      writable(destination),
      readonly(tokenProgram),
    ],
    encode("withdrawBid"),
  );
}

/** Ends an auction; anyone may. @throws label-invalid, address-invalid */
export function settleAuction(
  input: Generation & { readonly payer: AddressLike; readonly winner: AddressLike },
): Instruction {
  const { deployment, label, generation, payer, winner } = input;
  const { names, treasury, tokenProgram } = deployment;
  const auction = deriveAuction(names, label, generation).address;
  const nft = deriveNft(names, label, generation).address;
  return make(
    deployment,
    [
      paying(payer),
      readonly(config(deployment)),
      writable(deriveName(names, label).address),
      writable(auction),
      writable(deriveBid(names, auction, winner).address),
      readonly(winner),
      writable(vault(deployment)),
      writable(treasury),
      writable(nft),
      writable(deriveHolding(winner, nft).address),
      readonly(tokenProgram),
      ...TOKENS.map(readonly),
    ],
    encode("settleAuction"),
  );
}

interface Held extends Generation {
  readonly holder: AddressLike;
}
const nameOf = ({ deployment, label }: Labelled): Address => deriveName(deployment.names, label).address;
const holdingOf = ({ deployment, label, generation }: Generation, holder: AddressLike): Address =>
  deriveHolding(holder, deriveNft(deployment.names, label, generation).address).address;

/** Offers a name to a wallet, which must accept. The token is taken to lie in the holder's associated account, as in all that follows. @throws label-invalid, address-invalid */
export function offerControl(input: Held & { readonly to: AddressLike }): Instruction {
  const { deployment, holder, to } = input;
  return make(
    deployment,
    [
      signing(holder),
      readonly(config(deployment)),
      writable(nameOf(input)),
      writable(holdingOf(input, holder)),
      readonly(TOKEN_2022_PROGRAM),
    ],
    encode("offerControl", address(to)),
  );
}

/** Accepts a name that `holder` offered. @throws label-invalid, address-invalid */
export function acceptControl(input: Held & { readonly accepter: AddressLike }): Instruction {
  const { deployment, label, generation, holder, accepter } = input;
  return make(
    deployment,
    [
      paying(accepter),
      readonly(config(deployment)),
      writable(nameOf(input)),
      writable(holdingOf(input, holder)),
      writable(holdingOf(input, accepter)),
      readonly(deriveNft(deployment.names, label, generation).address),
      ...TOKENS.map(readonly),
    ],
    encode("acceptControl"),
  );
}

/** Takes an offer back. @throws label-invalid, address-invalid */
export function withdrawOffer(input: Held): Instruction {
  const accounts = [signing(input.holder), writable(nameOf(input)), readonly(holdingOf(input, input.holder))];
  return make(input.deployment, accounts, encode("withdrawOffer"));
}

/** Lets a wallet sign routes for the holder until `expiresAt`, Unix seconds. @throws label-invalid, address-invalid */
export function appointDelegate(
  input: Held & { readonly delegate: AddressLike; readonly expiresAt: bigint },
): Instruction {
  const { deployment, label, holder, delegate, expiresAt } = input;
  return make(
    deployment,
    [
      paying(holder),
      writable(nameOf(input)),
      readonly(holdingOf(input, holder)),
      writable(deriveDelegate(deployment.names, label, delegate).address),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("appointDelegate", address(delegate), u8(ROLE_ROUTES, "role"), u64(expiresAt, "expiresAt")),
  );
}

/** Ends an appointment. Its record stays for DELEGATE_TOMBSTONE. @throws label-invalid, address-invalid */
export function dismissDelegate(input: Held & { readonly delegate: AddressLike }): Instruction {
  const { deployment, label, holder, delegate } = input;
  return make(
    deployment,
    [
      signing(holder),
      readonly(nameOf(input)),
      readonly(holdingOf(input, holder)),
      writable(deriveDelegate(deployment.names, label, delegate).address),
    ],
    encode("dismissDelegate"),
  );
}

/** Returns the rent of a record whose appointment is long over to who paid it (see the Delegate). Anyone may. @throws label-invalid, address-invalid */
export function closeDelegate(
  input: Labelled & { readonly delegate: AddressLike; readonly payer: AddressLike },
): Instruction {
  const { deployment, label, delegate, payer } = input;
  const record = deriveDelegate(deployment.names, label, delegate).address;
  return make(deployment, [writable(payer), writable(record)], encode("closeDelegate"));
}

/**
 * Records who holds a name now as who signs its routes, after the token was moved by an ordinary wallet. Anyone may.
 * @throws label-invalid, address-invalid
 */
export function recordAuthority(input: Held): Instruction {
  const accounts = [writable(nameOf(input)), readonly(holdingOf(input, input.holder))];
  return make(input.deployment, accounts, encode("recordAuthority"));
}

/** What is posted of a signed route update; its name and generation are the account's. */
export interface Posting {
  readonly version: bigint;
  /** Unix seconds; not after the name's own. */
  readonly expiresAt: bigint;
  readonly recordsHash: Uint8Array;
  /** Of the cluster's epochs; from QuorumConfig. */
  readonly domain: Uint8Array;
  /** By the poster, over the update; see signUpdate in `@tolldns/sdk/routes`. The program does not check it. */
  readonly signature: Uint8Array;
}

/** Posts a signed route update, as holder or, with `poster`, as a delegate of theirs. @throws label-invalid, address-invalid, bytes-length */
export function postRoute(input: Held & Posting & { readonly poster?: AddressLike }): Instruction {
  const { deployment, label, holder, poster, version, expiresAt, recordsHash, domain, signature } = input;
  const { names } = deployment;
  return make(
    deployment,
    [
      signing(poster ?? holder),
      writable(nameOf(input)),
      readonly(holdingOf(input, holder)),
      readonly(poster === undefined ? names : deriveDelegate(names, label, poster).address),
    ],
    encode(
      "postRoute",
      u64(version, "version"),
      u64(expiresAt, "expiresAt"),
      hash(recordsHash, "recordsHash"),
      hash(domain, "domain"),
      checkBytes(signature, 64, "signature"),
    ),
  );
}

/** Gives a wallet its one passport. @throws address-invalid */
export function issuePassport(input: Deployed & { readonly wallet: AddressLike }): Instruction {
  const { deployment, wallet } = input;
  const mint = derivePassportMint(deployment.names, wallet).address;
  return make(
    deployment,
    [
      paying(wallet),
      readonly(config(deployment)),
      writable(derivePassport(deployment.names, wallet).address),
      writable(mint),
      writable(deriveHolding(wallet, mint).address),
      ...TOKENS.map(readonly),
    ],
    encode("issuePassport"),
  );
}

/** Sets the passport's `dyndns_hint`, at most 160 bytes; kind "none" and no bytes clear it. @throws address-invalid */
export function setHint(
  input: Deployed & { readonly wallet: AddressLike; readonly kind: HintKind; readonly hint: Uint8Array },
): Instruction {
  const { deployment, wallet, kind, hint } = input;
  const accounts = [signing(wallet), writable(derivePassport(deployment.names, wallet).address)];
  return make(deployment, accounts, encode("setHint", u8(HINT_KINDS.indexOf(kind), "kind"), tail(hint)));
}
