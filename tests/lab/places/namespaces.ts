import { existsSync, readdirSync } from "node:fs";
import { run } from "../../dns/support/processes.ts";
import type { Place, Places } from "./place.ts";

/** Names are `tolldns-lab-PID-place`, so that those a killed run left behind can be told and taken away. */
const PREFIX = "tolldns-lab-";
/** Where `ip netns` keeps its names. */
const RUN = "/run/netns";
const HUB = "hub";
/** Addresses of all places: a /16 that only exists inside the namespaces. */
const NET = "10.77";

async function ip(...args: string[]): Promise<void> {
  const { code, stderr } = await run("ip", args);
  if (code !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr.trim()}`);
}

/** Deletes namespaces of runs whose process is gone. Their processes went with it. @returns how many */
export async function sweepNamespaces(): Promise<number> {
  const left = existsSync(RUN) ? readdirSync(RUN).filter((name) => name.startsWith(PREFIX)) : [];
  let swept = 0;
  for (const name of left) {
    const pid = Number(name.slice(PREFIX.length).split("-")[0]);
    if (existsSync(`/proc/${pid}`)) continue;
    await ip("netns", "del", name).then(
      () => swept++,
      () => {},
    );
  }
  return swept;
}

/** Joins places by a bridge in a namespace of its own. @throws if this user may not, or the kernel can't */
export async function openNamespaces(): Promise<Places> {
  await sweepNamespaces();
  const name = (place: string) => `${PREFIX}${process.pid}-${place}`;
  const made: string[] = [];
  const make = async (place: string) => {
    await ip("netns", "add", name(place));
    made.push(name(place));
    await ip("-n", name(place), "link", "set", "lo", "up");
  };
  const close = async () => {
    for (const one of made.splice(0).reverse()) await ip("netns", "del", one).catch(() => {});
  };
  try {
    await make(HUB);
    await ip("-n", name(HUB), "link", "add", "bridge", "type", "bridge");
    await ip("-n", name(HUB), "link", "set", "bridge", "up");
  } catch (error) {
    await close();
    throw error;
  }
  let count = 0;
  return {
    kind: "namespaces",
    reason: "network namespaces joined by a bridge",
    async place(place): Promise<Place> {
      const number = ++count;
      await make(place);
      const here = name(place);
      const port = `port${number}`;
      await ip("-n", name(HUB), "link", "add", port, "type", "veth", "peer", "name", "line", "netns", here);
      await ip("-n", name(HUB), "link", "set", port, "master", "bridge", "up");
      await ip("-n", here, "link", "set", "line", "up");
      const prefix = `${NET}.${number}.`;
      // A few addresses each, so that every service may have the same port.
      for (let n = 1; n <= 8; n++) await ip("-n", here, "addr", "add", `${prefix}${n}/16`, "dev", "line");
      return {
        name: place,
        prefix,
        address: (n) => `${prefix}${n}`,
        inside: (command, args) => ["nsenter", [`--net=${RUN}/${here}`, "--", command, ...args]],
        line: {
          cut: () => ip("-n", name(HUB), "link", "set", port, "down"),
          join: () => ip("-n", name(HUB), "link", "set", port, "up"),
        },
      };
    },
    close,
  };
}
