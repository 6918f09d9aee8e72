import { formatAddress, formatIu, TOKEN_2022_PROGRAM, toAddress } from "@tolldns/sdk";
import {
  ACCOUNT_DISCRIMINATORS,
  DELEGATE_NAME_OFFSET,
  decodeDelegate,
  decodeName,
  deriveName,
  deriveNft,
} from "@tolldns/sdk/names";
import type { CommandSpec } from "../../command.ts";
import { type Look, lookUp } from "../../names/look.ts";
import type { NamesProgram } from "../../names/program.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import type { Rpc } from "../../wallet/rpc.ts";
import { keyPath } from "../wallet/open.ts";
import { addressOf, day, labelOf, openNames, SIGNING_SECTIONS, shown } from "./open.ts";
import { describeAuction, searchJson } from "./search.ts";

export const showCommand: CommandSpec = {
  name: "show",
  about: "Show what the chain says of a name: owner, term, delegates, what was posted.",
  args: [["<name>", "with or without .dns"]],
  sections: ["chain"],
  examples: [
    ["tolldns name show example.dns", "owner, end of its term, delegates"],
    ["tolldns verify example.dns", "its records, with the chain of evidence"],
  ],
  async action(run) {
    const { rpc, names } = await openNames(run);
    const label = labelOf(run);
    const look = await lookUp(rpc, names, label);
    const delegates = look.name === undefined ? [] : await findDelegates(rpc, names, label, look);
    const { incrementBps } = names.config.terms;
    const { name } = look;
    const json = {
      ...searchJson(look, incrementBps),
      generation: name?.generation ?? 0,
      registeredAt: name?.registeredAt ?? null,
      token: shown(name?.mint),
      offer: name?.offer && { to: shown(name.offer.to), by: shown(name.offer.by) },
      posted: name?.posted && {
        version: name.posted.version,
        hash: name.posted.hash,
        slot: name.posted.slot,
      },
      delegates,
    };
    run.out.result(json, describe(look, delegates, incrementBps));
  },
};

interface DelegateRow {
  readonly delegate: string;
  readonly expiresAt: bigint;
  /** Whether it may sign now. */
  readonly acts: boolean;
}

/** Delegates of a name, those that no longer act among them. */
async function findDelegates(
  rpc: Rpc,
  { deployment }: NamesProgram,
  label: string,
  { name, holder, now }: Look,
): Promise<DelegateRow[]> {
  const { names } = deployment;
  const rows = await rpc.readProgramAccounts(names, Uint8Array.from(ACCOUNT_DISCRIMINATORS.Delegate), {
    offset: DELEGATE_NAME_OFFSET,
    bytes: deriveName(names, label).address,
  });
  return rows.map(({ data }) => {
    const { delegate, expiresAt, generation, appointedBy, ended } = decodeDelegate(data);
    const isPresent =
      generation === name?.generation && shown(appointedBy) === shown(holder) && ended === undefined;
    return { delegate: formatAddress(delegate), expiresAt, acts: isPresent && now < expiresAt };
  });
}

function describe(look: Look, delegates: readonly DelegateRow[], incrementBps: number): string {
  const { label, name, tenure, holder, premium, price } = look;
  if (tenure === "free" || name === undefined)
    return look.auction === undefined
      ? `${label}.dns is free: ${formatIu(price)} IU ${premium ? "at least, by auction" : "a year"}`
      : `${label}.dns  ${describeAuction(look, incrementBps)}`;
  const rows: [string, string][] = [
    ["Name", `${label}.dns`],
    ["Owner", shown(holder) ?? "unknown"],
    ["Until", `${day(name.expiresAt)}${tenure === "grace" ? "; lapsed, its owner may renew" : ""}`],
    ["Since", `${day(name.registeredAt)}, registration ${name.generation}`],
    ["Token", formatAddress(name.mint)],
    ...(name.offer === undefined
      ? []
      : [["Offered", `to ${formatAddress(name.offer.to)}`] as [string, string]]),
    ...(name.posted === undefined
      ? []
      : [
          ["On chain", `version ${name.posted.version}, posted in slot ${name.posted.slot}`] as [
            string,
            string,
          ],
        ]),
    ...delegates.map(
      ({ delegate, expiresAt, acts }) =>
        ["Delegate", `${delegate} ${acts ? `until ${day(expiresAt)}` : "(no longer)"}`] as [string, string],
    ),
  ];
  return rows.map(([title, value]) => `${title.padEnd(9)} ${value}`).join("\n");
}

export const listCommand: CommandSpec = {
  name: "list",
  about: "List the names a wallet holds.",
  args: [["[wallet]", "its address (default: your own)"]],
  sections: SIGNING_SECTIONS,
  examples: [
    ["tolldns name list", "yours"],
    ["tolldns name list <wallet>", "anybody's"],
  ],
  async action(run) {
    const { rpc, names } = await openNames(run);
    const owner = run.args[0] === undefined ? readKeyFile(keyPath(run)).publicKey : addressOf(run, 0);
    const rows = await findHeld(rpc, names, owner);
    const text = rows.map(
      (row) => `${row.name}  ${row.tenure === "held" ? `until ${day(row.expiresAt)}` : "lapsed: renew it"}`,
    );
    run.out.result(
      { owner: formatAddress(owner), names: rows },
      rows.length === 0 ? "No names. `tolldns name search` says which can be had." : text.join("\n"),
    );
  },
};

/** Names whose present token the wallet holds, by name. */
export async function findHeld(rpc: Rpc, names: NamesProgram, owner: Uint8Array) {
  const { value } = await rpc.call<{ value: { account: { data: [string, string] } }[] }>(
    "getTokenAccountsByOwner",
    [
      formatAddress(owner),
      { programId: formatAddress(toAddress(TOKEN_2022_PROGRAM)) },
      { encoding: "base64", commitment: "confirmed" },
    ],
  );
  const mints = value
    .map(({ account }) => Buffer.from(account.data[0], "base64"))
    .filter((data) => data.readBigUInt64LE(64) === 1n)
    .map((data) => Uint8Array.from(data.subarray(0, 32)));
  const rows = await Promise.all(mints.map((mint) => nameOf(rpc, names, mint)));
  return rows.filter((row) => row !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The name that a token is of, if it still is. */
async function nameOf(rpc: Rpc, names: NamesProgram, mint: Uint8Array) {
  const account = await rpc.readAccount(mint);
  const label = account === null ? undefined : labelIn(account.data);
  if (label === undefined) return undefined;
  const stored = await rpc.readAccount(deriveName(names.deployment.names, label).address);
  if (stored === null) return undefined;
  const name = decodeName(stored.data);
  const present = deriveNft(names.deployment.names, label, name.generation).address;
  if (formatAddress(present) !== formatAddress(mint)) return undefined;
  const look = await lookUp(rpc, names, label);
  if (look.tenure === "free") return undefined;
  return {
    name: `${label}.dns`,
    tenure: look.tenure,
    expiresAt: name.expiresAt,
    generation: name.generation,
  };
}

/** The label in a mint's metadata; whoever writes other metadata only hides a token that is no name anyway. */
function labelIn(data: Uint8Array): string | undefined {
  const text = Buffer.from(data).toString("latin1");
  return /([a-z0-9-]{1,63})\.dns/.exec(text)?.[1];
}
