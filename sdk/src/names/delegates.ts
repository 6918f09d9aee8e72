import { type AddressLike, SYSTEM_PROGRAM } from "../address.ts";
import { u8, u64 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveDelegate } from "./address.ts";
import { address, encode, ROLE_ROUTES } from "./data.ts";
import { type Held, holdingOf, type Labelled, make, nameOf } from "./parts.ts";

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
