import { formatAddress, formatIu, toAddress } from "@tolldns/sdk";
import { closeLane, requestClose } from "@tolldns/sdk/escrow";
import type { CommandSpec } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findLanes, type OpenWallet, type OwnLane } from "../../wallet/account.ts";
import { chainTime } from "../../wallet/rpc.ts";
import { openWallet, WALLET_SECTIONS } from "./open.ts";

/** How people name a lane. */
export const laneName = ({ ledger, lane }: OwnLane): string => `${ledger}/${lane}`;

export const lanesCommand: CommandSpec = {
  name: "lanes",
  about: "List the wallet's lanes: what is reserved for which gateway and what of it is settled.",
  sections: WALLET_SECTIONS,
  examples: [["tolldns wallet lanes", "ledger/lane, reserve, settled, state"]],
  async action(run) {
    const { rpc, escrow, signer } = await openWallet(run);
    const lanes = await findLanes(rpc, escrow, signer.publicKey);
    const json = lanes.map((row) => ({
      lane: laneName(row),
      generation: row.generation,
      state: row.state,
      reserve: row.reserve,
      settled: row.settled,
      deadline: row.deadline,
      sessionKey: formatAddress(row.sessionKey),
    }));
    const text = lanes.map(
      (row) =>
        `${laneName(row)}\n  reserve ${formatIu(row.reserve)} IU, settled ${formatIu(row.settled)} IU, ${describeState(row)}`,
    );
    run.out.result(
      { lanes: json },
      text.length === 0
        ? "No lanes. The edge opens one at a gateway when it is first needed."
        : text.join("\n"),
    );
  },
};

export const closeCommand: CommandSpec = {
  name: "close",
  about: "Get back what lanes hold: ask for their end, and end those whose grace period is over.",
  args: [["[lanes...]", "as `tolldns wallet lanes` names them (default: all)"]],
  sections: WALLET_SECTIONS,
  examples: [
    ["tolldns wallet close", "all lanes; run it again after the grace period"],
    ["tolldns wallet close <ledger>/3", "one lane"],
  ],
  async action(run) {
    const wallet = await openWallet(run);
    const lanes = await findLanes(wallet.rpc, wallet.escrow, wallet.signer.publicKey);
    const chosen = run.args.length === 0 ? lanes : run.args.map((name) => findNamed(lanes, name));
    const now = await chainTime(wallet.rpc);
    const results = [];
    for (const lane of chosen) results.push(await closeOne(wallet, lane, now));
    const text = results.map(
      ({ lane, outcome, due }) =>
        `${lane}: ${outcome}${due === null ? "" : `, due ${new Date(Number(due) * 1_000).toISOString()}`}`,
    );
    run.out.result({ lanes: results }, text.length === 0 ? "No lanes to close." : text.join("\n"));
  },
};

function findNamed(lanes: readonly OwnLane[], name: string): OwnLane {
  const found = lanes.find((lane) => laneName(lane) === name);
  if (found === undefined)
    throw new CliError("usage", `the wallet has no lane ${name}`, "`tolldns wallet lanes` lists them.");
  return found;
}

async function closeOne({ rpc, escrow, signer }: OpenWallet, row: OwnLane, now: bigint) {
  const { deployment, config } = escrow;
  const owner = signer.publicKey;
  const at = { deployment, owner, ledger: toAddress(row.ledger), lane: row.lane, generation: row.generation };
  const lane = laneName(row);
  if (row.state === "closing" && now >= row.deadline) {
    const signature = await rpc.send([closeLane({ ...at, closer: owner })], [signer], deployment.escrow);
    return {
      lane,
      outcome: `closed, ${formatIu(row.reserve - row.settled)} IU returned to the free balance`,
      due: null,
      signature,
    };
  }
  if (row.state === "closing")
    return { lane, outcome: "closing already", due: row.deadline, signature: null };
  const signature = await rpc.send([requestClose(at)], [signer], deployment.escrow);
  const due = row.state === "revoked" ? row.deadline : now + BigInt(config.graceSeconds);
  return { lane, outcome: "close requested; run this again when it is due", due, signature };
}

function describeState({ state, deadline }: OwnLane): string {
  return state === "open" ? "open" : `${state} until ${new Date(Number(deadline) * 1_000).toISOString()}`;
}
