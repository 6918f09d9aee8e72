import { type AddressLike, deriveAddress, toAddress } from "../address.ts";
import { checkBytes, concatBytes } from "../bytes.ts";
import { hash, tail, u8, u64 } from "../encode.ts";
import { type AccountMeta, type Instruction, readonly, signing, writable } from "../instruction.ts";
import { encodeStep, type Step } from "../routes/trace.ts";
import { encodeEntry, type RouteEntry } from "../routes/update.ts";
import { encode } from "./data.ts";
import { config, epochOf, make, type OfEpoch } from "./parts.ts";

interface Challenge extends OfEpoch {
  /** Signs; gets the reporter's share of what is slashed. */
  readonly challenger: AddressLike;
}

/** A step of the attested trace and its list proof, `length u8 | siblings`. */
export interface ShownStep {
  readonly step: Step;
  readonly proof: Uint8Array;
}

/** Who signed an update, and how. */
export interface StepAuth {
  readonly signer: AddressLike;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** What a map has of a name, and the encoded map proof of it. */
export interface MapClaim {
  /** Undefined: nothing. */
  readonly entry: RouteEntry | undefined;
  readonly proof: Uint8Array;
}

const UPDATE_BYTES = 133;

function challenged(input: Challenge, more: readonly AccountMeta[], data: Uint8Array): Instruction {
  const { deployment, challenger } = input;
  return make(
    deployment,
    [signing(challenger), writable(config(deployment)), writable(epochOf(input)), ...more],
    data,
  );
}

const shown = ({ step, proof }: ShownStep): Uint8Array => concatBytes(encodeStep(step), proof);
const update = (bytes: Uint8Array): Uint8Array => checkBytes(bytes, UPDATE_BYTES, "update");
const auth = ({ signer, signature }: StepAuth): Uint8Array =>
  concatBytes(toAddress(signer), checkBytes(signature, 64, "signature"));

/** `0 | proof` or `1 | generation u32 | version u64 | update hash 32 | proof`. @throws bytes-length, integer-range */
export function encodeMapClaim({ entry, proof }: MapClaim): Uint8Array {
  if (entry === undefined) return concatBytes(Uint8Array.of(0), proof);
  return concatBytes(Uint8Array.of(1), encodeEntry(entry), proof);
}

const text = (value: string) => new TextEncoder().encode(value);

/** Name and Delegate of the names program, by name hash: `["name", hash]` and `["delegate", name, signer]`. */
function registry(input: OfEpoch, nameHash: Uint8Array, signer: AddressLike): AccountMeta[] {
  const { names } = input.deployment;
  const name = deriveAddress(names, [text("name"), hash(nameHash, "nameHash")]).address;
  const record = deriveAddress(names, [text("delegate"), name, toAddress(signer)]).address;
  return [readonly(name), readonly(record)];
}

/** Proves that a step's signature is no signature of its signer. @throws bytes-length, integer-range, address-invalid */
export function challengeSignature(input: Challenge & ShownStep & StepAuth): Instruction {
  const data = encode("challengeSignature", encodeStep(input.step), auth(input), tail(input.proof));
  return challenged(input, [], data);
}

/**
 * Proves that an update was not its signer's to make. `update`: its 133 bytes, whatever they are; `nameHash`: the name's.
 * @throws bytes-length, integer-range, address-invalid
 */
export function challengeAuthority(
  input: Challenge & ShownStep & StepAuth & { readonly update: Uint8Array; readonly nameHash: Uint8Array },
): Instruction {
  const data = encode(
    "challengeAuthority",
    encodeStep(input.step),
    update(input.update),
    auth(input),
    tail(input.proof),
  );
  return challenged(input, registry(input, input.nameHash, input.signer), data);
}

/** Proves that a step does not do what its update says. `before`: what the map has of the name at the step's beginning. @throws bytes-length, integer-range */
export function challengeStep(
  input: Challenge & ShownStep & { readonly update: Uint8Array; readonly before: MapClaim },
): Instruction {
  const proofs = concatBytes(input.proof, encodeMapClaim(input.before));
  const data = encode("challengeStep", encodeStep(input.step), update(input.update), tail(proofs));
  return challenged(input, [], data);
}

/** What is wrong with the order of a trace. */
export type OrderClaim =
  /** The first step begins elsewhere, or the last ends elsewhere. */
  | ({ readonly claim: "begin" | "end" } & ShownStep)
  /** The second does not begin where the first ended. */
  | { readonly claim: "link"; readonly first: ShownStep; readonly second: ShownStep }
  /** The second's name does not come after the first's. Updates: 133 bytes each. */
  | {
      readonly claim: "sort";
      readonly first: ShownStep;
      readonly second: ShownStep;
      readonly updates: readonly [Uint8Array, Uint8Array];
    }
  /** The step is elsewhere in the list than its index and the count put it. Bit `i` of `sides`: sibling `i` is on the left. */
  | {
      readonly claim: "place";
      readonly step: Step;
      readonly sides: bigint;
      readonly siblings: readonly Uint8Array[];
    };

const CLAIMS = { begin: 1, end: 2, link: 3, sort: 4, place: 5 } as const;

function encodeClaim(claim: OrderClaim): Uint8Array {
  switch (claim.claim) {
    case "begin":
    case "end":
      return shown(claim);
    case "link":
      return concatBytes(shown(claim.first), shown(claim.second));
    case "sort":
      return concatBytes(shown(claim.first), shown(claim.second), ...claim.updates.map(update));
    case "place": {
      const siblings = claim.siblings.map((sibling) => hash(sibling, "sibling"));
      return concatBytes(encodeStep(claim.step), u64(claim.sides, "sides"), ...siblings);
    }
  }
}

/** Proves that a trace does not begin, go on or end as it must. @throws bytes-length, integer-range */
export function challengeOrder(input: Challenge & { readonly order: OrderClaim }): Instruction {
  const { order } = input;
  return challenged(
    input,
    [],
    encode("challengeOrder", u8(CLAIMS[order.claim], "claim"), tail(encodeClaim(order))),
  );
}

/** Proves that the root leaves out what the name's owner had posted. `poster`: who the Name says posted it. @throws bytes-length, integer-range, address-invalid */
export function challengeOmission(
  input: Challenge & { readonly nameHash: Uint8Array; readonly poster: AddressLike; readonly root: MapClaim },
): Instruction {
  const data = encode("challengeOmission", tail(encodeMapClaim(input.root)));
  return challenged(input, registry(input, input.nameHash, input.poster), data);
}
