/** An edge's world on loopback: the chain with the real program, gateways with ledgers of their own, fixture upstreams behind them. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  Transaction,
  type TransactionInstruction,
} from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import {
  createUpstream,
  ensureDevelopmentCertificate,
  findOption,
  OPTION,
  questionFor,
  RCODE,
  readMessage,
  TYPE,
} from "@tolldns/dns";
import { type EdgeLogLine, type EdgeOptions, type RunningEdge, startEdge } from "@tolldns/edge";
import { type AbuseLimits, type RunningGateway, startGateway } from "@tolldns/gateway";
import { migrate, mintIndexUnits } from "@tolldns/migrations";
import { createDeployment, type Deployment, deriveBalance, formatAddress } from "@tolldns/sdk";
import { decodeBalance, type Lane, readLanes } from "@tolldns/sdk/escrow";
import { deposit } from "@tolldns/sdk/web3";
import { openStore } from "@tolldns/store";
import { closeSocket } from "../../chain/rig.ts";
import { startProcess } from "../../gateway/support/process.ts";
import { alwaysA, type FixtureUpstream, startUpstream } from "../../gateway/support/upstream.ts";
import { openingOfLedger, tokenAccountOf } from "../../support/ledger.ts";

export const PRICE = 10n;
export const DEPOSIT = 2_000_000n;

/** What an edge needs to know of a gateway. */
export interface Reachable {
  readonly url: string;
  readonly ca: string;
}

export interface StandProcess extends Reachable {
  readonly pid: number;
  /** Of DNS over TLS and of DNS over HTTPS. */
  readonly ports: readonly [number, number];
  readonly upstream: FixtureUpstream;
  kill(): Promise<void>;
  isGone(): boolean;
}

export interface StandGateway extends Reachable {
  readonly gateway: RunningGateway;
  readonly upstream: FixtureUpstream;
  readonly ledger: PublicKey;
  /** Rows that are not free. */
  lanes(): Promise<(Lane & { readonly lane: number })[]>;
  close(): Promise<void>;
}

export interface Stand {
  readonly folder: string;
  readonly chain: Chain;
  readonly deployment: Deployment;
  readonly keyFile: string;
  /** An RPC address that can be cut off. */
  readonly rpc: { readonly url: string; cut: boolean; cutAfterSend: boolean };
  addGateway(options?: {
    readonly price?: bigint;
    readonly k?: number;
    readonly rows?: number;
    readonly limits?: AbuseLimits;
  }): Promise<StandGateway>;
  /** The same in a process of its own, which can be stopped and killed. */
  addProcess(): Promise<StandProcess>;
  /** Options of an edge with these gateways; tests change what they are about. */
  edgeOptions(gateways: readonly Reachable[], changes?: Partial<EdgeOptions>): EdgeOptions;
  startEdge(gateways: readonly Reachable[], changes?: Partial<EdgeOptions>): Promise<RunningEdge>;
  readonly log: EdgeLogLine[];
  free(): Promise<bigint>;
  close(): Promise<void>;
}

export async function startStand(): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-edge-stand-"));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const chain = await startChain({ dataDir: join(folder, "chain"), slotMs: 25 });
    closers.push(() => chain.close());
    const deployed = await migrate({
      rpcUrl: chain.rpcUrl,
      folder: join(folder, "deployment"),
      terms: { settlementInterval: 1, graceSeconds: 3 },
    });
    const deployment = createDeployment(deployed);
    const connection = new Connection(chain.rpcUrl, "confirmed");
    closers.push(() => closeSocket(connection));
    const wallet = Keypair.generate();
    // web3.js keeps a blockhash for 30 s, which is longer than this fast chain honours one.
    const send = async (signer: Keypair, ...instructions: TransactionInstruction[]) => {
      const transaction = new Transaction().add(...instructions);
      transaction.feePayer = signer.publicKey;
      transaction.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
      transaction.sign(signer);
      const signature = await connection.sendRawTransaction(transaction.serialize());
      await until("a transaction of the test", async () => {
        const { value } = await connection.getSignatureStatus(signature);
        if (value !== null && value.err !== null) throw new Error(JSON.stringify(value.err));
        return value !== null && value.confirmationStatus !== "processed";
      });
    };
    const fund = (key: Keypair) => chain.airdrop(key.publicKey.toBase58(), BigInt(5 * LAMPORTS_PER_SOL));
    await fund(wallet);
    const owner = wallet.publicKey.toBytes();
    await mintIndexUnits({
      rpcUrl: chain.rpcUrl,
      folder: join(folder, "deployment"),
      owner,
      amount: DEPOSIT,
    });
    const source = tokenAccountOf(deployment, wallet.publicKey).toBytes();
    await send(wallet, deposit({ deployment, owner, source, amount: DEPOSIT }));
    const keyFile = join(folder, "wallet.json");
    writeFileSync(keyFile, JSON.stringify([...wallet.secretKey]), { mode: 0o600 });
    /** A ledger of an operator of its own. */
    const openOwn = async (rows: number) => {
      const operator = Keypair.generate();
      await fund(operator);
      const { ledger, instructions } = openingOfLedger(deployment, operator.publicKey, rows);
      await send(operator, ...instructions);
      return { address: ledger, ledger: new PublicKey(ledger) };
    };
    const rpc = await startCuttable(chain.rpcUrl);
    closers.push(rpc.close);
    const log: EdgeLogLine[] = [];
    let edges = 0;

    const edgeOptions: Stand["edgeOptions"] = (gateways, changes = {}) => ({
      stateDir: join(folder, `edge-${edges++}`),
      listen: [{ host: "127.0.0.1", port: 0 }],
      gateways: gateways.map(({ url, ca }) => ({ url, ca })),
      wallet: { rpcUrl: rpc.url, deployment, owner: { keyFile } },
      limits: { laneReserve: 20_000n, perQuery: 100n, perHour: 100_000n, priceCeiling: 50n },
      log: (line) => log.push(line),
      ...changes,
    });
    return {
      folder,
      chain,
      deployment,
      keyFile,
      rpc,
      log,
      edgeOptions,
      startEdge: (gateways, changes) => startEdge(edgeOptions(gateways, changes)),
      async addGateway({ price = PRICE, k = 32, rows = 64, limits } = {}) {
        const { address, ledger } = await openOwn(rows);
        const own = join(folder, `gateway-${formatAddress(address).slice(0, 8)}`);
        const upstream = await startUpstream(alwaysA("198.51.100.7"));
        const store = await openStore({ kind: "sqlite", path: `${own}.db` });
        const gateway = await startGateway({
          listen: { udp: 0, dot: 0, doh: 0 },
          certificate: { kind: "development", folder: own },
          upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
          log: { level: "error" },
          ...(limits === undefined ? {} : { limits }),
          toll: {
            chain: connection,
            store,
            ledger: address,
            escrow: deployment.escrow,
            genesis: deployment.genesisHash,
            terms: { tickPrice: price, k, t: 60 },
            pollSeconds: 0.3,
          },
        });
        let closed = false;
        const end = async () => {
          if (closed) return;
          closed = true;
          await gateway.close();
          await store.close();
          await upstream.close();
        };
        closers.push(end);
        return {
          gateway,
          upstream,
          url: `https://127.0.0.1:${gateway.addresses.doh?.port}`,
          ca: gateway.authority as string,
          ledger,
          async lanes() {
            const info = await connection.getAccountInfo(ledger, "confirmed");
            return [...readLanes(info?.data ?? new Uint8Array())].filter(({ state }) => state !== "free");
          },
          close: end,
        };
      },
      async addProcess() {
        const { address } = await openOwn(64);
        const own = join(folder, `process-${formatAddress(address).slice(0, 8)}`);
        const upstream = await startUpstream(alwaysA("198.51.100.7"));
        const certificate = join(own, "certificate");
        const { ca } = await ensureDevelopmentCertificate(certificate, ["localhost", "127.0.0.1"]);
        const gateway = await startProcess(own, {
          listen: { udp: 0, dot: 0, doh: 0 },
          certificate: { kind: "development", folder: certificate },
          upstreams: [{ kind: "udp", host: "127.0.0.1", port: upstream.port }],
          log: { level: "error" },
          toll: {
            rpc: chain.rpcUrl,
            websocket: chain.wsUrl,
            store: `sqlite:${join(own, "store.db")}`,
            ledger: formatAddress(address),
            escrow: formatAddress(deployment.escrow),
            genesis: formatAddress(deployment.genesisHash),
            terms: { tickPrice: String(PRICE), k: 32, t: 60 },
            pollSeconds: 0.3,
          },
        });
        let isGone = false;
        const kill = once(async () => {
          isGone = true;
          await gateway.kill();
          await upstream.close();
        });
        closers.push(kill);
        return {
          url: `https://127.0.0.1:${gateway.addresses.doh?.port}`,
          ca,
          pid: gateway.pid,
          ports: [gateway.addresses.dot?.port as number, gateway.addresses.doh?.port as number],
          upstream,
          kill,
          isGone: () => isGone,
        };
      },
      async free() {
        const balance = new PublicKey(deriveBalance(deployment.escrow, owner).address);
        const info = await connection.getAccountInfo(balance, "confirmed");
        return info === null ? 0n : decodeBalance(info.data).free;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | null = null;
  return () => {
    done ??= run();
    return done;
  };
}

/** Passes requests to the chain's RPC unless cut: how a network that is down looks to the wallet. */
async function startCuttable(
  target: string,
): Promise<{ url: string; cut: boolean; cutAfterSend: boolean; close(): Promise<void> }> {
  const state = { url: "", cut: false, cutAfterSend: false, close: async () => {} };
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (state.cut) return response.destroy();
    const answer = await fetch(target, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.concat(parts),
    });
    // The transaction is on its way, and nobody hears of it any more.
    if (state.cutAfterSend && Buffer.concat(parts).includes("sendTransaction")) {
      state.cut = true;
      state.cutAfterSend = false;
      return response.destroy();
    }
    response.writeHead(answer.status, { "content-type": "application/json" });
    return response.end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.close = () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return state;
}

export interface Dug {
  readonly status: string;
  readonly ede: string;
  readonly answers: readonly string[];
  readonly ms: number;
}

/** Asks over UDP, as a stub does; dig itself asks in install-namespace.test.ts and in tests/e2e. */
export async function dig(
  edge: Pick<RunningEdge, "addresses">,
  name: string,
  timeoutMs = 7_000,
): Promise<Dug> {
  const started = performance.now();
  const stub = createUpstream({
    protocol: "udp",
    address: "127.0.0.1",
    port: edge.addresses[0]?.port as number,
    udpSockets: 1,
    retryMs: timeoutMs,
    timeoutMs,
  });
  try {
    const { rcode, answers, opt } = readMessage(await stub.ask(questionFor(name, TYPE.A)));
    const ede = findOption(opt, OPTION.EDE);
    return {
      status: Object.entries(RCODE).find(([, value]) => value === rcode)?.[0] ?? String(rcode),
      ede:
        ede === undefined
          ? ""
          : `${((ede[0] as number) << 8) | (ede[1] as number)} ${Buffer.from(ede.subarray(2)).toString()}`,
      answers: answers.filter(({ type }) => type === TYPE.A).map(({ data }) => data.join(".")),
      ms: performance.now() - started,
    };
  } catch {
    return { status: "none", ede: "", answers: [], ms: performance.now() - started };
  } finally {
    await stub.close();
  }
}

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  ms = 15_000,
): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never came: ${what}`);
}

/** Calls the control endpoint with the token in its file. */
export async function control(
  edge: RunningEdge,
  method: string,
  path: string,
): Promise<{ status: number; body: Record<string, unknown> }> {
  if (edge.control === null) throw new Error("no control endpoint");
  const token = readFileSync(edge.control.tokenFile, "utf8").trim();
  const answer = await fetch(edge.control.url + path, {
    method,
    headers: { authorization: `Bearer ${token}` },
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
