import { toBase64Url } from "@tolldns/sdk";
import { MAX_PROBES, MAX_TRANSCRIPT } from "@tolldns/sdk/policy";

/** Milliseconds a file may take. */
const TIME_MS = 10_000;
/** Most bytes of a window's file taken from another verifier; far above what an honest one has. */
const MAX_BYTES = Math.min(64 << 20, MAX_PROBES * MAX_TRANSCRIPT);

/** Fetches a window's CAR from a verifier's endpoint. Rejects with an Error that says why there is none. */
export async function fetchEvidence(
  endpoint: string,
  target: Uint8Array,
  begin: bigint,
): Promise<Uint8Array> {
  const said = URL.parse(endpoint);
  // Anything else is a stranger's way to say which request is sent from here.
  const isPlain = said !== null && `${said.search}${said.hash}${said.username}${said.password}` === "";
  if (!isPlain || !/^https?:$/.test(said.protocol) || /[?#]/.test(endpoint))
    throw new Error("its endpoint is no web address");
  const url = `${endpoint.replace(/\/$/, "")}/v1/reports/${toBase64Url(target)}/${begin}.car`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIME_MS), redirect: "error" });
  if (!answer.ok || answer.body === null) throw new Error(`HTTP status ${answer.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error("the file is too large");
    parts.push(part);
  }
  return Uint8Array.from(Buffer.concat(parts));
}
