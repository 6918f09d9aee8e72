/** Our listeners in front of a full cache, as a process of its own: prints its ports as one line of JSON. */
import { readFile } from "node:fs/promises";
import {
  buildQuery,
  createCache,
  createCertificate,
  createResolver,
  encodeName,
  listenDot,
  listenHttps,
  listenTcp,
  listenUdp,
  nameToText,
  queryOf,
} from "@tolldns/dns";
import packet from "dns-packet";

const [certFile = "", keyFile = "", names = "100"] = process.argv.slice(2);
const certificate = createCertificate({
  cert: await readFile(certFile, "utf8"),
  key: await readFile(keyFile, "utf8"),
});
const resolver = createResolver({
  cache: createCache({ bytes: 32 * 1024 * 1024 }),
  ask: async (question) => {
    const name = nameToText(question.name);
    return packet.encode({
      type: "response",
      id: 0,
      flags: 0x180,
      questions: [{ name, type: "A" }],
      answers: [{ name, type: "A", ttl: 3600, data: "192.0.2.1" }],
    });
  },
});
const out = new Uint8Array(4096);
for (let i = 0; i < Number(names); i++) {
  const query = queryOf(buildQuery({ name: encodeName(`name${i}.example`), type: 1, payloadSize: 0 }));
  if (query !== undefined) await resolver.answer(query, out, 0);
}
const handler = resolver.answer;
const udp = await listenUdp({ port: 0, handler, receiveBuffer: 4 << 20, sendBuffer: 4 << 20 });
const tcp = await listenTcp({ port: udp.port, handler });
const dot = await listenDot({ port: 0, handler, certificate });
const doh = await listenHttps({ port: 0, handler, certificate });
console.log(JSON.stringify({ udp: udp.port, dot: dot.port, doh: doh.port }));
process.on("SIGTERM", async () => {
  await Promise.all([udp, tcp, dot, doh].map((listener) => listener.close()));
  resolver.close();
});
