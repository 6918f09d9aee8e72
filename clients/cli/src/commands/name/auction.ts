import { formatIu, parseIu } from "@tolldns/sdk";
import { bid, openAuction, settleAuction, withdrawBid } from "@tolldns/sdk/names";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { type Look, lookUp } from "../../names/look.ts";
import { type NamesSession, sendNames } from "../../names/program.ts";
import { createTokenAccount } from "../../wallet/token.ts";
import { labelOf, openNames, openNamesWallet, SIGNING_SECTIONS, sourceOf } from "./open.ts";
import { auctionJson, describeAuction } from "./search.ts";

const NAME = ["<name>", "up to four characters, with or without .dns"] as const;

export const auctionCommand: CommandSpec = {
  name: "auction",
  about: "Show the auction of a premium name, or open it with a first bid.",
  args: [NAME, ["[amount]", "first bid, Index Units; opens the auction"]],
  sections: SIGNING_SECTIONS,
  examples: [
    ["tolldns name auction abc", "what is bid and until when"],
    ["tolldns name auction abc 200", "put it up with a bid of 200 IU"],
  ],
  async action(run) {
    const label = labelOf(run);
    if (run.args[1] === undefined) {
      const { rpc, names } = await openNames(run);
      return report(run, await lookUp(rpc, names, label), names.config.terms.incrementBps);
    }
    const session = await openNamesWallet(run);
    const { name } = await lookUp(session.rpc, session.names, label);
    const signature = await sendNames(session, [
      openAuction(offer(run, session, label, (name?.generation ?? 0) + 1)),
    ]);
    return reportAfter(run, session, label, signature);
  },
};

export const bidCommand: CommandSpec = {
  name: "bid",
  about: "Bid for a premium name. The amount is the whole bid: of a bid raised only the difference is paid.",
  args: [NAME, ["<amount>", "Index Units in all"]],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name bid abc 250", "bid 250 IU, or raise yours to it"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const generation = await auctionedGeneration(session, label);
    const signature = await sendNames(session, [bid(offer(run, session, label, generation))]);
    return reportAfter(run, session, label, signature);
  },
};

export const withdrawCommand: CommandSpec = {
  name: "withdraw",
  about: "Take back a bid that does not lead, exactly as much as it was.",
  args: [NAME],
  sections: SIGNING_SECTIONS,
  flags: [["--generation <number>", "which auction of the name (default: the present or last one)"]],
  examples: [["tolldns name withdraw abc", "the Index Units come back to the wallet"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const { deployment } = session.names;
    const bidder = session.signer.publicKey;
    const { name, auction } = await lookUp(session.rpc, session.names, label);
    const latest = (name?.generation ?? 0) + (auction === undefined ? 0 : 1);
    const given = Number(run.flags.generation ?? latest);
    const account = createTokenAccount(bidder, bidder, deployment);
    const signature = await sendNames(session, [
      account.instruction,
      withdrawBid({ deployment, label, generation: given, bidder, destination: account.address }),
    ]);
    run.out.result(
      { name: `${label}.dns`, signature },
      `The bid is back in the wallet.\nTransaction ${signature}`,
    );
  },
};

export const settleCommand: CommandSpec = {
  name: "settle",
  about:
    "End an auction whose time is over: the name goes to the winner, the bid to the treasury. Anyone may.",
  args: [NAME],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name settle abc", "yours or anybody's"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const { auction } = await lookUp(session.rpc, session.names, label);
    if (auction === undefined) throw noAuction(label);
    const { deployment } = session.names;
    const { generation, highestBidder: winner, highest } = auction;
    const payer = session.signer.publicKey;
    const signature = await sendNames(session, [
      settleAuction({ deployment, label, generation, payer, winner }),
    ]);
    run.out.result(
      { name: `${label}.dns`, winner, paid: highest, signature },
      `${label}.dns went to its winner for ${formatIu(highest)} IU.\nTransaction ${signature}`,
    );
  },
};

function offer(run: Run, session: NamesSession, label: string, generation: number) {
  const { deployment } = session.names;
  const bidder = session.signer.publicKey;
  return {
    deployment,
    label,
    generation,
    bidder,
    source: sourceOf(session),
    amount: amountOf(run.args[1] ?? ""),
  };
}

function amountOf(text: string): bigint {
  try {
    return parseIu(text);
  } catch (cause) {
    const hint = "Write Index Units with at most six decimals, such as 200.";
    throw new CliError("usage", `${JSON.stringify(text)} is not an amount`, hint, { cause });
  }
}

async function auctionedGeneration({ rpc, names }: NamesSession, label: string): Promise<number> {
  const { auction } = await lookUp(rpc, names, label);
  if (auction === undefined) throw noAuction(label);
  return auction.generation;
}

function noAuction(label: string): CliError {
  return new CliError(
    "name-free",
    `no auction of ${label}.dns is under way`,
    `\`tolldns name auction ${label}.dns <amount>\` opens one, if the name is free.`,
  );
}

function report(run: Run, look: Look, incrementBps: number, signature?: string) {
  run.out.result(
    { name: `${look.label}.dns`, auction: auctionJson(look, incrementBps), ...(signature && { signature }) },
    [
      `${look.label}.dns  ${describeAuction(look, incrementBps)}`,
      ...(signature ? [`Transaction ${signature}`] : []),
    ].join("\n"),
  );
}

async function reportAfter(run: Run, { rpc, names }: NamesSession, label: string, signature: string) {
  report(run, await lookUp(rpc, names, label), names.config.terms.incrementBps, signature);
}
