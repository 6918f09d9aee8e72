/** Somebody who may have evidence: a feed, or a gateway that is asked for it in a query. */
export interface EvidenceSource {
  /** For status and reports; no secret, no name that was asked for. */
  readonly label: string;
  /** Milliseconds to wait before another is asked beside it. */
  patienceMs(): number;
  /** Evidence for a registered name, under the newest final root it knows, or under that of `epoch` where it can choose. */
  ask(name: AskedName, call: { readonly epoch?: bigint; readonly signal: AbortSignal }): Promise<Uint8Array>;
  /** Can it be asked for an older epoch? */
  readonly hasEpochs: boolean;
  /** What it sent was not taken. */
  refused(error: unknown): void;
}

export interface AskedName {
  /** `example.dns`. */
  readonly text: string;
  /** Wire form of the same. */
  readonly wire: Uint8Array;
}
