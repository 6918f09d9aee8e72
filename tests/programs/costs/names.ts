import * as names from "@tolldns/sdk/names";
import { ATTEMPTS, held } from "../../attacks/names/catalogue.ts";
import { busyNames, LABEL, NAMES_BYTES, PARTIES } from "../names/world.ts";
import { type Cost, costOf } from "./cost.ts";

/** Bytes of the program. */
export const NAMES_SIZE = NAMES_BYTES.length;

/** Remarks to instructions whose attempt is a special case. */
const REMARKS: Readonly<Record<string, string>> = {
  settle_auction: ", with the winner's token account",
  post_route: ", by a delegate",
  record_authority: ", of another holder",
};

/** Every instruction of the names program, as the attack tests' good attempts send it, and what else is sent often. */
export function measureNames(): Cost[] {
  const costs = Object.entries(ATTEMPTS).map(([name, prepare]): Cost => {
    const { world, instruction, signers } = prepare();
    return costOf(`\`${name}\`${REMARKS[name] ?? ""}`, world.must(instruction, signers));
  });
  return [...costs, transfer(), post()];
}

function transfer(): Cost {
  const world = busyNames();
  const whole = names.transferName({ ...held(world), to: PARTIES.bob.publicKey });
  return costOf(
    "a transfer as `transferName` makes it, to a wallet without a token account",
    world.must(whole, [PARTIES.alice]),
  );
}

function post(): Cost {
  const world = busyNames();
  return costOf(
    "`post_route`, by the holder",
    world.must(world.postOf(PARTIES.alice, LABEL, 1n), [PARTIES.alice]),
  );
}
