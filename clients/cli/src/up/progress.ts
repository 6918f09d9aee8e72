/** Progress of the start: one line redrawn on a terminal, a line for each step elsewhere. */
export function createProgress(stream: NodeJS.WriteStream, quiet: boolean) {
  const started = performance.now();
  let step = "";
  const seconds = () => (performance.now() - started) / 1_000;
  const draw = () => stream.write(`\r\x1b[2K${step} … ${seconds().toFixed(0)} s`);
  const timer = stream.isTTY === true && !quiet ? setInterval(draw, 1_000) : undefined;
  return {
    seconds,
    show(text: string) {
      if (quiet || text === step) return;
      const isNew = text.split(":")[0] !== step.split(":")[0];
      step = text;
      if (stream.isTTY === true) draw();
      else if (isNew) stream.write(`${text.split(":")[0]} …\n`);
    },
    done() {
      clearInterval(timer);
      if (stream.isTTY === true && !quiet && step !== "") stream.write("\r\x1b[2K");
    },
  };
}
