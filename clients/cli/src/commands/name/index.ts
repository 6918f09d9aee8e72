import type { CommandSpec } from "../../command.ts";
import { auctionCommand, bidCommand, settleCommand, withdrawCommand } from "./auction.ts";
import {
  acceptCommand,
  delegateCommand,
  dismissCommand,
  offerCommand,
  reclaimCommand,
  retractCommand,
  transferCommand,
} from "./control.ts";
import { SIGNING_SECTIONS } from "./open.ts";
import { hintCommand, passportCommand } from "./passport.ts";
import {
  addCommand,
  exportCommand,
  importCommand,
  recordsCommand,
  refreshCommand,
  removeCommand,
  setCommand,
} from "./records.ts";
import { registerCommand, renewCommand } from "./register.ts";
import { searchCommand } from "./search.ts";
import { listCommand, showCommand } from "./show.ts";

export const nameCommand: CommandSpec = {
  name: "name",
  about: "Names under .dns: find, register, publish records, delegate, hand over.",
  sections: SIGNING_SECTIONS,
  examples: [
    ["tolldns name search example", "can it be had?"],
    ["tolldns name register example.dns", "take it"],
    ["tolldns name set example.dns A 192.0.2.1 --wait", "publish a record"],
    ["tolldns name list", "what this wallet has"],
  ],
  commands: [
    searchCommand,
    registerCommand,
    showCommand,
    listCommand,
    renewCommand,
    recordsCommand,
    setCommand,
    addCommand,
    removeCommand,
    importCommand,
    exportCommand,
    refreshCommand,
    auctionCommand,
    bidCommand,
    withdrawCommand,
    settleCommand,
    delegateCommand,
    dismissCommand,
    reclaimCommand,
    offerCommand,
    acceptCommand,
    retractCommand,
    transferCommand,
    passportCommand,
    hintCommand,
  ],
};
