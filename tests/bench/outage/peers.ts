import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "../../dns/support/processes.ts";
import type { Place } from "../../lab/places/place.ts";
import { type Child, startProgram } from "../../lab/processes/child.ts";
import { CENTRALS } from "../../lab/world/plan.ts";
import type { World } from "../../lab/world/world.ts";
import { unboundConfig } from "../../support/unbound.ts";

/** A forwarder on an address of the user's place. */
export interface Peer {
  readonly name: string;
  readonly address: { readonly host: string; readonly port: number };
  /** Null for ours, which the world ends. */
  readonly child: Child | null;
}

/** The version the table was made with. */
const DNSPROXY = "github.com/AdguardTeam/dnsproxy@v0.84.1";
/** Addresses within the place; the edge has 1, users 2 and 3. */
const FIRST_AT = 4;

/** Starts what is installed, each with the three backends as upstreams and the public ones as fallback where it knows fallbacks. */
export async function startPeers(world: World, place: Place): Promise<Peer[]> {
  const home = join(world.folder, "peers");
  mkdirSync(home);
  const relays = [...world.resolvers.values()].map(({ name, relay, upstream }) => {
    if (upstream.kind !== "udp") throw new Error(`${relay.name}: peers forward over UDP`);
    return { name, host: upstream.host, port: upstream.port ?? 53 };
  });
  const isCentral = ({ name }: { readonly name: string }) => CENTRALS.some((plan) => plan.name === name);
  const backends = relays.filter((one) => !isCentral(one));
  const central = relays.filter(isCentral);
  const peers: Peer[] = [{ name: "tolldns", address: world.edge.address, child: null }];
  let at = FIRST_AT;
  const add = async (
    name: string,
    command: string | null,
    argsFor: (host: string) => readonly string[],
  ): Promise<void> => {
    const address = { host: place.address(at++), port: 53 };
    if (command === null) return console.log(`${name}: not found and not built, left out`);
    const child = startProgram(place, name, command, argsFor(address.host));
    if (await answers(place, address.host)) peers.push({ name, address, child });
    else {
      console.log(`${name}: did not start, left out: ${child.errors().slice(-300)}`);
      await child.kill();
    }
  };
  const dnsproxy = await findDnsproxy();
  const upstreams = (host: string) => [
    ...["--listen", host, "--port", "53", "--output", join(home, "dnsproxy.log")],
    ...backends.flatMap((one) => ["--upstream", `${one.host}:${one.port}`]),
    ...central.flatMap((one) => ["--fallback", `${one.host}:${one.port}`]),
  ];
  await add("dnsproxy", dnsproxy, upstreams);
  await add("dnsproxy, parallel", dnsproxy, (host) => [...upstreams(host), "--upstream-mode", "parallel"]);
  await add("dnsdist", "dnsdist", (host) => {
    const file = join(home, "dnsdist.conf");
    const servers = relays.map(
      // The public ones come after the others: with `firstAvailable` order is what counts.
      ({ host: to, port, name }, i) =>
        `newServer({address="${to}:${port}", name="${name}", order=${i + 1}, checkName="p0.signed.test."})`,
    );
    writeFileSync(
      file,
      `setLocal("${host}:53")\nsetACL({"0.0.0.0/0"})\n${servers.join("\n")}\nsetServerPolicy(firstAvailable)\nsetSecurityPollSuffix("")\n`,
    );
    return ["--supervised", "--disable-syslog", "-C", file];
  });
  await add("Unbound", "unbound", (host) => {
    const file = join(home, "unbound.conf");
    const to = relays.map((relay) => `  forward-addr: ${relay.host}@${relay.port}`);
    // Validating, as Debian's own configuration is.
    const config = unboundConfig(home, {
      listen: [`${host}@53`],
      anchors: world.origin.anchors,
      clauses: ["forward-zone:", '  name: "."', ...to],
    });
    writeFileSync(file, config);
    return ["-d", "-p", "-c", file];
  });
  return peers;
}

async function answers(place: Place, host: string): Promise<boolean> {
  for (let tries = 0; tries < 60; tries++) {
    const [command, args] = place.inside("dig", [
      "+time=1",
      "+tries=1",
      "+short",
      `@${host}`,
      "p0.signed.test",
    ]);
    const { stdout } = await run(command, args);
    if (stdout.includes("203.0.113.")) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

/** The dnsproxy of `DNSPROXY` or of Go's bin folder; built there if Go is at hand and reaches its source. */
async function findDnsproxy(): Promise<string | null> {
  const given = process.env.DNSPROXY;
  if (given !== undefined && existsSync(given)) return given;
  const bin = join(homedir(), ".cache", "tolldns-bench");
  const built = join(bin, "dnsproxy");
  if (existsSync(built)) return built;
  const { code } = await run("go", ["install", DNSPROXY], { timeoutMs: 900_000, env: { GOBIN: bin } }).catch(
    () => ({ code: 1 }),
  );
  return code === 0 ? built : null;
}
