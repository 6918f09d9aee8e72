/** Counts what is under way, by hash, in memory of a fixed size. Hashes that share a counter share its limit. */
export interface Flights {
  /** How many counters are at the limit. */
  readonly full: number;
  isFull(hash: number): boolean;
  begin(hash: number): void;
  end(hash: number): void;
  readonly bytes: number;
}

export function createFlights(limit: number, size = 16_384): Flights {
  const counts = new Uint32Array(size);
  let full = 0;
  return {
    bytes: counts.byteLength,
    get full() {
      return full;
    },
    isFull: (hash) => (counts[hash % size] as number) >= limit,
    begin(hash) {
      const count = (counts[hash % size] as number) + 1;
      counts[hash % size] = count;
      if (count === limit) full++;
    },
    end(hash) {
      const count = counts[hash % size] as number;
      if (count === 0) return;
      counts[hash % size] = count - 1;
      if (count === limit) full--;
    },
  };
}
