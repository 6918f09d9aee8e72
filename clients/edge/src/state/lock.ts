import { open, readFile, unlink } from "node:fs/promises";
import { EdgeError } from "../errors.ts";

/**
 * Takes the state folder for this process. A lock whose process is gone, or whose number another process has now, is taken over.
 * @throws EdgeError journal-locked
 */
export async function lockFolder(path: string): Promise<{ release(): Promise<void> }> {
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(path, "wx", 0o600);
      await file.writeFile(mine);
      await file.close();
      return {
        async release() {
          await unlink(path).catch(() => {});
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid, start] = (await readFile(path, "utf8").catch(() => "")).trim().split(" ");
    if (pid !== undefined && pid !== "" && (await startOf(Number(pid))) === start)
      throw new EdgeError("journal-locked", `process ${pid}`);
    await unlink(path).catch(() => {});
  }
  throw new EdgeError("journal-locked", path);
}

/** When a process began, in the kernel's ticks; tells it from a later one of the same number. "-" where /proc can't say. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
  if (stat !== null) return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  try {
    process.kill(pid, 0);
    return "-";
  } catch {
    return "gone";
  }
}
