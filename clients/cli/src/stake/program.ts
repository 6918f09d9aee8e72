import { formatAddress, fromBase58, type Signer, toAddress } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  createStakeDeployment,
  decodeNode,
  decodeOperator,
  decodeStakeConfig,
  decodeStakeFailure,
  deriveOperator,
  deriveStakeConfig,
  type Instruction,
  type Operator,
  type OperatorNode,
  STAKE_PROGRAM_ID,
  type StakeConfig,
  type StakeDeployment,
  WeightTree,
} from "@tolldns/sdk/stake";
import { CliError } from "../errors.ts";
import type { Rpc } from "../wallet/rpc.ts";

/** The stake program of a chain. */
export interface StakeProgram {
  readonly deployment: StakeDeployment;
  readonly config: StakeConfig;
}

/** Everything a command on stake works with. */
export interface StakeSession {
  readonly rpc: Rpc;
  readonly stake: StakeProgram;
  readonly signer: Signer;
}

/** Reads from the chain where stake lives and on which terms. @throws CliError chain-refused when the program isn't there */
export async function findStake(rpc: Rpc, program: string | undefined): Promise<StakeProgram> {
  const stake = toAddress(program ?? STAKE_PROGRAM_ID);
  const account = await rpc.readAccount(deriveStakeConfig(stake).address);
  if (account === null)
    throw new CliError(
      "chain-refused",
      `the stake program ${formatAddress(stake)} is not initialised on the chain of ${rpc.url}`,
      "Name the right RPC with --rpc or the program with --stake-program.",
    );
  const config = decodeStakeConfig(account.data);
  const { mint, tokenProgram, treasury } = config;
  return { deployment: createStakeDeployment({ stake, mint, tokenProgram, treasury }), config };
}

/** Signs with the wallet, sends and waits. @returns the signature. @throws TollError of the stake program */
export function sendStake(
  { rpc, stake, signer }: StakeSession,
  instructions: readonly Instruction[],
): Promise<string> {
  const { stake: address } = stake.deployment;
  return rpc.send(instructions, [signer], (err, logs) => decodeStakeFailure(err, address, logs));
}

/** An operator and where its account is. */
export interface FoundOperator {
  readonly address: Uint8Array;
  readonly operator: Operator;
}

export async function readOperator(
  rpc: Rpc,
  { deployment }: StakeProgram,
  owner: Uint8Array,
): Promise<FoundOperator | null> {
  const { address } = deriveOperator(deployment.stake, owner);
  const account = await rpc.readAccount(address);
  return account === null ? null : { address, operator: decodeOperator(account.data) };
}

/** @throws CliError operator-missing */
export async function requireOperator(
  rpc: Rpc,
  stake: StakeProgram,
  owner: Uint8Array,
): Promise<FoundOperator> {
  const found = await readOperator(rpc, stake, owner);
  if (found !== null) return found;
  throw new CliError(
    "operator-missing",
    `${formatAddress(owner)} is no operator`,
    "`tolldns stake operator register` makes this wallet one; --operator names another.",
  );
}

/** All operators, in no order. */
export async function readOperators(rpc: Rpc, { deployment }: StakeProgram): Promise<FoundOperator[]> {
  const rows = await rpc.readProgramAccounts(
    deployment.stake,
    Uint8Array.from(ACCOUNT_DISCRIMINATORS.Operator),
  );
  return rows.map(({ address, data }) => ({ address: fromBase58(address), operator: decodeOperator(data) }));
}

/** Where a Node has the address of its operator. */
const NODE_OPERATOR = 24;

/** Machines of an operator, or of all, by number. */
export async function readNodes(
  rpc: Rpc,
  { deployment }: StakeProgram,
  operator?: Uint8Array,
): Promise<OperatorNode[]> {
  const rows = await rpc.readProgramAccounts(
    deployment.stake,
    Uint8Array.from(ACCOUNT_DISCRIMINATORS.Node),
    operator && { offset: NODE_OPERATOR, bytes: operator },
  );
  return rows.map(({ data }) => decodeNode(data)).sort((a, b) => a.number - b.number);
}

/** The proof that a change of an operator's weight takes along. Made from all operators as they are now. */
export async function proveSync(
  rpc: Rpc,
  stake: StakeProgram,
  { operator }: FoundOperator,
): Promise<Uint8Array> {
  return WeightTree.of(await readOperators(rpc, stake)).proveSync(operator.listed?.index);
}
