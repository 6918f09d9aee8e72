import { connect } from "node:http2";
import { join } from "node:path";
import {
  buildQuery,
  createUpstream,
  encodeName,
  encodeOption,
  findOption,
  OPTION,
  questionFor,
  readMessage,
  TYPE,
  type Upstream,
} from "@tolldns/dns";
import { type GatewayOptions, type RunningGateway, startGateway, type TollOptions } from "@tolldns/gateway";
import { EDE_PRIVATE_BASE, EDNS_OPTION_TOLL } from "@tolldns/sdk";
import { openSqliteStore, type Store } from "@tolldns/store";
import { temporaryFolder } from "./booths.ts";
import { createHandedChain, ESCROW, GENESIS, HANDED_LEDGER, type HandedChain } from "./handed-chain.ts";
import { createPayer, entered, openBytes, type Payer, tickBytes } from "./payer.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "./upstream.ts";

export const PRICE = 10n;

/** A gateway with all it stands on. */
export interface Tolled {
  readonly gateway: RunningGateway;
  readonly chain: HandedChain;
  readonly store: Store;
  readonly upstream: FixtureUpstream;
  readonly folder: string;
  /** Unix seconds the gateway believes; moves with the system's clock plus what the test adds. */
  readonly time: { offset: number; now(): number };
  close(): Promise<void>;
}

export async function startTolled(
  options: Omit<Partial<GatewayOptions>, "toll"> & { toll?: Partial<TollOptions> } = {},
): Promise<Tolled> {
  const folder = temporaryFolder();
  const chain = createHandedChain();
  const upstream = await startUpstream(alwaysA("192.0.2.7"));
  const store = await openSqliteStore({ path: join(folder.path, "store.db") });
  const time = { offset: 0, now: () => Date.now() / 1000 + time.offset };
  const { toll, ...rest } = options;
  const gateway = await startGateway({
    listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
    certificate: { kind: "development", folder: join(folder.path, "certificate") },
    upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
    log: { level: "error" },
    now: time.now,
    ...rest,
    toll: {
      chain,
      store,
      ledger: HANDED_LEDGER,
      escrow: ESCROW,
      genesis: GENESIS,
      terms: { tickPrice: PRICE, k: 8, t: 60 },
      pollSeconds: 0.2,
      ...toll,
    },
  });
  return {
    gateway,
    chain,
    store,
    upstream,
    folder: folder.path,
    time,
    async close() {
      await gateway.close();
      await store.close();
      await upstream.close();
      folder.remove();
    },
  };
}

/** A payer whose lane is open on the handed chain. */
export function handedPayer(stand: { readonly chain: HandedChain }, lane: number): Payer {
  const payer = createPayer({ ledger: HANDED_LEDGER, lane, price: PRICE });
  stand.chain.setLane(lane, {
    state: "open",
    generation: 1,
    sessionKey: payer.signer.publicKey,
    reserve: 1_000_000n,
    settled: 0n,
    deadline: 0,
  });
  stand.chain.publish();
  return payer;
}

export type Transport = "udp" | "tcp" | "dot" | "doh";

/** A real client of the gateway on one transport. */
export function clientOf(gateway: RunningGateway, protocol: Transport): Upstream {
  const at = gateway.addresses[protocol];
  if (at === undefined) throw new Error(`no ${protocol} listener`);
  return createUpstream({
    protocol,
    address: at.host,
    port: at.port,
    serverName: "localhost",
    timeoutMs: 3000,
    ...(gateway.authority === undefined ? {} : { ca: gateway.authority }),
  });
}

/** What came back, in words. */
export interface Said {
  readonly rcode: number;
  /** Number of the toll error, 0 if none. */
  readonly refusal: number;
  readonly text: string;
  readonly answers: number;
  /** The toll option of the answer. */
  readonly option: Uint8Array | undefined;
  readonly truncated: boolean;
}

export function read(message: Uint8Array): Said {
  const parsed = readMessage(message);
  const ede = findOption(parsed.opt, OPTION.EDE);
  const code = ede === undefined ? 0 : ((ede[0] as number) << 8) | (ede[1] as number);
  return {
    rcode: parsed.rcode,
    refusal: code >= EDE_PRIVATE_BASE ? code - EDE_PRIVATE_BASE : 0,
    text: ede === undefined ? "" : Buffer.from(ede.subarray(2)).toString(),
    answers: parsed.answers.length,
    option: findOption(parsed.opt, EDNS_OPTION_TOLL),
    truncated: (parsed.flags & 0x0200) !== 0,
  };
}

/** Sends a toll message by a query for toll.tolldns. CH TXT. */
export async function sendToll(client: Upstream, bytes: Uint8Array): Promise<Said> {
  const question = questionFor("toll.tolldns", TYPE.TXT, { class: 3 });
  return read(await client.ask(question, { options: encodeOption(EDNS_OPTION_TOLL, bytes) }));
}

/** Opens a session over the EDNS carrier. */
export async function enterBy(client: Upstream, payer: Payer, now: number): Promise<void> {
  const said = await sendToll(client, openBytes(payer, now));
  if (said.option === undefined || said.rcode !== 0)
    throw new Error(`opening refused: ${said.refusal} ${said.text}`);
  entered(payer, said.option);
}

/** Asks for an address with a tick in the EDNS option; the payer's next one if none is given. */
export async function askPaid(
  client: Upstream,
  payer: Payer,
  name: string,
  tick = tickBytes(payer),
): Promise<Said> {
  const options = encodeOption(EDNS_OPTION_TOLL, tick);
  return read(await client.ask(questionFor(name, TYPE.A), { options }));
}

export async function askUnpaid(client: Upstream, name: string, type: number = TYPE.A): Promise<Said> {
  return read(await client.ask(questionFor(name, type)));
}

/** An answer over HTTPS, with what a client of the protocol looks at. */
export interface HttpSaid {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
  /** Number in the problem document, 0 if it is none. */
  readonly code: number;
}

/** A client of the DoH port over HTTP/2 (node:http2). */
export interface HttpClient {
  send(
    path: string,
    given?: { method?: string; body?: Uint8Array; headers?: Record<string, string> },
  ): Promise<HttpSaid>;
  close(): void;
}

export function httpClientOf(gateway: RunningGateway): HttpClient {
  const at = gateway.addresses.doh;
  if (at === undefined) throw new Error("no doh listener");
  const session = connect(`https://localhost:${at.port}`, {
    host: at.host,
    servername: "localhost",
    ...(gateway.authority === undefined ? {} : { ca: gateway.authority }),
  });
  session.on("error", () => {});
  return {
    send: (path, given = {}) =>
      new Promise((resolve, reject) => {
        const stream = session.request({
          ":method": given.method ?? (given.body === undefined ? "GET" : "POST"),
          ":path": path,
          ...given.headers,
        });
        let status = 0;
        let type = "";
        const parts: Buffer[] = [];
        stream.on("response", (headers) => {
          status = Number(headers[":status"]);
          type = String(headers["content-type"] ?? "");
        });
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("error", reject);
        stream.on("end", () => {
          const body = Buffer.concat(parts);
          const problem = type.startsWith("application/problem+json");
          resolve({
            status,
            type,
            body,
            code: problem ? (JSON.parse(body.toString()) as { code: number }).code : 0,
          });
        });
        stream.end(given.body);
      }),
    close: () => session.close(),
  };
}

/** A DoH query with a tick in the header. */
export async function askDoh(client: HttpClient, name: string, tick?: Uint8Array): Promise<HttpSaid> {
  const body = buildQuery({ name: encodeName(name), type: TYPE.A });
  return client.send("/dns-query", {
    body,
    headers: {
      "content-type": "application/dns-message",
      ...(tick === undefined ? {} : { toll: Buffer.from(tick).toString("base64url") }),
    },
  });
}
