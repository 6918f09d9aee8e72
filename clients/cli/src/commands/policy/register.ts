import { toHex } from "@tolldns/sdk";
import { formatTarget, registerTarget, targetId } from "@tolldns/sdk/policy";
import type { CommandSpec } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { readTargets, sendPolicy } from "../../policy/program.ts";
import { readTarget } from "../../policy/targets.ts";
import { readKeyFile } from "../../wallet/key-file.ts";
import { keyPath } from "../wallet/open.ts";
import { openPolicyProgram } from "./open.ts";

export const registerCommand: CommandSpec = {
  name: "register",
  about:
    "Register a backend or gateway, so that verifiers probe it. Anyone may; nobody owns it; the rent returns when it is closed.",
  args: [["<target>", "udp://192.0.2.1:53, tls://192.0.2.1:853#name, …; a gateway: https://host[:port]"]],
  sections: ["chain", "wallet"],
  examples: [
    ["tolldns policy register https://dns.example.org", "a gateway"],
    ["tolldns policy register udp://192.0.2.1", "a backend, as the configuration has it"],
  ],
  async action(run) {
    const target = readTarget(run.args[0] ?? "");
    const name = formatTarget(target);
    const { kind } = target;
    const { rpc, program } = await openPolicyProgram(run);
    const signer = readKeyFile(keyPath(run));
    const id = toHex(targetId(target));
    const known = (await readTargets(rpc, program)).some((one) => toHex(one.id) === id);
    if (known)
      return run.out.result({ id, kind, name, changed: false }, `The ${kind} ${name} is registered already.`);
    if ((await rpc.readAccount(signer.publicKey)) === null)
      throw new CliError(
        "funds-short",
        "the wallet has no SOL for the rent of a target",
        "`tolldns wallet fund` gives some on a development chain; else send it some.",
      );
    const { deployment } = program;
    const signature = await sendPolicy(rpc, program, signer, [
      registerTarget({ deployment, payer: signer.publicKey, kind, name }),
    ]);
    run.out.result(
      { id, kind, name, changed: true, signature },
      `The ${kind} ${name} is registered; verifiers probe it from their next window on.\nTransaction ${signature}`,
    );
  },
};
