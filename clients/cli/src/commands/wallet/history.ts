import { formatAddress, formatIu } from "@tolldns/sdk";
import { decodeEvents, type EscrowEvent } from "@tolldns/sdk/escrow";
import type { CommandSpec } from "../../command.ts";
import type { OpenWallet } from "../../wallet/account.ts";
import { openWallet, WALLET_SECTIONS } from "./open.ts";

interface Told {
  readonly slot: number;
  readonly blockTime: number | null;
  readonly meta: {
    readonly err: unknown;
    readonly fee: number;
    readonly logMessages: readonly string[] | null;
  } | null;
}

export const historyCommand: CommandSpec = {
  name: "history",
  about: "List what the wallet did with the escrow, newest first.",
  sections: WALLET_SECTIONS,
  flags: [["--limit <number>", "how many (default: 20)"]],
  examples: [
    ["tolldns wallet history", "the last 20 transactions"],
    ["tolldns wallet history --limit 100 --json", "for scripts"],
  ],
  async action(run) {
    const wallet = await openWallet(run);
    const limit = Math.min(1_000, Math.max(1, Number(run.flags.limit ?? 20) || 20));
    const rows = await readHistory(wallet, limit);
    const text = rows.map(
      (row) => `${row.time ?? "unknown time"}  ${row.what.join("; ")}\n  ${row.signature}`,
    );
    run.out.result({ history: rows }, text.length === 0 ? "Nothing yet." : text.join("\n"));
  },
};

async function readHistory({ rpc, escrow, signer }: OpenWallet, limit: number) {
  const { escrow: program } = escrow.deployment;
  const owner = formatAddress(signer.publicKey);
  const signatures = await rpc.call<{ signature: string }[]>("getSignaturesForAddress", [
    owner,
    { limit, commitment: "confirmed" },
  ]);
  const options = { encoding: "json", commitment: "confirmed", maxSupportedTransactionVersion: 1 };
  const rows = await Promise.all(
    signatures.map(async ({ signature }) => {
      const told = await rpc.call<Told | null>("getTransaction", [signature, options]);
      const what = told?.meta?.err
        ? ["failed"]
        : decodeEvents(told?.meta?.logMessages ?? [], program).map(describeEvent);
      return {
        signature,
        slot: told?.slot ?? null,
        time: told?.blockTime ? new Date(told.blockTime * 1_000).toISOString() : null,
        fee: told?.meta?.fee ?? null,
        what,
      };
    }),
  );
  // Anybody may name the wallet in a transaction of theirs; only what the escrow tells of is its history.
  return rows.filter(({ what }) => what.length > 0);
}

function describeEvent(event: EscrowEvent): string {
  switch (event.name) {
    case "balanceChanged":
      return `free balance now ${formatIu(event.free)} IU`;
    case "laneChanged":
      return `lane ${event.lane} ${["closed", "open", "revoked", "closing"][event.state] ?? "changed"}, reserve ${formatIu(event.reserve)} IU`;
    case "settled":
      return `settled ${formatIu(event.amount)} IU of ${event.vouchers} lanes`;
    case "distributed":
      return "credits distributed";
    case "configChanged":
      return "configuration changed";
  }
}
