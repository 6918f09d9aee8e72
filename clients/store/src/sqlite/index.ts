/** The bare file, for those with tables of their own: every commit synced, errors as this package names them. */
export {
  asBigint,
  asBytes,
  asNumber,
  asText,
  type Row,
  type Sql,
  type SqlTx,
  type SqlValue,
} from "../sql.ts";
export { openSqlite, type SqliteOptions } from "./driver.ts";
