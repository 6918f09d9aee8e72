/** The whole product on loopback: chain, programs, store, gateway with Unbound behind it, edge and settlement keeper. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getAccount } from "@solana/spl-token";
import {
  type Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  PublicKey,
  Transaction,
  type TransactionInstruction,
} from "@solana/web3.js";
import { type Chain, startChain } from "@tolldns/chain";
import { type EdgeOptions, type RunningEdge, startEdge } from "@tolldns/edge";
import { type RunningGateway, startGateway } from "@tolldns/gateway";
import { type RunningKeeper, startSettlementKeeper } from "@tolldns/keepers";
import { type Deployment as Deployed, migrate, mintIndexUnits } from "@tolldns/migrations";
import { createDeployment, type Deployment, deriveBalance } from "@tolldns/sdk";
import { decodeBalance, decodeLedgerHeader, readLanes } from "@tolldns/sdk/escrow";
import { createSignerNode } from "@tolldns/sdk/node";
import { deposit } from "@tolldns/sdk/web3";
import { openStore, type Store } from "@tolldns/store";
import { openConnection } from "../../clients/cli/src/roles/connection.ts";
import { openingOfLedger, tokenAccountOf } from "../support/ledger.ts";
import { type SignedHierarchy, startSignedHierarchy } from "./signed-hierarchy.ts";

/** Micro-IU a unit. */
export const PRICE = 25n;
/** Micro-IU the wallet begins with in its escrow balance. */
export const DEPOSIT = 5_000_000n;

/** Everything running, and the keys of who owns it. */
export interface Stand {
  readonly folder: string;
  readonly chain: Chain;
  readonly connection: Connection;
  readonly deployed: Deployed;
  readonly deployment: Deployment;
  readonly hierarchy: SignedHierarchy;
  readonly store: Store;
  readonly gateway: RunningGateway;
  readonly keeper: RunningKeeper;
  readonly edge: RunningEdge;
  readonly operator: Keypair;
  readonly wallet: Keypair;
  readonly ledger: PublicKey;
  send(instructions: readonly TransactionInstruction[], ...signers: readonly Keypair[]): Promise<string>;
  /** Micro-IU in the owner's token account; 0 if there is none. */
  tokens(account: string | PublicKey): Promise<bigint>;
  /** What the wallet has in escrow: free, and per open lane reserve and settled. */
  escrowed(): Promise<{ free: bigint; reserve: bigint; settled: bigint; lanes: number }>;
  header(): Promise<{ credited: bigint; distributed: bigint }>;
  close(): Promise<void>;
}

/** Starts it all. Takes a few seconds. */
export async function startStand(edgeOptions: Partial<EdgeOptions> = {}): Promise<Stand> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-e2e-"));
  const closers: (() => Promise<unknown>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  const later = <T>(thing: T, closer: (thing: T) => Promise<unknown>): T => {
    closers.push(() => closer(thing));
    return thing;
  };
  try {
    const hierarchy = later(await startSignedHierarchy(), (it) => it.close());
    const chain = later(await startChain({ dataDir: join(folder, "chain"), slotMs: 50 }), (it) => it.close());
    const deployed = await migrate({
      rpcUrl: chain.rpcUrl,
      folder: join(folder, "deployment"),
      // Two intervals fit into the grace period; a lane can be left within the test's time.
      terms: { settlementInterval: 1, graceSeconds: 3 },
    });
    const deployment = createDeployment(deployed);
    const { connection } = later(openConnection(chain.rpcUrl), async (it) => it.close());
    const operator = Keypair.generate();
    const wallet = Keypair.generate();
    for (const key of [operator, wallet]) {
      await connection.confirmTransaction(
        await connection.requestAirdrop(key.publicKey, 20 * LAMPORTS_PER_SOL),
      );
    }
    // Signed here: web3.js keeps a blockhash for 30 s, longer than these short slots keep it valid.
    const send = async (instructions: readonly TransactionInstruction[], ...signers: readonly Keypair[]) => {
      const latest = await connection.getLatestBlockhash();
      const transaction = new Transaction({ ...latest, feePayer: signers[0]?.publicKey ?? null });
      transaction.add(...instructions).sign(...signers);
      const signature = await connection.sendRawTransaction(transaction.serialize());
      const { value } = await connection.confirmTransaction({ signature, ...latest });
      if (value.err !== null) throw new Error(`${signature} failed: ${JSON.stringify(value.err)}`);
      return signature;
    };

    const opening = openingOfLedger(deployment, operator.publicKey, 16);
    const ledger = new PublicKey(opening.ledger);
    await send(opening.instructions, operator);
    await mintIndexUnits({
      rpcUrl: chain.rpcUrl,
      folder: join(folder, "deployment"),
      owner: wallet.publicKey.toBytes(),
      amount: DEPOSIT,
    });
    await send(
      [
        deposit({
          deployment,
          owner: wallet.publicKey.toBytes(),
          source: tokenAccountOf(deployment, wallet.publicKey).toBytes(),
          amount: DEPOSIT,
        }),
      ],
      wallet,
    );

    const store = later(await openStore({ kind: "sqlite", path: join(folder, "store.db") }), (it) =>
      it.close(),
    );
    const gateway = later(
      await startGateway({
        listen: { udp: 0, tcp: 0, dot: 0, doh: 0 },
        certificate: { kind: "development", folder: join(folder, "certificate") },
        toll: {
          chain: connection,
          store,
          ledger: ledger.toBytes(),
          escrow: deployment.escrow,
          genesis: deployment.genesisHash,
          terms: { tickPrice: PRICE, k: 32, t: 60 },
          pollSeconds: 1,
        },
        recursor: {
          kind: "unbound",
          folder: join(folder, "unbound"),
          rootHints: hierarchy.rootHints,
          trustAnchors: hierarchy.trustAnchors,
          extra: hierarchy.unbound,
        },
        privateNames: ["example.test"],
        log: { level: "error" },
      }),
      (it) => it.close(),
    );
    const keyFile = join(folder, "wallet.json");
    writeFileSync(keyFile, JSON.stringify([...wallet.secretKey]), { mode: 0o600 });
    const doh = gateway.addresses.doh;
    if (doh === undefined || gateway.authority === undefined) throw new Error("the gateway has no DoH");
    const edge = later(
      await startEdge({
        stateDir: join(folder, "edge"),
        listen: [{ host: "127.0.0.1", port: 0 }],
        encrypted: { dot: 0, doh: 0, folder: join(folder, "edge-certificate") },
        gateways: [{ url: `https://127.0.0.1:${doh.port}`, ca: gateway.authority }],
        wallet: { rpcUrl: chain.rpcUrl, deployment, owner: { keyFile } },
        limits: { laneReserve: 1_000_000n },
        rebinding: { protect: true, allow: ["example.test"] },
        ...edgeOptions,
      }),
      (it) => it.close(),
    );
    const feePayer = createSignerNode(operator.secretKey.subarray(0, 32));
    const keeper = later(
      await startSettlementKeeper({
        connection,
        store,
        feePayer,
        escrow: deployment.escrow,
        log: () => {},
        policy: { intervalSeconds: 0.2, minWorth: 1n, lamportsPerIndexUnit: 10n ** 12n, distributeAt: 1n },
      }),
      (it) => it.close(),
    );

    return {
      folder,
      chain,
      connection,
      deployed,
      deployment,
      hierarchy,
      store,
      gateway,
      keeper,
      edge,
      operator,
      wallet,
      ledger,
      send,
      async tokens(account) {
        const info = await connection.getAccountInfo(new PublicKey(account));
        if (info === null) return 0n;
        return (
          await getAccount(
            connection,
            new PublicKey(account),
            "confirmed",
            new PublicKey(deployed.tokenProgram),
          )
        ).amount;
      },
      async escrowed() {
        const info = await connection.getAccountInfo(
          new PublicKey(deriveBalance(deployment.escrow, wallet.publicKey.toBytes()).address),
        );
        const { free, openLanes } = decodeBalance(info?.data ?? new Uint8Array());
        const account = await connection.getAccountInfo(ledger);
        let reserve = 0n;
        let settled = 0n;
        for (const lane of readLanes(account?.data ?? new Uint8Array())) {
          if (lane.state === "free") continue;
          reserve += lane.reserve;
          settled += lane.settled;
        }
        return { free, reserve, settled, lanes: openLanes };
      },
      async header() {
        const account = await connection.getAccountInfo(ledger);
        const { credited, distributed } = decodeLedgerHeader(account?.data ?? new Uint8Array());
        return { credited, distributed };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
