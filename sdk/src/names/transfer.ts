import {
  type AddressLike,
  ASSOCIATED_TOKEN_PROGRAM,
  SYSTEM_PROGRAM,
  TOKEN_2022_PROGRAM,
  toAddress,
} from "../address.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveHolding, deriveNft, type NamesDeployment } from "./address.ts";
import { recordAuthority } from "./control.ts";

/**
 * Moves a name's token as any wallet does, in one step: creates the receiver's associated account if need be, then
 * transfers, and records the receiver as who signs the name's routes. Where the receiver should accept first, use offerControl.
 * @throws label-invalid, integer-range, address-invalid
 */
export function transferName(input: {
  readonly deployment: NamesDeployment;
  readonly label: string;
  readonly generation: number;
  readonly holder: AddressLike;
  readonly to: AddressLike;
}): readonly [Instruction, Instruction, Instruction] {
  const { deployment, label, generation, holder, to } = input;
  const mint = deriveNft(deployment.names, label, generation).address;
  const destination = deriveHolding(to, mint).address;
  return [
    {
      program: toAddress(ASSOCIATED_TOKEN_PROGRAM),
      accounts: [
        paying(holder),
        writable(destination),
        readonly(to),
        readonly(mint),
        readonly(SYSTEM_PROGRAM),
        readonly(TOKEN_2022_PROGRAM),
      ],
      data: Uint8Array.of(1),
    },
    {
      program: toAddress(TOKEN_2022_PROGRAM),
      accounts: [
        writable(deriveHolding(holder, mint).address),
        readonly(mint),
        writable(destination),
        signing(holder),
      ],
      // TransferChecked of 1 with 0 decimals.
      data: Uint8Array.of(12, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    },
    recordAuthority({ deployment, label, generation, holder: to }),
  ];
}
