/** Unbound as the tests run it: a validating resolver of loopback or of a network of its own. */
export interface UnboundOptions {
  /** `address@port`, one or more. */
  readonly listen: readonly string[];
  /** DS records it trusts, in zone-file form. */
  readonly anchors: readonly string[];
  /** More lines below `server:`. */
  readonly lines?: readonly string[];
  /** Clauses beside it, such as where to ask. */
  readonly clauses?: readonly string[];
}

/** A configuration for one that keeps what it writes in `home`. Unlike by default it asks loopback, and for names below `test.`. */
export function unboundConfig(
  home: string,
  { listen, anchors, lines = [], clauses = [] }: UnboundOptions,
): string {
  const server = [
    ...listen.map((address) => `interface: ${address}`),
    "access-control: 0.0.0.0/0 allow",
    "do-not-query-localhost: no",
    'local-zone: "test." nodefault',
    'username: ""',
    'chroot: ""',
    `directory: "${home}"`,
    'pidfile: ""',
    "use-syslog: no",
    "do-daemonize: no",
    "verbosity: 0",
    "num-threads: 1",
    ...anchors.map((anchor) => `trust-anchor: "${anchor}"`),
    ...lines,
  ];
  return [
    "server:",
    ...server.map((line) => `  ${line}`),
    ...clauses,
    "remote-control:",
    "  control-enable: no",
    "",
  ].join("\n");
}
