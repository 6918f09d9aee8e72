import { type MigrateOptions, migrate } from "@tolldns/migrations";
import { deploymentFolder } from "../wallet/faucet.ts";

/** Brings the chain to where this version wants it; run again it changes nothing. */
export async function deployPrograms(
  rpcUrl: string,
  data: string,
  onProgress: (text: string) => void = () => {},
) {
  const report: NonNullable<MigrateOptions["onProgress"]> = ({ message, done, total }) =>
    onProgress(done === undefined || total === undefined ? message : `${message} ${done}/${total}`);
  return migrate({ rpcUrl, folder: deploymentFolder(data), onProgress: report });
}
