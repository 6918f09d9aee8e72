import { formatIu } from "@tolldns/sdk";
import { leastBid, normalizeLabel } from "@tolldns/sdk/names";
import type { CommandSpec } from "../../command.ts";
import { type Look, lookUp } from "../../names/look.ts";
import { day, moment, openNames, shown } from "./open.ts";

export const searchCommand: CommandSpec = {
  name: "search",
  about: "Say whether names can be had, at what price, and whose they are.",
  args: [["<names...>", "with or without .dns"]],
  sections: ["chain"],
  examples: [
    ["tolldns name search example", "one name"],
    ["tolldns name search alice bob carol --json", "several, for scripts"],
  ],
  async action(run) {
    const { rpc, names } = await openNames(run);
    const labels = run.args.map(normalizeLabel);
    const looks = await Promise.all(labels.map((label) => lookUp(rpc, names, label)));
    const { incrementBps } = names.config.terms;
    run.out.result(
      { names: looks.map((look) => searchJson(look, incrementBps)) },
      looks.map((look) => `${look.label}.dns  ${describeSearch(look, incrementBps)}`).join("\n"),
    );
  },
};

/** A look as `--json` tells it: amounts micro-IU, times Unix seconds. */
export const searchJson = (look: Look, incrementBps: number) => ({
  name: `${look.label}.dns`,
  tenure: look.tenure,
  premium: look.premium,
  price: look.price,
  holder: shown(look.holder),
  expiresAt: look.tenure === "free" ? null : (look.name?.expiresAt ?? null),
  auction: look.auction === undefined ? null : auctionJson(look, incrementBps),
});

export const auctionJson = ({ auction, now }: Look, incrementBps: number) =>
  auction === undefined
    ? null
    : {
        state: now >= auction.endsAt ? "over" : "open",
        endsAt: auction.endsAt,
        highest: auction.highest,
        highestBidder: shown(auction.highestBidder),
        least: leastBid(auction.highest, incrementBps),
      };

function describeSearch(look: Look, incrementBps: number): string {
  const { tenure, name, holder, auction, premium, price } = look;
  if (tenure === "grace") return "lapsed; its owner may still renew it";
  if (tenure === "held")
    return `taken until ${day(name?.expiresAt ?? 0n)}, by ${shown(holder) ?? "somebody"}`;
  if (auction !== undefined) return describeAuction(look, incrementBps);
  const how = premium ? "by auction, at least" : "for a year";
  return `free: ${formatIu(price)} IU ${how}`;
}

export function describeAuction({ auction, now }: Look, incrementBps: number): string {
  if (auction === undefined) return "no auction";
  const { highest, highestBidder, endsAt } = auction;
  if (now >= endsAt)
    return `auction over: ${formatIu(highest)} IU by ${shown(highestBidder)}; not settled yet`;
  return `in auction until ${moment(endsAt)}: ${formatIu(highest)} IU bid by ${shown(highestBidder)}; the next bid is at least ${formatIu(leastBid(highest, incrementBps))} IU`;
}
