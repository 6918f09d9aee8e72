import { formatAddress } from "@tolldns/sdk";
import {
  createNamesDeployment,
  decodeNamesConfig,
  deriveNamesConfig,
  initialize,
  type NamesTerms,
} from "@tolldns/sdk/names";
import { fail } from "../errors.ts";
import { readAccount } from "../rpc.ts";
import { send } from "../send.ts";
import type { Step } from "./step.ts";

const DAY = 86_400;

/** Terms a new deployment begins with; the authority may change them by `set_terms`. Prices in micro-IU, durations in seconds. */
export const DEFAULT_NAMES_TERMS: NamesTerms = {
  prices: [640_000_000n, 320_000_000n, 160_000_000n, 80_000_000n, 5_000_000n],
  term: 365 * DAY,
  grace: 30 * DAY,
  commitMin: 60,
  commitMax: DAY,
  auction: 3 * DAY,
  extension: 600,
  incrementBps: 500,
};

/** Creates NamesConfig and the auction vault; where they are there already, the mint must be the same. */
export const initializeNames: Step = {
  id: "0005-initialize-names",
  async run(context) {
    const { sender, authority, terms, namesTerms, found } = context;
    const { mint, tokenProgram, treasury, names } = found;
    if (mint === undefined || tokenProgram === undefined || treasury === undefined || names === undefined) {
      throw new Error("0002 and 0004 run before 0005");
    }
    const config = await readAccount(sender.rpc, formatAddress(deriveNamesConfig(names).address));
    if (config !== null && config.owner === formatAddress(names)) {
      const got = formatAddress(decodeNamesConfig(config.data).mint);
      if (got !== formatAddress(mint)) {
        throw fail("migrate-config", { field: "mint of names", expected: formatAddress(mint), got });
      }
      context.report("the names program is initialised");
      return;
    }
    context.report("initialising the names program");
    const instruction = initialize({
      deployment: createNamesDeployment({ names, mint, tokenProgram, treasury }),
      authority: authority.publicKey,
      terms: namesTerms,
      guardian: terms.guardian ?? authority.publicKey,
    });
    await send(sender, [instruction]);
  },
};
