import { readFileSync } from "node:fs";
import { formatAddress } from "@tolldns/sdk";
import type { CommandSpec } from "../../command.ts";
import { CliError } from "../../errors.ts";
import { createKeyFile, parseSecret, readKeyFile, writeSecret } from "../../wallet/key-file.ts";
import { keyPath } from "./open.ts";

export const createCommand: CommandSpec = {
  name: "create",
  about: "Make a new wallet. Never replaces one.",
  sections: ["wallet"],
  examples: [
    ["tolldns wallet create", "in the data folder"],
    ["tolldns wallet create --key ~/dns-wallet.json", "somewhere else"],
  ],
  async action(run) {
    const path = keyPath(run);
    const address = formatAddress(createKeyFile(path).publicKey);
    run.out.result(
      { address, key: path },
      `Made wallet ${address}\nIts key is in ${path}. Keep a copy: whoever has it has the money, and without it the money is lost.`,
    );
  },
};

export const importCommand: CommandSpec = {
  name: "import",
  about:
    "Take over a keypair that another tool wrote. Never read from an argument: those can be seen by others.",
  args: [["<file>", "JSON array or base58, or - for standard input"]],
  sections: ["wallet"],
  examples: [
    ["tolldns wallet import ~/.config/solana/id.json", "the keypair of Solana's own tools"],
    ["tolldns wallet import - < exported.txt", "base58, as browser wallets export it"],
  ],
  async action(run) {
    const [file = "-"] = run.args;
    const secret = parseSecret(readFileSync(file === "-" ? 0 : file, "utf8"));
    if (secret === undefined)
      throw new CliError(
        "wallet-file",
        "that is no keypair",
        "It is a JSON array of 64 bytes, or 64 bytes in base58.",
      );
    const path = keyPath(run);
    writeSecret(path, secret);
    const address = formatAddress(readKeyFile(path).publicKey);
    run.out.result({ address, key: path }, `Imported wallet ${address} to ${path}`);
  },
};

export const addressCommand: CommandSpec = {
  name: "address",
  about: "Print the wallet's address.",
  sections: ["wallet"],
  examples: [["tolldns wallet address", "to receive SOL and Index Units"]],
  async action(run) {
    const path = keyPath(run);
    const address = formatAddress(readKeyFile(path).publicKey);
    run.out.result({ address, key: path }, address);
  },
};
