import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { VerifierOptions } from "@tolldns/keepers";
import type { Signer } from "@tolldns/sdk";
import { readChallengeSet, type Target } from "@tolldns/sdk/policy";
import type { CommandSpec, Run } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { findPolicy } from "../../policy/program.ts";
import { readTarget } from "../../policy/targets.ts";
import { createStack, runUntilSignal, type Stack } from "../../roles/lifetime.ts";
import { ensureDataDir } from "../../state.ts";
import { setsAtHand } from "../../verifier/sets.ts";
import { findEscrow } from "../../wallet/account.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import { createRpc } from "../../wallet/rpc.ts";
import { keyPath, rpcUrl } from "../wallet/open.ts";

export const VERIFIER_SECTIONS = ["chain", "wallet", "verifier"] as const;

/** Where the verifier key is. */
export const verifierKeyFile = (run: Run): string =>
  run.settings("verifier").verifierKey ?? join(run.settings("general").data, "verifier.json");

export const readVerifierKey = (run: Run): Signer =>
  readKeyFile(
    verifierKeyFile(run),
    "Make one with `tolldns verifier init`, or name one with --verifier-key.",
  );

export const runCommand: CommandSpec = {
  name: "run",
  about: "Run the verifier (what `tolldns verifier` does by itself).",
  sections: VERIFIER_SECTIONS,
  examples: [["tolldns verifier run --reference udp://127.0.0.1:5335", "with Unbound beside it"]],
  action: runVerifier,
};

export async function runVerifier(run: Run): Promise<void> {
  const stack = createStack();
  try {
    const { startVerifier } = await import("@tolldns/keepers");
    const options = await composeVerifier(run, stack);
    const verifier = stack.add("verifier", await startVerifier(options));
    await verifier.tick();
    const { operator, url, targets, lastError } = verifier.status();
    const who =
      operator === null
        ? "no VERIFIER node has this key yet: `tolldns verifier status` says what is missing"
        : `operator ${operator}`;
    run.out.result(
      { event: "ready", ...verifier.status() },
      `Verifier of ${targets.length} targets (${who}); reports on ${url ?? "no address"}.${lastError === null ? "" : ` ${lastError}.`} Ctrl-C ends it.`,
    );
    await runUntilSignal(() => stack.close());
    run.out.result({ event: "ended", ...verifier.status() }, "Ended.");
  } finally {
    await stack.close();
  }
}

/** What one that runs beside another in the same data folder has of its own. */
export interface VerifierChanges {
  readonly storePath: string;
  /** Folder of lanes and limits; null where no gateway is asked. */
  readonly payingFolder: string | null;
  readonly targets: readonly Target[];
  /** A gateway that is paid once before anything is measured. */
  readonly payFirst?: Target | undefined;
}

/** Puts together what a verifier is started with, from settings. What is opened is ended by `stack`. */
export async function composeVerifier(
  run: Run,
  stack: Stack,
  changes?: VerifierChanges,
): Promise<VerifierOptions> {
  const url = rpcUrl(run);
  const rpc = createRpc(url);
  const { data } = run.settings("general");
  const settings = run.settings("verifier");
  const key = readVerifierKey(run);
  const { policyProgram, quorumProgram } = run.settings("chain");
  const { reference } = settings;
  if (reference === undefined)
    throw new CliError(
      "option-missing",
      "a verifier needs a validating resolver of its own that says what is right",
      "Run Unbound or Knot Resolver beside it and name it, such as --reference udp://127.0.0.1:5335.",
    );
  const [{ openLane, openReference, verifierOptions }, { openConnection }, { openPayingPath }] =
    await Promise.all([
      import("../../roles/verifier.ts"),
      import("../../roles/connection.ts"),
      import("@tolldns/edge"),
    ]);
  const { deployment, config } = await findPolicy(rpc, policyProgram);
  ensureDataDir(data);
  const payer = settings.payer === undefined ? undefined : readKeyFile(settings.payer);
  const targets = changes?.targets ?? settings.targets?.map(readTarget);
  const payingFolder = changes === undefined ? join(data, "verifier") : changes.payingFolder;
  const path =
    settings.tolls && payingFolder !== null
      ? stack.add(
          "paying path",
          await openPayingPath({
            stateDir: payingFolder,
            wallet: {
              rpcUrl: url,
              deployment: (await findEscrow(rpc, run.settings("chain").escrow)).deployment,
              owner: { keyFile: keyPath(run) },
            },
            limits: {
              perHour: settings.perDay,
              perDay: settings.perDay,
              laneReserve: settings.laneReserve,
              lanesTotal: settings.lanesTotal,
            },
          }),
        )
      : null;
  const { probes, crank, challenge, keepWindows } = settings;
  const gatewayCa =
    settings.gatewayCa === undefined ? {} : { gatewayCa: readPem(settings.gatewayCa, "gateway_ca") };
  if (changes?.payFirst !== undefined && path !== null)
    await openLane(path, changes.payFirst, gatewayCa.gatewayCa);
  return verifierOptions({
    rpc,
    connection: stack.add("connection", openConnection(url)).connection,
    program: deployment.policy,
    quorumProgram,
    key,
    ...(payer === undefined ? {} : { feePayer: payer }),
    storePath: changes?.storePath ?? join(data, "verifier.sqlite"),
    sets: await setsAtHand(config, (settings.sets ?? []).map(readSet)),
    reference: stack.add("reference", openReference(reference)),
    path,
    ...gatewayCa,
    ...(settings.backendCa === undefined ? {} : { backendCa: readPem(settings.backendCa, "backend_ca") }),
    ...(targets === undefined ? {} : { targets }),
    privateTargets: settings.privateTargets,
    register: settings.register,
    listen: settings.listen,
    settings: { crank, challenge, keepWindows, ...(probes === undefined ? {} : { probes }) },
  });
}

function readSet(path: string) {
  return readChallengeSet(readPem(path, "sets"));
}

function readPem(path: string, setting: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new CliError(
      "option-invalid",
      `${setting}: ${path} can't be read`,
      "Name a file this user may read.",
      { cause },
    );
  }
}
