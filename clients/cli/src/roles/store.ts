import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openStore, type Store } from "@tolldns/store";
import type { Run } from "../command.ts";
import { CliError } from "../errors.ts";

/** Opens the store that the settings name. @throws CliError option-invalid, StoreError */
export async function openNamedStore(run: Run): Promise<Store> {
  const named = run.settings("store").store ?? `sqlite:${join(run.settings("general").data, "store.sqlite")}`;
  if (/^postgres(ql)?:\/\//.test(named)) return openStore({ kind: "postgres", connection: named });
  const path = /^sqlite:(.+)$/.exec(named)?.[1];
  if (path === undefined)
    throw new CliError(
      "option-invalid",
      "store is neither sqlite:<path> nor postgres://…",
      "For one machine: sqlite:/var/lib/tolldns/store.sqlite",
    );
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  return openStore({ kind: "sqlite", path });
}
