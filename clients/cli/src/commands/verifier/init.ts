import { formatAddress } from "@tolldns/sdk";
import type { CommandSpec } from "../../command.ts";
import { createKeyFile } from "../../wallet/key-file.ts";
import { verifierKeyFile } from "./run.ts";

export const initCommand: CommandSpec = {
  name: "init",
  about: "Make the verifier key. It signs reports and pays their fees; it needs some SOL and no more.",
  sections: ["verifier"],
  examples: [["tolldns verifier init", "in the data folder; then `tolldns stake node add --role verifier`"]],
  async action(run) {
    const path = verifierKeyFile(run);
    const address = formatAddress(createKeyFile(path).publicKey);
    run.out.result(
      { verifier: address, key: path },
      `Made verifier key ${address}\nIt is in ${path}. Send it some SOL, and register it: \`tolldns stake node add --role verifier --hot-key ${address} --region <number> --asn <number> --endpoint https://…\``,
    );
  },
};
