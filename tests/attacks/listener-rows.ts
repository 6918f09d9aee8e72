/**
 * The listener rows of the attack list, and the test that tries each. `title` stands in `file` as it is here; the coverage test looks.
 * Files are below tests/.
 */
export interface ListenerRow {
  readonly attack: string;
  readonly file: string;
  readonly title: string;
}

const row = (attack: string, file: string, title: string): ListenerRow => ({ attack, file, title });

export const LISTENER_ROWS: readonly ListenerRow[] = [
  row(
    "truncated, oversized, random datagrams",
    "attacks/listeners/malformed.test.ts",
    "goes on serving UDP through random and mutated datagrams",
  ),
  row(
    "compression pointers that loop",
    "attacks/listeners/compression.test.ts",
    "that point at themselves are refused",
  ),
  row(
    "multi-question, response as query",
    "attacks/listeners/malformed.test.ts",
    "answers mutated messages on a stream in step, and ends a stream that sends what is no query",
  ),
  row(
    "a million mutated messages",
    "attacks/listeners/malformed.slow.test.ts",
    "neither crash, nor hang, nor grow",
  ),
  row(
    "slow-loris on TCP, TLS and HTTP",
    "attacks/listeners/slow-loris.test.ts",
    "on TCP: a message that trickles in is given five seconds, however lively the trickle",
  ),
  row(
    "thousands of idle connections",
    "attacks/listeners/connections.test.ts",
    "cost little memory, and a new client is served beside them",
  ),
  row(
    "HTTP/2 rapid reset",
    "attacks/listeners/http2-floods.test.ts",
    "of requests reset at once (rapid reset) end the connection after a hundred or so",
  ),
  row(
    "HTTP/2 header and stream floods",
    "attacks/listeners/http2-floods.test.ts",
    "of CONTINUATION frames with headers without end stop at 32 KiB",
  ),
  row(
    "TLS with wrong names",
    "attacks/listeners/tls.test.ts",
    "with a wrong name or an unknown authority is refused by a client, not by us",
  ),
  row("TLS of old versions", "attacks/listeners/tls.test.ts", "older than 1.2 is refused on"),
  row(
    "names of 255 bytes, labels of 63, non-ASCII, escaped dots",
    "attacks/listeners/names.test.ts",
    "are refused beyond it, with FORMERR: 256 bytes, labels of 64",
  ),
  row(
    "amplification",
    "attacks/listeners/amplification.test.ts",
    "is bounded by the listener whatever payload size a client, or a forger, announces",
  ),
  row(
    "amplification by unpaid floods",
    "attacks/toll/strangers.test.ts",
    "answers an unpaid flood over UDP by dropping and truncating, never by more than was asked",
  ),
  row(
    "poisoning: wrong id",
    "attacks/listeners/poisoning.test.ts",
    "of a wrong id are thrown away, and the right one is taken",
  ),
  row(
    "poisoning: wrong port",
    "attacks/listeners/poisoning.test.ts",
    "from a wrong port never reach the question",
  ),
  row(
    "poisoning: wrong question case",
    "attacks/listeners/poisoning.test.ts",
    "in a wrong case of letters make us ask over TCP",
  ),
  row(
    "poisoning: unsolicited records, wrong bailiwick",
    "attacks/toll/upstreams.test.ts",
    "takes nothing of an answer that belongs to other names",
  ),
  row(
    "rebinding to private ranges",
    "attacks/toll/upstreams.test.ts",
    "lets names point home that the operator or the standards call private",
  ),
  row(
    "random-subdomain floods (water torture)",
    "attacks/toll/upstreams.test.ts",
    "keeps answering other zones while one is flooded with random names (water torture)",
  ),
  row(
    "NXNS",
    "attacks/toll/upstreams.test.ts",
    "follows no referral, however many name servers it names (NXNS)",
  ),
  row(
    "KeyTrap",
    "attacks/toll/upstreams.test.ts",
    "spends no time on piles of keys and signatures (KeyTrap)",
  ),
  row("an upstream that lies", "attacks/toll/upstreams.test.ts", "takes no answer with"),
  row(
    "an upstream that stalls",
    "attacks/toll/upstreams.test.ts",
    "answers SERVFAIL with an extended error in bounded time when an upstream stalls",
  ),
  row(
    "an upstream that truncates or resets",
    "attacks/toll/upstreams.test.ts",
    "asks over TCP when an answer is cut, and answers SERVFAIL when TCP is reset",
  ),
  row(
    "clock jumps",
    "attacks/listeners/clock.test.ts",
    "lets everything go when the machine slept for years",
  ),
  row(
    "TTL edges",
    "attacks/listeners/clock.test.ts",
    "lets an answer live to the last second of its TTL and not beyond",
  ),
  row(
    "a full disk",
    "attacks/toll/store.test.ts",
    "acknowledges no voucher a full disk can't hold, and lends no more than k units meanwhile",
  ),
  row(
    "a process killed at every write",
    "attacks/toll/store.test.ts",
    "keeps every acknowledged voucher when it ends at any call to the store",
  ),
  row(
    "a process killed under load",
    "gateway/kill.test.ts",
    "loses no acknowledged voucher and at most k units of ticks, five times in a row",
  ),
  row(
    "a store that goes away",
    "attacks/toll/store.test.ts",
    "serves k units while the store is away, says so to vouchers, and serves on when it is back",
  ),
  row("a forged toll", "attacks/toll/vouchers.test.ts", "refuses s + L in place of s"),
  row(
    "a replayed toll",
    "attacks/toll/openings.test.ts",
    "refuses an opening played again once a later one was seen",
  ),
  row("an exhausted toll", "attacks/toll/vouchers.test.ts", "refuses one micro-unit above the reserve"),
  row("an expired toll", "attacks/toll/vouchers.test.ts", "refuses expiry days outside the published range"),
  row(
    "a foreign toll",
    "attacks/toll/openings.test.ts",
    "refuses an opening for another ledger, so of another gateway or cluster",
  ),
  row(
    "each with a documented answer of its own",
    "attacks/toll/strangers.test.ts",
    "gives each bad payment its own documented answer, on DNS and on DoH",
  ),
  row(
    "serving while the payer's close was pending",
    "attacks/toll/vouchers.test.ts",
    "serves nothing while the payer's close is pending, from the moment the chain says so",
  ),
  row(
    "two requests incrementing one cumulative counter",
    "attacks/toll/vouchers.test.ts",
    "keeps the highest of two concurrent requests incrementing the same cumulative counter, and counts it once",
  ),
  row(
    "a crank closing a lane without the best voucher it held",
    "attacks/keepers/lanes.test.ts",
    "settles first and closes after the deadline, so that the payer gets back the rest and no more",
  ),
  row(
    "one stale watermark failing the whole batch",
    "attacks/keepers/lanes.test.ts",
    "lets the rest land when another keeper settled some of the lanes in between",
  ),
  row(
    "a transaction re-signed before its blockhash had expired",
    "attacks/keepers/outbox.test.ts",
    "signs anew only once the block after the last valid one is final and nobody knows the signature",
  ),
  row(
    "a verifier's reports: oversized, malformed, smuggled requests",
    "attacks/keepers/verifier-http.test.ts",
    "refuses requests that are oversized, malformed or none, and serves on",
  ),
  row(
    "a verifier's reports: floods from one address",
    "attacks/keepers/verifier-http.test.ts",
    "gives an address its share and no more",
  ),
  row(
    "a verifier's reports: idle connections",
    "attacks/keepers/verifier-http.test.ts",
    "holds a bounded number of connections, however many are opened",
  ),
  row(
    "a verifier's reports: slow-loris",
    "attacks/keepers/verifier-http.slow.test.ts",
    "ends requests whose headers trickle in (slow-loris), and serves others meanwhile",
  ),
  row(
    "a verifier's reports: endless files and redirects of another verifier",
    "attacks/keepers/verifier-http.test.ts",
    "takes no endless file, follows nowhere else, and asks only web addresses",
  ),
  row(
    "a verifier killed at any write",
    "verifier/store.test.ts",
    "has all it acknowledged after kills at any moment, and signs no window twice",
  ),
];

/** The rows as a Markdown table. */
export function listenerTable(): string {
  const lines = LISTENER_ROWS.map(({ attack, file, title }) => `| ${attack} | \`${file}\`: *${title}* |`);
  return `| attack | test |\n|---|---|\n${lines.join("\n")}`;
}
