import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Opens for appending, mode 0600; a link in its place is refused. */
export function openToAppend(path: string): Promise<FileHandle> {
  return open(
    path,
    constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW,
    0o600,
  );
}

/** Makes names in a folder last. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
