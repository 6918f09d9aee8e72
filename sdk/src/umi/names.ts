/** The names program for Metaplex Umi: a plugin, builders and readers. */
import {
  type Context,
  type Program,
  ProgramError,
  publicKey,
  type Signer,
  type TransactionBuilder,
  type Umi,
  type UmiPlugin,
} from "@metaplex-foundation/umi";
import { type AddressLike, formatAddress } from "../address.ts";
import { PROGRAM_ERRORS } from "../generated/names.ts";
import type { Instruction } from "../instruction.ts";
import { decodeAuction, decodeName, decodeNamesConfig, decodePassport } from "../names/account.ts";
import {
  deriveAuction,
  deriveName,
  deriveNamesConfig,
  derivePassport,
  type NamesDeployment,
} from "../names/address.ts";
import * as names from "../names/builders.ts";
import { namesError } from "../names/failure.ts";
import * as transfers from "../names/transfer.ts";
import { toTransactionBuilder } from "./builders.ts";

/** What the builders and readers here need of a Umi instance. */
export type NamesContext<Parts extends keyof Context = never> = Pick<Context, Parts> & {
  readonly tolldnsNames: NamesDeployment;
};

/** Registers the program with its errors, and keeps the deployment as `umi.tolldnsNames`. */
export function tolldnsNames(deployment: NamesDeployment): UmiPlugin {
  return {
    install(umi) {
      umi.programs.add(createNamesProgram(deployment), false);
      Object.assign(umi, { tolldnsNames: deployment });
    },
  };
}

/** Installs the plugin and returns the same instance with its type widened. */
export function withTolldnsNames<T extends Umi>(umi: T, deployment: NamesDeployment): T & NamesContext {
  umi.use(tolldnsNames(deployment));
  return umi as T & NamesContext;
}

/** The program as Umi knows programs. */
export function createNamesProgram(deployment: NamesDeployment): Program {
  const program: Program = {
    name: "tolldnsNames",
    publicKey: publicKey(deployment.names),
    getErrorFromCode: (code, cause) => {
      const error = namesError(code);
      return error === undefined
        ? null
        : new ProgramError(`${error.message}. ${error.hint}`, program, cause ?? error);
    },
    getErrorFromName: (name, cause) => {
      const found = Object.entries(PROGRAM_ERRORS).find(([, [known]]) => known === name);
      return found === undefined ? null : program.getErrorFromCode(Number(found[0]), cause);
    },
    isOnCluster: () => true,
  };
  return program;
}

type Deployed = { readonly deployment: NamesDeployment };

/** As in `@tolldns/sdk/names`, without the deployment, and with a Umi signer for who signs: Umi's identity if left out. */
export type NamesInput<Input, Signing extends keyof Input> = Omit<Input, Signing | "deployment"> & {
  readonly [Key in Signing]?: Signer;
};

function lift<Input extends Deployed, const Signing extends keyof Input & string>(
  build: (input: Input) => Instruction | readonly Instruction[],
  signing: Signing,
) {
  return (context: NamesContext<"identity">, input: NamesInput<Input, Signing>): TransactionBuilder => {
    const given = input as Readonly<Record<string, unknown>>;
    const signer = (given[signing] as Signer | undefined) ?? context.identity;
    const deployment = context.tolldnsNames;
    // The types above make this whole: `Input` is the given fields, the signer's address and the deployment.
    const built = build({ ...given, [signing]: signer.publicKey, deployment } as unknown as Input);
    const list = Array.isArray(built) ? (built as readonly Instruction[]) : [built as Instruction];
    return list
      .map((instruction) => toTransactionBuilder(instruction, [signer]))
      .reduce((whole, part) => whole.add(part));
  };
}

/** Each is the function of the same name in `@tolldns/sdk/names`, returning a Umi TransactionBuilder. */
export const commit = /* #__PURE__ */ lift(names.commit, "owner");
export const cancelCommitment = /* #__PURE__ */ lift(names.cancelCommitment, "owner");
export const register = /* #__PURE__ */ lift(names.register, "owner");
export const renew = /* #__PURE__ */ lift(names.renew, "payer");
export const openAuction = /* #__PURE__ */ lift(names.openAuction, "bidder");
export const bid = /* #__PURE__ */ lift(names.bid, "bidder");
export const withdrawBid = /* #__PURE__ */ lift(names.withdrawBid, "bidder");
export const settleAuction = /* #__PURE__ */ lift(names.settleAuction, "payer");
export const transferName = /* #__PURE__ */ lift(transfers.transferName, "holder");
export const offerControl = /* #__PURE__ */ lift(names.offerControl, "holder");
export const acceptControl = /* #__PURE__ */ lift(names.acceptControl, "accepter");
export const withdrawOffer = /* #__PURE__ */ lift(names.withdrawOffer, "holder");
export const appointDelegate = /* #__PURE__ */ lift(names.appointDelegate, "holder");
export const dismissDelegate = /* #__PURE__ */ lift(names.dismissDelegate, "holder");
/** Anyone may send these two; Umi's identity pays the fee. */
export const closeDelegate = (
  context: NamesContext,
  input: Omit<Parameters<typeof names.closeDelegate>[0], "deployment">,
) => toTransactionBuilder(names.closeDelegate({ ...input, deployment: context.tolldnsNames }), []);
export const recordAuthority = (
  context: NamesContext,
  input: Omit<Parameters<typeof names.recordAuthority>[0], "deployment">,
) => toTransactionBuilder(names.recordAuthority({ ...input, deployment: context.tolldnsNames }), []);
export const issuePassport = /* #__PURE__ */ lift(names.issuePassport, "wallet");
export const setHint = /* #__PURE__ */ lift(names.setHint, "wallet");

async function read<T>(
  context: NamesContext<"rpc">,
  address: AddressLike,
  decode: (data: Uint8Array) => T,
): Promise<T | undefined> {
  const account = await context.rpc.getAccount(publicKey(formatAddress(address)));
  return account.exists ? decode(account.data) : undefined;
}

/** Each reads one account, or undefined if there is none. @throws reader errors */
export const fetchNamesConfig = (context: NamesContext<"rpc">) =>
  read(context, deriveNamesConfig(context.tolldnsNames.names).address, decodeNamesConfig);
export const fetchName = (context: NamesContext<"rpc">, label: string) =>
  read(context, deriveName(context.tolldnsNames.names, label).address, decodeName);
export const fetchAuction = (context: NamesContext<"rpc">, label: string, generation: number) =>
  read(context, deriveAuction(context.tolldnsNames.names, label, generation).address, decodeAuction);
export const fetchPassport = (context: NamesContext<"rpc">, wallet: AddressLike) =>
  read(context, derivePassport(context.tolldnsNames.names, wallet).address, decodePassport);
