import type { Answer } from "dns-packet";

/** An option of EDNS by its code (RFC 6891, section 6.1.2). */
export interface EdnsOption {
  readonly code: number;
  readonly data: Buffer;
}

/** An OPT record as dns-packet writes it; its types ask for more than it needs. */
export function optRecord(options: readonly EdnsOption[] = [], extendedRcode = 0): Answer {
  const record = {
    type: "OPT",
    name: ".",
    udpPayloadSize: 1232,
    extendedRcode,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options,
  };
  return record as unknown as Answer;
}
