/**
 * Resolve, pay, settle, withdraw: the main job with real peers on both sides. Behind the gateway Unbound validates a signed hierarchy
 * served by Knot; in front of the edge are dig, kdig, curl, dnsperf and Chromium. Every balance is followed from the wallet's
 * deposit to its withdrawal.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { getAssociatedTokenAddressSync } from "@solana/spl-token";
import { PublicKey } from "@solana/web3.js";
import { readLanes } from "@tolldns/sdk/escrow";
import { closeBalance, closeLane, requestClose, withdraw } from "@tolldns/sdk/web3";
import { expect } from "chai";
import { run, until } from "./run.ts";
import { DEPOSIT, PRICE, type Stand, startStand } from "./stand.ts";

describe("resolve, pay, settle", function () {
  this.timeout(120_000);
  let stand: Stand;
  let port: string;

  before(async () => {
    stand = await startStand();
    port = String(stand.edge.addresses[0]?.port);
    await until("the edge reaches its gateway", () =>
      stand.edge.status().gateways.some(({ usable }) => usable),
    );
  });

  after(async () => {
    await stand?.close();
  });

  const conserve = async () => {
    const { free, reserve, settled } = await stand.escrowed();
    const { credited, distributed } = await stand.header();
    expect(await stand.tokens(stand.deployed.vault)).to.equal(
      free + reserve - settled + credited - distributed,
    );
  };

  it("answers dig over UDP and TCP, validated and paid for", async () => {
    const paid = stand.gateway.status().paid;
    const udp = await run("dig", ["@127.0.0.1", "-p", port, "+dnssec", "www.example.test", "A"]);
    expect(udp.output).to.contain("status: NOERROR").and.to.contain(stand.hierarchy.expected.www);
    expect(udp.output).to.match(/flags:[^;]* ad/);
    const tcp = await run("dig", ["@127.0.0.1", "-p", port, "+tcp", "+short", "www.example.test", "AAAA"]);
    expect(tcp.output.trim()).to.equal(stand.hierarchy.expected.www6);
    expect(stand.gateway.status().paid - paid).to.equal(2);
    await conserve();
  });

  it("brings a long answer over TCP after cutting it on UDP", async () => {
    const { output } = await run("dig", [
      "@127.0.0.1",
      "-p",
      port,
      "+bufsize=1232",
      "big.example.test",
      "TXT",
    ]);
    expect(output).to.contain("Truncated, retrying in TCP mode");
    expect(output.match(/TXT\t"/g)).to.have.lengthOf(60);
  });

  it("passes NXDOMAIN on and turns bogus signatures into SERVFAIL", async () => {
    const missing = await run("dig", ["@127.0.0.1", "-p", port, "missing.example.test"]);
    expect(missing.output).to.contain("status: NXDOMAIN");
    const bogus = await run("dig", ["@127.0.0.1", "-p", port, "www.bogus.test"]);
    expect(bogus.output).to.contain("status: SERVFAIL");
  });

  it("answers kdig over TLS, with the certificate checked", async () => {
    const { encrypted } = stand.edge;
    const authority = join(stand.folder, "authority.pem");
    writeFileSync(authority, encrypted?.authority ?? "");
    const { output, code } = await run("kdig", [
      "@127.0.0.1",
      "-p",
      String(encrypted?.dot?.port),
      `+tls-ca=${authority}`,
      "+tls-hostname=127.0.0.1",
      "text.example.test",
      "TXT",
    ]);
    expect(output).to.contain(stand.hierarchy.expected.text);
    expect(code).to.equal(0);
  });

  describe("with a web site behind the name", () => {
    let site: Server;
    let url: string;

    before(async () => {
      site = createServer((_, response) => {
        response.setHeader("content-type", "text/html");
        response.end("<title>found by paid DNS</title><h1>here</h1>");
      });
      await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
      url = `http://page.example.test:${(site.address() as AddressInfo).port}/`;
      writeFileSync(join(stand.folder, "authority.pem"), stand.edge.encrypted?.authority ?? "");
    });

    after(() => new Promise((resolve) => site.close(resolve)));

    it("lets curl --doh-url find it", async () => {
      const { output, code } = await run("curl", [
        "--silent",
        "--doh-url",
        `https://127.0.0.1:${stand.edge.encrypted?.doh?.port}/dns-query`,
        "--cacert",
        join(stand.folder, "authority.pem"),
        url,
      ]);
      expect(code, output).to.equal(0);
      expect(output).to.contain("found by paid DNS");
    });

    it("lets Chromium with secure DNS find it", async () => {
      const home = join(stand.folder, "chromium");
      mkdirSync(join(home, "profile"), { recursive: true });
      const database = `sql:${join(home, ".pki/nssdb")}`;
      mkdirSync(join(home, ".pki/nssdb"), { recursive: true });
      await run("certutil", ["-d", database, "-N", "--empty-password"]);
      const trust = await run("certutil", [
        ...["-d", database, "-A", "-t", "C,,", "-n", "tolldns"],
        ...["-i", join(stand.folder, "authority.pem")],
      ]);
      expect(trust.code, trust.output).to.equal(0);
      const template = `https://127.0.0.1:${stand.edge.encrypted?.doh?.port}/dns-query`;
      writeFileSync(
        join(home, "profile", "Local State"),
        JSON.stringify({ dns_over_https: { mode: "secure", templates: template } }),
      );
      const queries = stand.edge.status().queries.total;
      const { output } = await run(
        process.env.CHROMIUM ?? "chromium",
        [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          `--user-data-dir=${join(home, "profile")}`,
          "--dump-dom",
          url,
        ],
        { env: { HOME: home }, timeoutMs: 60_000 },
      );
      expect(output).to.contain("found by paid DNS");
      expect(stand.edge.status().queries.total).to.be.greaterThan(queries);
    });
  });

  it("serves dnsperf without losing a query", async () => {
    const names = join(stand.folder, "queries.txt");
    writeFileSync(
      names,
      Array.from({ length: 200 }, (_, i) => `n${i}.wild.example.test A`)
        .join("\n")
        .concat("\nwww.example.test A\n"),
    );
    const modes = [
      ["udp", port],
      ["dot", String(stand.edge.encrypted?.dot?.port)],
      ["doh", String(stand.edge.encrypted?.doh?.port)],
    ] as const;
    for (const [mode, at] of modes) {
      const { output } = await run("dnsperf", [
        ...["-m", mode, "-s", "127.0.0.1", "-p", at, "-d", names, "-n", "3", "-c", "2", "-Q", "2000"],
        ...(mode === "doh" ? ["-O", "doh-uri=https://127.0.0.1/dns-query"] : []),
      ]);
      expect(output, output).to.match(/Queries completed: +603 \(100\.00%\)/);
      expect(output).to.match(/NOERROR 603 \(100\.00%\)/);
    }
  });

  describe("afterwards", () => {
    it("keeps its promises: what the wallet spent is what the gateway was promised", async () => {
      await until("the last voucher has arrived", () => {
        const { spent } = stand.edge.status();
        const { tolls } = stand.gateway.status();
        return spent.total === tolls;
      });
      const { tolls, paid } = stand.gateway.status();
      expect(tolls).to.equal(BigInt(paid) * PRICE);
      expect(paid).to.be.greaterThan(200);
    });

    it("settles, distributes and returns the rest: every unit is accounted for", async () => {
      const { deployment, wallet, ledger } = stand;
      await stand.edge.close();
      const promised = stand.gateway.status().promised;
      expect(promised > 0n).to.equal(true);
      await until("all vouchers are settled", async () => (await stand.escrowed()).settled === promised);
      await conserve();

      const account = await stand.connection.getAccountInfo(ledger);
      const owner = wallet.publicKey.toBytes();
      for (const { lane, generation, state } of readLanes(account?.data ?? new Uint8Array())) {
        if (state !== "open") continue;
        const which = { deployment, ledger: ledger.toBytes(), lane, generation, owner };
        await stand.send([requestClose(which)], wallet);
        await until("the grace period is over and a keeper or the owner closes the lane", async () => {
          const rows = (await stand.connection.getAccountInfo(ledger))?.data ?? new Uint8Array();
          const now = [...readLanes(rows)].find((row) => row.lane === lane);
          if (now?.state === "free") return true;
          await stand.send([closeLane({ ...which, closer: owner })], wallet).catch(() => {});
          return false;
        });
      }
      const { free, lanes } = await stand.escrowed();
      expect(lanes).to.equal(0);
      expect(free).to.equal(DEPOSIT - promised);
      await conserve();

      const mint = new PublicKey(stand.deployed.mint);
      const program = new PublicKey(stand.deployed.tokenProgram);
      const home = getAssociatedTokenAddressSync(mint, wallet.publicKey, false, program);
      await stand.send(
        [
          withdraw({ deployment, owner, destination: home.toBytes(), amount: free }),
          closeBalance({ deployment, owner }),
        ],
        wallet,
      );
      expect(await stand.tokens(home)).to.equal(DEPOSIT - promised);

      await until("the tolls are distributed", async () => {
        const { credited, distributed } = await stand.header();
        return credited === promised && distributed === promised;
      });
      const payout = getAssociatedTokenAddressSync(mint, stand.operator.publicKey, false, program);
      const shares = [
        await stand.tokens(payout),
        await stand.tokens(stand.deployed.namesPool),
        await stand.tokens(stand.deployed.treasury),
      ];
      expect(shares.reduce((sum, share) => sum + share)).to.equal(promised);
      expect(shares[0]).to.equal((promised * 80n) / 100n);
      expect(await stand.tokens(stand.deployed.vault)).to.equal(0n);
    });
  });
});
