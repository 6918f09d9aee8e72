/** A small seeded generator (xorshift32): the same numbers in every process. */
export function dice(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** What the payer of a lane promises, voucher by voucher; any process can work it out. */
export function promisesOf(seed: number, lane: number, vouchers: number): bigint[] {
  const roll = dice(seed * 7_919 + lane * 104_729 + 1);
  let cumulative = 0n;
  return Array.from({ length: vouchers }, () => {
    cumulative += BigInt(1 + Math.floor(roll() * 900));
    return cumulative;
  });
}
