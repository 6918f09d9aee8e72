import { type Address, type AddressLike, SYSTEM_PROGRAM, toAddress } from "../address.ts";
import { tail, u8, u16, u32 } from "../encode.ts";
import { type Instruction, paying, readonly, signing, writable } from "../instruction.ts";
import { deriveNode, deriveOperator } from "./address.ts";
import { encode, type NodeRole, OFFENCES, type Offence, ROLES } from "./data.ts";
import { config, type Deployed, make, tree, vault } from "./parts.ts";

interface Owned extends Deployed {
  /** The operator's cold key. */
  readonly owner: AddressLike;
}
interface Numbered extends Owned {
  /** Of the node; the owner chooses it. */
  readonly number: number;
}

const operatorOf = ({ deployment, owner }: Owned): Address => deriveOperator(deployment.stake, owner).address;
const nodeOf = (input: Numbered): Address =>
  deriveNode(input.deployment.stake, operatorOf(input), input.number).address;
const visible = (endpoint: string) => tail(new TextEncoder().encode(endpoint));

/** Opens an operator; commission in basis points, at most 5 000. @throws integer-range, address-invalid */
export function registerOperator(input: Owned & { readonly commissionBps: number }): Instruction {
  const { deployment, owner, commissionBps } = input;
  return make(
    deployment,
    [paying(owner), readonly(config(deployment)), writable(operatorOf(input)), readonly(SYSTEM_PROGRAM)],
    encode("registerOperator", u16(commissionBps, "commissionBps")),
  );
}

/** Lowers the commission, or raises it by up to 500 basis points a day. @throws integer-range, address-invalid */
export function setCommission(input: Owned & { readonly commissionBps: number }): Instruction {
  const data = encode("setCommission", u16(input.commissionBps, "commissionBps"));
  return make(input.deployment, [signing(input.owner), writable(operatorOf(input))], data);
}

/** Ends an operator for good and frees all its stake. @throws address-invalid */
export function retireOperator(input: Owned): Instruction {
  const accounts = [signing(input.owner), writable(operatorOf(input))];
  return make(input.deployment, accounts, encode("retireOperator"));
}

/** Takes an operator out of jail. @throws address-invalid */
export function unjail(input: Owned): Instruction {
  const { deployment, owner } = input;
  const accounts = [signing(owner), readonly(config(deployment)), writable(operatorOf(input))];
  return make(deployment, accounts, encode("unjail"));
}

/** Adds a machine. `endpoint`: visible ASCII, up to 128 bytes; empty for none. @throws integer-range, address-invalid */
export function addNode(
  input: Numbered & {
    readonly role: NodeRole;
    readonly region: number;
    readonly asn: number;
    readonly hotKey: AddressLike;
    readonly endpoint: string;
  },
): Instruction {
  const { deployment, owner, number, role, region, asn, hotKey, endpoint } = input;
  return make(
    deployment,
    [
      paying(owner),
      readonly(config(deployment)),
      writable(operatorOf(input)),
      writable(nodeOf(input)),
      readonly(SYSTEM_PROGRAM),
    ],
    encode(
      "addNode",
      u16(number, "number"),
      u8(ROLES.indexOf(role), "role"),
      u16(region, "region"),
      u32(asn, "asn"),
      toAddress(hotKey),
      visible(endpoint),
    ),
  );
}

/** Says where a machine is now. @throws integer-range, address-invalid */
export function setNode(
  input: Numbered & { readonly region: number; readonly asn: number; readonly endpoint: string },
): Instruction {
  const { deployment, owner, region, asn, endpoint } = input;
  return make(
    deployment,
    [signing(owner), readonly(operatorOf(input)), writable(nodeOf(input))],
    encode("setNode", u16(region, "region"), u32(asn, "asn"), visible(endpoint)),
  );
}

/** Gives a machine another key. @throws integer-range, address-invalid */
export function rotateHotKey(input: Numbered & { readonly hotKey: AddressLike }): Instruction {
  const { deployment, owner, hotKey } = input;
  return make(
    deployment,
    [signing(owner), writable(operatorOf(input)), writable(nodeOf(input))],
    encode("rotateHotKey", toAddress(hotKey)),
  );
}

/** Takes a machine away. @throws integer-range, address-invalid */
export function removeNode(input: Numbered): Instruction {
  const accounts = [paying(input.owner), writable(operatorOf(input)), writable(nodeOf(input))];
  return make(input.deployment, accounts, encode("removeNode"));
}

/** Slashes an operator; by the slasher, which for the quorum program is an address that only it signs for. @throws address-invalid */
export function slash(
  input: Owned & {
    readonly slasher: AddressLike;
    readonly offence: Offence;
    /** Token account that the reporter's part goes to. */
    readonly reporter: AddressLike;
  },
): Instruction {
  const { deployment, slasher, offence, reporter } = input;
  return make(
    deployment,
    [
      signing(slasher),
      readonly(config(deployment)),
      writable(operatorOf(input)),
      writable(vault(deployment)),
      writable(deployment.mint),
      writable(deployment.treasury),
      writable(reporter),
      readonly(deployment.tokenProgram),
    ],
    encode("slash", u8(OFFENCES.indexOf(offence), "offence")),
  );
}

/** Makes the tree hold what an operator weighs now; `proof` is `WeightTree.proveSync`'s. Anyone may send it. @throws integer-range, address-invalid */
export function sync(input: Owned & { readonly proof: Uint8Array }): Instruction {
  const { deployment, proof } = input;
  return make(
    deployment,
    [readonly(config(deployment)), writable(tree(deployment)), writable(operatorOf(input))],
    encode("sync", tail(proof)),
  );
}
