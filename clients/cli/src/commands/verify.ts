import { createFeed, type Feed, webTransport } from "@tolldns/sdk/feed";
import { normalizeLabel, wireName } from "@tolldns/sdk/names";
import { formatRecord } from "@tolldns/sdk/zone";
import type { CommandSpec, Run } from "../command.ts";
import { CliError, EXIT } from "../errors.ts";
import { findQuorum } from "../names/quorum.ts";
import { requireFeeds } from "../names/route.ts";
import { chainStep, committeeSteps, describeSigner, finalRootOf, newestStep } from "../verify/chain.ts";
import { readEvidence, readHash, saveEvidence } from "../verify/file.ts";
import { type Examined, examine, rootStep, type Step } from "../verify/steps.ts";
import { createRpc } from "../wallet/rpc.ts";
import { feedUrls, rpcUrl } from "./wallet/open.ts";

const PATIENCE_MS = 10_000;

export const verifyCommand: CommandSpec = {
  name: "verify",
  about:
    "Check a .dns name's route yourself: records, owner's signature, path to the root, votes, chain. Ends with 0 if every step holds, 1 if one fails.",
  args: [["<name>", "with or without .dns"]],
  sections: ["chain"],
  flags: [
    ["--feed <url>", "ask this feed and no other"],
    ["--epoch <number>", "the evidence under an older root that the feed still has"],
    ["--save <file>", "write the evidence to a file, for checking it elsewhere"],
    ["--evidence <file>", "check evidence in a file, offline: needs --root"],
    ["--root <hash>", "the root you trust, hex or base64url, with --evidence"],
    ["--domain <hash>", "the cluster's domain, where the file is a feed's bare bytes"],
  ],
  examples: [
    ["tolldns verify example.dns", "the chain of evidence, link by link"],
    ["tolldns verify example.dns --json", "the same for programs"],
    ["tolldns verify example.dns --save example.json", "keep the evidence"],
    ["tolldns verify example.dns --evidence example.json --root <hash>", "offline, against a root you trust"],
  ],
  action: (run) => (run.flags.evidence === undefined ? verifyOnline(run) : verifyOffline(run)),
};

async function verifyOnline(run: Run): Promise<void> {
  const label = normalizeLabel(run.args[0] ?? "");
  const rpc = createRpc(rpcUrl(run));
  const quorum = await findQuorum(rpc, run.settings("chain").quorumProgram);
  const urls = run.flags.feed === undefined ? feedUrls(run) : [String(run.flags.feed)];
  const feeds = requireFeeds(urls.map((url) => createFeed(url, webTransport(globalThis.fetch))));
  const { evidence, feed } = await fetchEvidence(feeds, label, epochOf(run));
  const domain = quorum.domain;
  const now = BigInt(Math.floor(Date.now() / 1_000));
  const examined = examine(evidence, wireName(label), domain, now);
  // The chain's word may be newer than the feed's by now, so it is read after.
  const root = finalRootOf(await findQuorum(rpc, run.settings("chain").quorumProgram), examined.epoch);
  const steps: Step[] = [
    ...(await withSigner(examined, () => describeSigner(rpc, quorum, label, examined.signer as Uint8Array))),
    rootStep(examined, root, "the chain"),
    ...(run.flags.epoch === undefined ? [newestStep(quorum, examined.epoch)] : []),
    ...(await committeeSteps(rpc, quorum, examined.epoch)),
    await chainStep(rpc, quorum),
  ];
  if (run.flags.save !== undefined)
    saveEvidence(String(run.flags.save), {
      name: `${label}.dns`,
      evidence,
      domain,
      epoch: examined.epoch,
      root: examined.root,
    });
  finish(run, label, examined, steps, { feed });
}

async function verifyOffline(run: Run): Promise<void> {
  const label = normalizeLabel(run.args[0] ?? "");
  if (run.flags.root === undefined)
    throw new CliError(
      "option-missing",
      "--evidence needs --root",
      "Say which root you trust: `tolldns verify <name> --json` of a machine with a chain prints it.",
    );
  const file = readEvidence(String(run.flags.evidence));
  const domain = run.flags.domain === undefined ? file.domain : readHash("domain", run.flags.domain);
  if (domain === null)
    throw new CliError(
      "option-missing",
      "a file of bare evidence doesn't say which cluster it is of",
      "Name the cluster's domain with --domain, or save the evidence with `tolldns verify --save`.",
    );
  // The root commits to the domain, in every update's hash: a file that names another one leads elsewhere.
  const examined = examine(file.evidence, wireName(label), domain, BigInt(Math.floor(Date.now() / 1_000)));
  const root = readHash("root", run.flags.root);
  finish(run, label, examined, [...examined.steps, rootStep(examined, root, "you")], { feed: null });
}

/** @throws CliError feed-refused */
async function fetchEvidence(
  feeds: readonly Feed[],
  label: string,
  epoch: bigint | undefined,
): Promise<{ readonly evidence: Uint8Array; readonly feed: string }> {
  const failures: string[] = [];
  for (const feed of feeds)
    try {
      const call = { signal: AbortSignal.timeout(PATIENCE_MS), ...(epoch === undefined ? {} : { epoch }) };
      return { evidence: await feed.evidence(`${label}.dns`, call), feed: feed.url };
    } catch (error) {
      failures.push(`${feed.url}: ${error instanceof Error ? error.message : String(error)}`);
    }
  throw new CliError(
    "feed-refused",
    `no feed gave evidence for ${label}.dns: ${failures.join("; ")}`,
    "Name another feed with --feed.",
  );
}

function epochOf(run: Run): bigint | undefined {
  const given = run.flags.epoch;
  if (given === undefined) return undefined;
  if (/^\d{1,19}$/.test(String(given))) return BigInt(String(given));
  throw new CliError("usage", "--epoch is a whole number", "For example --epoch 12.");
}

async function withSigner(examined: Examined, whoIs: () => Promise<string>): Promise<readonly Step[]> {
  if (!examined.steps.some(({ step, ok }) => step === "signature" && ok === true)) return examined.steps;
  const signerIs = await whoIs();
  return examined.steps.map((one) =>
    one.step === "signature"
      ? { ...one, detail: `${one.detail}, ${signerIs}`, facts: { ...one.facts, signerIs } }
      : one,
  );
}

const TITLES: Readonly<Record<string, string>> = {
  evidence: "Evidence",
  name: "Name",
  records: "Records",
  update: "Update",
  path: "Path",
  signature: "Signature",
  term: "Valid",
  root: "Root",
  newest: "Final",
  votes: "Votes",
  chain: "Chain",
};

function finish(
  run: Run,
  label: string,
  examined: Examined,
  steps: readonly Step[],
  more: { readonly feed: string | null },
): void {
  const ok = steps.every((one) => one.ok !== false);
  const verdict = ok ? examined.status : examined.status === "expired" ? "expired" : "unproven";
  const origin = wireName(label);
  const lines = examined.records.map((record) => formatRecord(record, origin));
  const name = `${label}.dns`;
  run.out.result(
    {
      name,
      ok,
      verdict,
      epoch: examined.epoch,
      root: examined.root,
      ...more,
      records: examined.records.map((record) => formatRecord(record)),
      steps: steps.map(({ step, ok: held, detail, facts }) => ({ step, ok: held, detail, ...facts })),
    },
    [
      SENTENCES[verdict]?.(name) ?? name,
      "",
      ...steps.map(
        ({ step, ok: held, detail }) =>
          `  ${MARKS[String(held)]} ${(TITLES[step] ?? step).padEnd(10)} ${detail}`,
      ),
      ...(lines.length === 0 ? [] : ["", ...lines.map((line) => `  ${line}`)]),
    ].join("\n"),
  );
  if (!ok) process.exitCode = EXIT.failed;
}

const MARKS: Readonly<Record<string, string>> = { true: "ok  ", false: "FAIL", null: "-   " };
const SENTENCES: Readonly<Record<string, (name: string) => string>> = {
  present: (name) => `${name} is proven: its owner signed these records, and they are final.`,
  absent: (name) => `${name} is proven not to be there.`,
  expired: (name) => `${name} has expired: its owner's route is no answer any more.`,
  unproven: (name) => `${name} is NOT proven: do not trust what this evidence says.`,
};
