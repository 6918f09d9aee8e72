import { formatAddress } from "@tolldns/sdk";
import { decodeRound, deriveRound, type TargetAccount } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { readTargets } from "../../policy/program.ts";
import { formatNative } from "../../stake/amounts.ts";
import { seatText, whatIsMissing } from "../../verifier/standing.ts";
import type { Rpc } from "../../wallet/rpc.ts";
import { openVerifier } from "./enrol.ts";
import { VERIFIER_SECTIONS } from "./run.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  about: "Show where this verifier stands: its operator, its seats, what it said last, and what is missing.",
  sections: VERIFIER_SECTIONS,
  examples: [
    ["tolldns verifier status", "of the key in the data folder"],
    ["tolldns verifier status --verifier-key v.json --json", "of another, for scripts"],
  ],
  action: showStatus,
};

interface LastReport {
  readonly kind: string;
  readonly name: string;
  readonly begin: bigint;
  readonly said: { readonly total: number; readonly ok: number; readonly says: string } | null;
}

async function showStatus(run: Run): Promise<void> {
  const { rpc, key, program, standing } = await openVerifier(run);
  const { node, operator, weight, seat, newestSeat, inForce, newest, struckUntil } = standing;
  const missing = whatIsMissing(standing, program, key.publicKey);
  const targets = await readTargets(rpc, program);
  const seatNumber = seat?.seat;
  const last = await Promise.all(
    targets.map((target) => readLast(rpc, program.deployment.policy, target, seatNumber)),
  );
  const lamports = (await rpc.readAccount(key.publicKey))?.lamports ?? 0;
  run.out.result(
    {
      verifier: formatAddress(key.publicKey),
      lamports,
      operator: operator === null ? null : formatAddress(operator.address),
      owner: operator === null ? null : formatAddress(operator.operator.owner),
      node:
        node === null
          ? null
          : {
              number: node.number,
              address: formatAddress(node.address),
              region: node.region,
              asn: node.asn,
              endpoint: node.endpoint,
            },
      weight,
      struckUntil,
      seat: seat === null ? null : { roster: inForce?.number ?? null, seat: seat.seat, struck: seat.struck },
      next:
        newestSeat === null || newest?.number === inForce?.number
          ? null
          : { roster: newest?.number ?? null, seat: newestSeat.seat },
      last,
      missing,
    },
    [
      `Verifier   ${formatAddress(key.publicKey)}, ${lamports / 1e9} SOL for fees`,
      `Operator   ${operator === null ? "none" : `${formatAddress(operator.operator.owner)}, weight ${formatNative(weight)}`}`,
      ...(node === null
        ? []
        : [
            `Node       ${node.number}, region ${node.region}, AS${node.asn}, ${node.endpoint || "no address: nobody can look at its probes"}`,
          ]),
      `Now        ${seatText(seat, inForce)}`,
      ...(newest !== null && newest.number !== inForce?.number
        ? [`Next       ${seatText(newestSeat, newest)}`]
        : []),
      ...(node === null ? [] : last).map(({ kind, name, said }) => `  ${kind} ${name}: ${saidText(said)}`),
      ...missing.map((text, index) => `${index === 0 ? "To do      " : "           "}${text}`),
    ].join("\n"),
  );
}

const saidText = (said: LastReport["said"]): string =>
  said === null
    ? "no report of its last window judged"
    : `${said.ok} of ${said.total} probes good in its last window judged: ${said.says}`;

async function readLast(
  rpc: Rpc,
  policy: Uint8Array,
  { id, kind, name, standing }: TargetAccount,
  seat: number | undefined,
): Promise<LastReport> {
  const begin = standing.judged;
  const account = begin === 0n ? null : await rpc.readAccount(deriveRound(policy, id, begin).address);
  const report =
    account === null ? undefined : decodeRound(account.data).reports.find((one) => one.seat === seat);
  return {
    kind,
    name,
    begin,
    said: report === undefined ? null : { total: report.total, ok: report.ok, says: report.says },
  };
}
