/** Room for so many at once; others wait in line. */
export interface Slots {
  /** Resolves to what gives the place back. Whose `signal` has aborted already does not wait in line. */
  take(signal: AbortSignal): Promise<() => void>;
}

export function createSlots(most: number): Slots {
  let taken = 0;
  const waiting: (() => void)[] = [];
  return {
    take: (signal) =>
      new Promise((resolve) => {
        const enter = () => {
          taken++;
          let given = false;
          resolve(() => {
            if (given) return;
            given = true;
            taken--;
            waiting.shift()?.();
          });
        };
        if (taken < most || signal.aborted) enter();
        else waiting.push(enter);
      }),
  };
}
