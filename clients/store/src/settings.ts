import { asBytes, type Sql } from "./sql.ts";
import type { Store } from "./types.ts";

export function createSettings(sql: Sql): Pick<Store, "readValue" | "writeValue"> {
  return {
    readValue: async (key) => {
      const [row] = await sql.read((tx) => tx.all("SELECT value FROM settings WHERE name = $1", [key]));
      return row === undefined ? null : asBytes(row.value);
    },
    writeValue: async (key, value) => {
      await sql.write((tx) =>
        tx.run(
          "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
          [key, new Uint8Array(value)],
        ),
      );
    },
  };
}
