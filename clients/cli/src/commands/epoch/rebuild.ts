import { readFileSync } from "node:fs";
import { bytesEqual, toHex } from "@tolldns/sdk";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findQuorum, type Quorum } from "../../names/quorum.ts";
import { createRpc } from "../../wallet/rpc.ts";
import { feedUrls, rpcUrl } from "../wallet/open.ts";

/** Most bytes of a file: an epoch of 16 384 updates with full record sets. */
const MAX_FILE = 96 * 1024 ** 2;

export const rebuildCommand: CommandSpec = {
  name: "rebuild",
  about: "Make every root anew from the published updates of all epochs, and compare with the chain's.",
  args: [["[files...]", "CAR files in order of epochs (default: fetched from a feed)"]],
  sections: ["chain"],
  examples: [
    ["tolldns epoch rebuild", "from a feed, which is believed nothing"],
    ["tolldns epoch rebuild 1.car 2.car 3.car", "from files"],
  ],
  async action(run) {
    const rpc = createRpc(rpcUrl(run));
    const quorum = await findQuorum(rpc, run.settings("chain").quorumProgram);
    if (quorum.final === undefined)
      throw new CliError(
        "not-final",
        "no epoch is final yet, so there is nothing to rebuild",
        "`tolldns epoch watch` shows when one is.",
      );
    const { rebuildRoots } = await import("@tolldns/keepers");
    const files =
      run.args.length > 0
        ? run.args.map((file) => new Uint8Array(readFileSync(file)))
        : fetchFiles(run, quorum);
    let last: { epoch: bigint; root: Uint8Array } | undefined;
    let epochs = 0;
    let updates = 0;
    let names = 0;
    for await (const rebuilt of rebuildRoots(files, { domain: quorum.domain, verify: verifyEd25519Node })) {
      const { epoch, root, count } = rebuilt;
      const known = quorum.recent.find((one) => one.epoch === epoch);
      const equals = known === undefined ? null : bytesEqual(known.root, root);
      run.out.event({ event: "rebuilt", epoch, root, count, names: rebuilt.names, equals });
      run.out.say(
        `epoch ${epoch}  ${count} updates  ${toHex(root)}  ${equals === null ? "older than what the chain remembers" : equals ? "as the chain has it" : "NOT what the chain has"}`,
      );
      if (equals === false)
        throw new CliError(
          "feed-refused",
          `epoch ${epoch} rebuilds to another root than the chain has`,
          "The files are not what was voted for; take them from another feed.",
        );
      last = { epoch, root };
      epochs++;
      updates += count;
      names = rebuilt.names;
    }
    if (last?.epoch !== quorum.final.epoch)
      throw new CliError(
        "feed-refused",
        `the files end at epoch ${last?.epoch ?? 0}, the chain's last final one is ${quorum.final.epoch}`,
        "Files are missing: take them from another feed.",
      );
    run.out.result(
      { epochs, updates, names, epoch: last.epoch, root: last.root, equals: true },
      `${epochs} epochs with ${updates} updates give the chain's root of epoch ${last.epoch}: ${names} names.`,
    );
  },
};

/** Files of final epochs, first to last; epochs without one were stalled or rejected, or a root will not fit. */
async function* fetchFiles(run: Run, quorum: Quorum): AsyncGenerator<Uint8Array> {
  const [feed] = feedUrls(run);
  if (feed === undefined)
    throw new CliError(
      "feed-missing",
      "no feed to take the files from",
      "Start `tolldns up`, name a feed with --feeds, or name files.",
    );
  const end = quorum.final?.epoch ?? 0n;
  for (let epoch = 1n; epoch <= end; epoch++) {
    const response = await fetch(`${feed.replace(/\/$/, "")}/v1/epochs/${epoch}.car`, {
      signal: AbortSignal.timeout(60_000),
    }).catch((cause: unknown) => {
      throw new CliError("feed-missing", `${feed} does not answer`, "Name another feed with --feeds.", {
        cause,
      });
    });
    if (response.status === 404) continue;
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (!response.ok || bytes.length > MAX_FILE)
      throw new CliError(
        "feed-refused",
        `${feed} answers ${response.status} for epoch ${epoch}`,
        "Name another feed with --feeds.",
      );
    yield bytes;
  }
}
