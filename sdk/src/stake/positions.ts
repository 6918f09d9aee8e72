import { type Address, type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { tail, u8, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, writable } from "../instruction.ts";
import { deriveExit, deriveOperator, derivePosition } from "./address.ts";
import { encode } from "./data.ts";
import { config, type Deployed, make, tree, vault } from "./parts.ts";

interface Staking extends Deployed {
  /** The operator's cold key. */
  readonly owner: AddressLike;
  readonly staker: AddressLike;
}
interface Exiting extends Staking {
  /** Of the Exit. */
  readonly number: number;
}

const operatorOf = ({ deployment, owner }: Staking): Address =>
  deriveOperator(deployment.stake, owner).address;
const positionOf = (input: Staking): Address =>
  derivePosition(input.deployment.stake, operatorOf(input), input.staker).address;
const exitOf = (input: Exiting): Address =>
  deriveExit(input.deployment.stake, positionOf(input), input.number).address;

/** Stakes `amount` base units of the native token from `source` with an operator; tiers 0 to 3. @throws integer-range, address-invalid */
export function stake(
  input: Staking & { readonly source: AddressLike; readonly amount: bigint; readonly tier: number },
): Instruction {
  const { deployment, staker, source, amount, tier } = input;
  return make(
    deployment,
    [
      paying(staker),
      readonly(config(deployment)),
      writable(operatorOf(input)),
      writable(positionOf(input)),
      writable(source),
      writable(vault(deployment)),
      readonly(deployment.tokenProgram),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("stake", u64(amount, "amount"), u8(tier, "tier")),
  );
}

/**
 * Shares begin to leave. `number` is the Position's `nextExit`. `proof` shows the operator's leaf (`WeightTree.proveSync`): the tree is brought up to date in the same
 * instruction; it is read only if the tree would hold too much, so without a place there it may be empty. @throws integer-range, address-invalid
 */
export function requestExit(
  input: Exiting & { readonly shares: bigint; readonly proof: Uint8Array },
): Instruction {
  const { deployment, staker, shares, proof } = input;
  return make(
    deployment,
    [
      paying(staker),
      readonly(config(deployment)),
      writable(tree(deployment)),
      writable(operatorOf(input)),
      writable(positionOf(input)),
      writable(exitOf(input)),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("requestExit", u64(shares, "shares"), tail(proof)),
  );
}

/** Exiting shares stay after all. @throws integer-range, address-invalid */
export function cancelExit(input: Exiting): Instruction {
  const { deployment, staker } = input;
  return make(
    deployment,
    [
      paying(staker),
      readonly(config(deployment)),
      writable(operatorOf(input)),
      writable(positionOf(input)),
      writable(exitOf(input)),
    ],
    encode("cancelExit"),
  );
}

/** Pays what exiting shares are worth to `destination`, any account of the native token. @throws integer-range, address-invalid */
export function withdraw(input: Exiting & { readonly destination: AddressLike }): Instruction {
  const { deployment, staker, destination } = input;
  return make(
    deployment,
    [
      paying(staker),
      readonly(config(deployment)),
      writable(operatorOf(input)),
      writable(positionOf(input)),
      writable(exitOf(input)),
      writable(vault(deployment)),
      writable(destination),
      readonly(deployment.tokenProgram),
    ],
    encode("withdraw"),
  );
}

/** Closes a position that everything has left, for its rent. @throws address-invalid */
export function closePosition(input: Staking): Instruction {
  const accounts = [paying(input.staker), readonly(operatorOf(input)), writable(positionOf(input))];
  return make(input.deployment, accounts, encode("closePosition"));
}
