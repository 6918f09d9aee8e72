import { formatAddress } from "@tolldns/sdk";
import {
  acceptControl,
  appointDelegate,
  closeDelegate,
  decodeDelegate,
  deriveDelegate,
  dismissDelegate,
  offerControl,
  transferName,
  withdrawOffer,
} from "@tolldns/sdk/names";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { requireHeld, requireOwn } from "../../names/look.ts";
import { type NamesSession, sendNames } from "../../names/program.ts";
import { addressOf, day, labelOf, numberOf, openNamesWallet, SIGNING_SECTIONS } from "./open.ts";

const NAME = ["<name>", "with or without .dns"] as const;
const WALLET = ["<wallet>", "its address"] as const;

/** The name of the first argument, held by the wallet that signs, as the instructions take it. */
async function openOwn(run: Run) {
  const session = await openNamesWallet(run);
  const label = labelOf(run);
  const holder = session.signer.publicKey;
  const look = await requireOwn(session.rpc, session.names, label, holder);
  const { deployment } = session.names;
  return { session, look, at: { deployment, label, generation: look.name.generation, holder } };
}

async function finish(
  run: Run,
  session: NamesSession,
  instructions: Parameters<typeof sendNames>[1],
  facts: object,
  done: string,
) {
  const signature = await sendNames(session, instructions);
  run.out.result({ name: `${labelOf(run)}.dns`, ...facts, signature }, `${done}\nTransaction ${signature}`);
}

export const delegateCommand: CommandSpec = {
  name: "delegate",
  about: "Let another wallet sign this name's records for a while. It can do nothing else.",
  args: [NAME, WALLET],
  sections: SIGNING_SECTIONS,
  flags: [["--days <number>", "for how long, 1 to 3650 (default: 90)"]],
  examples: [["tolldns name delegate example.dns <wallet> --days 30", "a key on a server, for a month"]],
  async action(run) {
    const { session, look, at } = await openOwn(run);
    const delegate = addressOf(run, 1);
    const expiresAt = look.now + BigInt(numberOf(run, "days", 90, 1, 3_650)) * 86_400n;
    const done = `${formatAddress(delegate)} may sign records of ${at.label}.dns until ${day(expiresAt)}.`;
    await finish(
      run,
      session,
      [appointDelegate({ ...at, delegate, expiresAt })],
      { delegate: formatAddress(delegate), expiresAt },
      done,
    );
  },
};

export const dismissCommand: CommandSpec = {
  name: "dismiss",
  about: "End a delegation.",
  args: [NAME, WALLET],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name dismiss example.dns <wallet>", "it may sign no more"]],
  async action(run) {
    const { session, at } = await openOwn(run);
    const delegate = addressOf(run, 1);
    const done = `${formatAddress(delegate)} signs nothing of ${at.label}.dns any more.`;
    await finish(
      run,
      session,
      [dismissDelegate({ ...at, delegate })],
      { delegate: formatAddress(delegate) },
      done,
    );
  },
};

export const reclaimCommand: CommandSpec = {
  name: "reclaim",
  about: "Send the rent of a delegation that ended at least eight days ago back to who paid it. Anybody may.",
  args: [NAME, WALLET],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name reclaim example.dns <wallet>", "the record is closed, its rent is back"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const delegate = addressOf(run, 1);
    const { deployment } = session.names;
    const record = await session.rpc.readAccount(deriveDelegate(deployment.names, label, delegate).address);
    if (record === null)
      throw new CliError(
        "delegate-missing",
        `the chain keeps no delegation of ${label}.dns to ${formatAddress(delegate)}`,
        `\`tolldns name show ${label}.dns\` lists those it keeps.`,
      );
    const payer = formatAddress(decodeDelegate(record.data).payer);
    await finish(
      run,
      session,
      [closeDelegate({ deployment, label, delegate, payer })],
      { delegate: formatAddress(delegate), payer, lamports: record.lamports },
      `The rent of ${record.lamports} lamports is back with ${payer}.`,
    );
  },
};

export const offerCommand: CommandSpec = {
  name: "offer",
  about: "Offer a name to another wallet, which has to accept: a mistyped address costs nothing.",
  args: [NAME, WALLET],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name offer example.dns <wallet>", "it is yours until they run `tolldns name accept`"]],
  async action(run) {
    const { session, at } = await openOwn(run);
    const to = addressOf(run, 1);
    const done = `Offered. It is theirs once they run \`tolldns name accept ${at.label}.dns\`; \`tolldns name retract\` takes it back.`;
    await finish(run, session, [offerControl({ ...at, to })], { to: formatAddress(to) }, done);
  },
};

export const acceptCommand: CommandSpec = {
  name: "accept",
  about: "Accept a name that was offered to this wallet.",
  args: [NAME],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name accept example.dns", "from then on it is yours"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const { name } = await requireHeld(session.rpc, session.names, label);
    const accepter = session.signer.publicKey;
    if (name.offer === undefined || formatAddress(name.offer.to) !== formatAddress(accepter))
      throw new CliError(
        "name-foreign",
        `${label}.dns is not offered to this wallet`,
        "Ask its owner to run `tolldns name offer` with the address that `tolldns wallet address` prints.",
      );
    const { deployment } = session.names;
    const at = { deployment, label, generation: name.generation, holder: name.offer.by };
    await finish(
      run,
      session,
      [acceptControl({ ...at, accepter })],
      {},
      `${label}.dns is yours until ${day(name.expiresAt)}.`,
    );
  },
};

export const retractCommand: CommandSpec = {
  name: "retract",
  about: "Take back an offer that was not accepted yet.",
  args: [NAME],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name retract example.dns", "nobody can accept it any more"]],
  async action(run) {
    const { session, at } = await openOwn(run);
    await finish(run, session, [withdrawOffer(at)], {}, `${at.label}.dns is offered to nobody.`);
  },
};

export const transferCommand: CommandSpec = {
  name: "transfer",
  about:
    "Send a name to another wallet at once, as any token. It can't be taken back: `tolldns name offer` is safer.",
  args: [NAME, WALLET],
  sections: SIGNING_SECTIONS,
  flags: [["--yes", "you have checked the address"]],
  examples: [["tolldns name transfer example.dns <wallet> --yes", "in one transaction"]],
  async action(run) {
    const { session, at } = await openOwn(run);
    const to = addressOf(run, 1);
    if (run.flags.yes !== true)
      throw new CliError(
        "usage",
        `${at.label}.dns would belong to ${formatAddress(to)} for good`,
        "Add --yes if the address is right, or use `tolldns name offer`, which they must accept.",
      );
    await finish(
      run,
      session,
      transferName({ ...at, to }),
      { to: formatAddress(to) },
      `${at.label}.dns belongs to ${formatAddress(to)} now.`,
    );
  },
};
