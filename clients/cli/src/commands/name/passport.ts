import { formatAddress, fromBase58 } from "@tolldns/sdk";
import {
  decodePassport,
  derivePassport,
  HINT_KINDS,
  type HintKind,
  issuePassport,
  setHint,
} from "@tolldns/sdk/names";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { type NamesSession, sendNames } from "../../names/program.ts";
import { openNamesWallet, SIGNING_SECTIONS } from "./open.ts";

const KINDS = HINT_KINDS.filter((kind) => kind !== "none");

export const passportCommand: CommandSpec = {
  name: "passport",
  about: "Show the wallet's passport, a token that can't be given away, or issue it.",
  sections: SIGNING_SECTIONS,
  flags: [["--issue", "make it, once a wallet"]],
  examples: [
    ["tolldns name passport --issue", "get one"],
    ["tolldns name passport", "see it and its hint"],
  ],
  async action(run) {
    const session = await openNamesWallet(run);
    const wallet = session.signer.publicKey;
    if (run.flags.issue === true)
      await sendNames(session, [issuePassport({ deployment: session.names.deployment, wallet })]);
    await report(run, session);
  },
};

export const hintCommand: CommandSpec = {
  name: "hint",
  about: "Set the passport's hint by which others find this wallet's machine, or clear it with none.",
  args: [
    ["<kind>", "key (32 bytes, base58), relay (text), rendezvous (encrypted, base64) or none"],
    ["[value]", "at most 160 bytes"],
  ],
  sections: SIGNING_SECTIONS,
  examples: [
    ["tolldns name hint relay wss://relay.example.org/a1", "where it can be reached"],
    ["tolldns name hint none", "forget it"],
  ],
  async action(run) {
    const session = await openNamesWallet(run);
    const [kind = "", value = ""] = run.args;
    const wallet = session.signer.publicKey;
    const { deployment } = session.names;
    await sendNames(session, [
      setHint({ deployment, wallet, kind: kindOf(kind), hint: hintBytes(kind, value) }),
    ]);
    await report(run, session);
  },
};

function kindOf(text: string): HintKind {
  const kind = HINT_KINDS.find((one) => one === text);
  if (kind !== undefined) return kind;
  throw new CliError(
    "usage",
    `${JSON.stringify(text)} is no kind of hint`,
    `Write ${KINDS.join(", ")} or none.`,
  );
}

function hintBytes(kind: string, value: string): Uint8Array {
  if (kind === "none") return new Uint8Array();
  if (kind === "key") return fromBase58(value);
  return new Uint8Array(Buffer.from(value, kind === "rendezvous" ? "base64" : "utf8"));
}

async function report(run: Run, { rpc, names, signer }: NamesSession) {
  const account = await rpc.readAccount(derivePassport(names.deployment.names, signer.publicKey).address);
  if (account === null) {
    run.out.result(
      { passport: null },
      "This wallet has no passport. `tolldns name passport --issue` makes it.",
    );
    return;
  }
  const { mint, hint } = decodePassport(account.data);
  const value =
    hint.kind === "relay"
      ? Buffer.from(hint.bytes).toString("utf8")
      : Buffer.from(hint.bytes).toString("base64");
  run.out.result(
    { passport: formatAddress(mint), hint: { kind: hint.kind, bytes: hint.bytes } },
    [
      `Passport  ${formatAddress(mint)}`,
      `Hint      ${hint.kind === "none" ? "none" : `${hint.kind}: ${value}`}`,
    ].join("\n"),
  );
}
