/**
 * A keeper as a process of its own, `node main.ts CONFIG.json`: starts it, says `ready` and closes it on SIGINT and SIGTERM. What can't be started is
 * told on standard error with what to do about it.
 */
export async function runProcess(
  start: (configFile: string) => Promise<{ close(): Promise<void> }>,
): Promise<void> {
  const [path] = process.argv.slice(2);
  if (path === undefined) {
    process.stderr.write("usage: main.ts CONFIG.json\n");
    process.exit(2);
  }
  try {
    const running = await start(path);
    process.stdout.write("ready\n");
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    });
    await running.close();
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    process.stderr.write(hint === undefined ? `${message}\n` : `${message}\n${hint}\n`);
    process.exitCode = 1;
  }
}
