import { readFileSync, writeFileSync } from "node:fs";
import { wireName } from "@tolldns/sdk/names";
import { parseRecords as parseWire, type RouteRecord } from "@tolldns/sdk/routes";
import { formatData, formatName, formatZone, typeName, typeNumber } from "@tolldns/sdk/zone";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import {
  addRecord,
  type Owner,
  parseOne,
  parseOwner,
  parseRecords,
  removeRecords,
  replaceRecords,
} from "../../names/edit.ts";
import {
  type Published,
  type Publisher,
  publishRecords,
  readStanding,
  type Standing,
  waitUntilFinal,
} from "../../names/publish.ts";
import { findQuorum } from "../../names/quorum.ts";
import { type FinalRoute, openFeeds } from "../../names/route.ts";
import { feedUrls } from "../wallet/open.ts";
import { labelOf, moment, numberOf, openNamesWallet, SIGNING_SECTIONS } from "./open.ts";

/** Flags of every command that publishes. */
const PUBLISHING = [
  ["--wait", "wait until it is final, and say in which epoch"],
  ["--timeout <seconds>", "longest to wait (default: 900)"],
  ["--on-chain", "post it on chain as well, so that no committee can leave it out"],
] as const;
const TTL = ["--ttl <seconds>", "how long resolvers may keep it, 30 to 86400 (default: 300)"] as const;
const OWNER = ["<name>", "the name or one below it: example.dns, www.example.dns, *.example.dns"] as const;

async function openPublisher(run: Run): Promise<Publisher> {
  const session = await openNamesWallet(run);
  const program = run.settings("chain").quorumProgram;
  return {
    ...session,
    data: run.settings("general").data,
    feeds: openFeeds(feedUrls(run)),
    readQuorum: () => findQuorum(session.rpc, program),
  };
}

export const recordsCommand: CommandSpec = {
  name: "records",
  about:
    "Show a name's records as they are final, checked against the chain, and what waits to become final.",
  args: [["<name>", "with or without .dns"]],
  sections: SIGNING_SECTIONS,
  examples: [
    ["tolldns name records example.dns", "as a zone file"],
    ["tolldns name records example.dns --json", "for scripts"],
  ],
  async action(run) {
    const publisher = await openPublisher(run);
    const label = labelOf(run);
    const standing = await readStanding(publisher, label);
    const { final, pending, version, records } = standing;
    const entry = final?.entry ?? null;
    const lines = [
      entry === null
        ? `; nothing of ${label}.dns is final yet`
        : `; version ${entry.version}, final in epoch ${final?.epoch} or before, signed until ${moment(entry.expiresAt)}`,
      zoneText(final?.records ?? [], label),
      ...(pending ? [`; version ${version} is signed and not final yet:`, zoneText(records, label)] : []),
    ];
    run.out.result(
      {
        name: `${label}.dns`,
        epoch: final?.epoch ?? null,
        version: entry?.version ?? null,
        expiresAt: entry?.expiresAt ?? null,
        records: (final?.records ?? []).map(recordJson),
        pending: pending ? { version, records: records.map(recordJson) } : null,
      },
      lines.join("\n").trimEnd(),
    );
  },
};

const recordJson = ({ owner, type, ttl, data }: RouteRecord) => ({
  owner: formatName(owner).replace(/\.$/, ""),
  type: typeName(type),
  ttl,
  data: formatData(type, data),
});

const zoneText = (records: readonly RouteRecord[], label: string): string =>
  formatZone(records, wireName(label)).trimEnd();

/** Reads what stands, changes it, signs and sends. */
async function edit(
  run: Run,
  label: string,
  change: (records: readonly RouteRecord[]) => readonly RouteRecord[],
) {
  const publisher = await openPublisher(run);
  const standing = await readStanding(publisher, label);
  await publish(run, publisher, label, standing, change(standing.records));
}

async function publish(
  run: Run,
  publisher: Publisher,
  label: string,
  standing: Standing,
  records: readonly RouteRecord[],
) {
  const published = await publishRecords(publisher, label, standing, records, {
    onChain: run.flags.onChain === true,
  });
  const name = `${label}.dns`;
  run.out.event({ event: "published", name, version: published.version, updateHash: published.updateHash });
  run.out.progress(
    `Version ${published.version} of ${name} is signed${published.feed === null ? "" : ` and with ${published.feed}`}.`,
  );
  const epoch = run.flags.wait === true ? await wait(run, publisher, label, published) : null;
  const { version, updateHash, expiresAt, feed, signature } = published;
  const rows = parseWire(published.records, wireName(label));
  run.out.result(
    { name, version, updateHash, expiresAt, feed, signature, epoch, records: rows.map(recordJson) },
    [
      zoneText(rows, label),
      "",
      ...(signature === null ? [] : [`Posted on chain, transaction ${signature}`]),
      ...(feed === null
        ? ["No feed has its records yet: run this again once one can be reached, or nobody can resolve them."]
        : []),
      epoch === null
        ? `It is final with the next epoch; \`tolldns name records ${name}\` shows when.`
        : `Final in epoch ${epoch}. \`tolldns verify ${name}\` shows the evidence.`,
    ].join("\n"),
  );
}

function wait(run: Run, publisher: Publisher, label: string, published: Published): Promise<bigint> {
  const seconds = numberOf(run, "timeout", 900, 1, 86_400);
  let last: bigint | undefined;
  const onLook = (route: FinalRoute | null) => {
    if (route === null || route.epoch === last) return;
    last = route.epoch;
    run.out.progress(`Waiting for the epoch after ${route.epoch} to become final …`);
  };
  return waitUntilFinal(publisher, label, published, { seconds, onLook });
}

export const setCommand: CommandSpec = {
  name: "set",
  about:
    "Publish a record in place of those of its owner and type: signed by the wallet, final with the next epoch.",
  args: [OWNER, ["<type>", "A, AAAA, CNAME, TXT, MX, …"], ["<data...>", "as in a zone file"]],
  sections: SIGNING_SECTIONS,
  flags: [TTL, ...PUBLISHING],
  examples: [
    ["tolldns name set example.dns A 192.0.2.1 --wait", "and wait until everybody sees it"],
    ["tolldns name set www.example.dns CNAME example.dns.", "one below it"],
    ['tolldns name set example.dns TXT "hello there"', "a text"],
  ],
  async action(run) {
    const { owner, record } = recordOf(run);
    await edit(run, owner.label, (records) => replaceRecords(records, [record]));
  },
};

export const addCommand: CommandSpec = {
  name: "add",
  about: "Publish one more record beside those there are.",
  args: [OWNER, ["<type>", "A, AAAA, TXT, MX, …"], ["<data...>", "as in a zone file"]],
  sections: SIGNING_SECTIONS,
  flags: [TTL, ...PUBLISHING],
  examples: [["tolldns name add example.dns MX 10 mail.example.dns.", "another mail server"]],
  async action(run) {
    const { owner, record } = recordOf(run);
    await edit(run, owner.label, (records) => addRecord(records, record));
  },
};

function recordOf(run: Run) {
  const [name = "", type = "", ...data] = run.args;
  const owner = parseOwner(name);
  return { owner, record: parseOne(owner, type, data, numberOf(run, "ttl", 300, 30, 86_400)) };
}

export const removeCommand: CommandSpec = {
  name: "remove",
  about: "Take records away: all of an owner, those of one type, or one of them.",
  args: [OWNER, ["[type]", "only these"], ["[data...]", "only this one"]],
  sections: SIGNING_SECTIONS,
  flags: PUBLISHING,
  examples: [
    ["tolldns name remove www.example.dns", "everything at www"],
    ["tolldns name remove example.dns A 192.0.2.1", "one address"],
  ],
  async action(run) {
    const [name = "", type, ...data] = run.args;
    const owner = parseOwner(name);
    const place = ownerWire(owner);
    const number = type === undefined ? undefined : typeNumber(type);
    if (type !== undefined && number === undefined)
      throw new CliError(
        "records-invalid",
        `a route can't hold type ${type}`,
        "`tolldns name records` shows what is there.",
      );
    const one = data.length === 0 ? undefined : parseOne(owner, type ?? "", data, 300).data;
    await edit(run, owner.label, (records) => removeRecords(records, place, number, one));
  },
};

function ownerWire(owner: Owner): Uint8Array {
  const [record] = parseRecords(`${owner.relative} 300 IN A 192.0.2.1`, owner.label).records;
  return record?.owner ?? new Uint8Array();
}

export const importCommand: CommandSpec = {
  name: "import",
  about: "Publish a zone file (RFC 1035) as all of a name's records; nothing else stays.",
  args: [
    ["<name>", "with or without .dns"],
    ["<file>", "zone file, or - for standard input"],
  ],
  sections: SIGNING_SECTIONS,
  flags: PUBLISHING,
  examples: [
    [
      "tolldns name import example.dns example.zone --wait",
      "SOA, NS and signatures of the zone are left out",
    ],
    ["tolldns name export example.dns | tolldns name import other.dns -", "copy what is relative"],
  ],
  async action(run) {
    const label = labelOf(run);
    const file = run.args[1] ?? "-";
    const { records, skipped } = parseRecords(readFileSync(file === "-" ? 0 : file, "utf8"), label);
    for (const { line, type } of skipped)
      run.out.progress(`Line ${line}: left out, ${type} belongs to a zone's delegation or signing.`);
    const publisher = await openPublisher(run);
    await publish(run, publisher, label, await readStanding(publisher, label), records);
  },
};

export const exportCommand: CommandSpec = {
  name: "export",
  about: "Write a name's final records as a zone file (RFC 1035).",
  args: [
    ["<name>", "with or without .dns"],
    ["[file]", "where to (default: standard output)"],
  ],
  sections: SIGNING_SECTIONS,
  examples: [["tolldns name export example.dns example.zone", "to edit and import again"]],
  async action(run) {
    const label = labelOf(run);
    const { final } = await readStanding(await openPublisher(run), label);
    const zone = formatZone(final?.records ?? [], wireName(label));
    const file = run.args[1];
    if (file === undefined) return run.out.result({ name: `${label}.dns`, zone }, zone.trimEnd());
    try {
      writeFileSync(file, zone, { flag: "wx" });
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
      throw new CliError("file-exists", `${file} is there already`, "Name another file.", { cause });
    }
    run.out.result(
      { name: `${label}.dns`, written: file },
      `Wrote ${final?.records.length ?? 0} records to ${file}.`,
    );
  },
};

export const refreshCommand: CommandSpec = {
  name: "refresh",
  about:
    "Sign the present records again, so that they last until the name's present end: after a renewal, or as its new owner.",
  args: [["<name>", "with or without .dns"]],
  sections: SIGNING_SECTIONS,
  flags: PUBLISHING,
  examples: [
    [
      "tolldns name renew example.dns && tolldns name refresh example.dns",
      "another year for name and records",
    ],
  ],
  action: (run) => edit(run, labelOf(run), (records) => records),
};
