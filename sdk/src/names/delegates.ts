import { type Address, type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { u8, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveDelegate } from "./address.ts";
import { address, encode, ROLE_ROUTES } from "./data.ts";
import { type Held, holdingOf, type Labelled, make, nameOf } from "./parts.ts";

const recordOf = ({ deployment, label }: Labelled, delegate: AddressLike): Address =>
  deriveDelegate(deployment.names, label, delegate).address;

/** Lets a wallet sign routes for the holder until `expiresAt`, Unix seconds. @throws label-invalid, address-invalid */
export function appointDelegate(
  input: Held & { readonly delegate: AddressLike; readonly expiresAt: bigint },
): Instruction {
  const { deployment, holder, delegate, expiresAt } = input;
  return make(
    deployment,
    [
      paying(holder),
      writable(nameOf(input)),
      readonly(holdingOf(input, holder)),
      writable(recordOf(input, delegate)),
      readonly(SYSTEM_PROGRAM),
    ],
    encode("appointDelegate", address(delegate), u8(ROLE_ROUTES, "role"), u64(expiresAt, "expiresAt")),
  );
}

/** Ends an appointment. Its record stays for DELEGATE_TOMBSTONE. @throws label-invalid, address-invalid */
export function dismissDelegate(input: Held & { readonly delegate: AddressLike }): Instruction {
  const { deployment, holder, delegate } = input;
  return make(
    deployment,
    [
      signing(holder),
      readonly(nameOf(input)),
      readonly(holdingOf(input, holder)),
      writable(recordOf(input, delegate)),
    ],
    encode("dismissDelegate"),
  );
}

/** Returns the rent of a record whose appointment is long over to who paid it (see the Delegate). Anyone may. @throws label-invalid, address-invalid */
export function closeDelegate(
  input: Labelled & { readonly delegate: AddressLike; readonly payer: AddressLike },
): Instruction {
  const { deployment, delegate, payer } = input;
  const accounts = [writable(payer), writable(recordOf(input, delegate))];
  return make(deployment, accounts, encode("closeDelegate"));
}
