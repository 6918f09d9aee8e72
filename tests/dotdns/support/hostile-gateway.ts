/** A gateway of somebody who lies: discovery, DoT and DoH as a gateway has them, and any evidence its owner likes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createCertificate,
  encodeOption,
  ensureDevelopmentCertificate,
  type Handler,
  listenDot,
  listenHttps,
  OPTION,
  RCODE,
  writeError,
} from "@tolldns/dns";
import { formatDiscovery } from "@tolldns/sdk";

/** Evidence for the name asked, null to answer without any, undefined for SERVFAIL. */
export type Claim = (name: string) => Uint8Array | null | undefined;

export interface HostileGateway {
  readonly url: string;
  readonly ca: string;
  readonly asked: string[];
  claim: Claim;
  close(): Promise<void>;
}

export async function startHostileGateway(claim: Claim): Promise<HostileGateway> {
  const folder = mkdtempSync(join(tmpdir(), "tolldns-hostile-gateway-"));
  const { pair, ca } = await ensureDevelopmentCertificate(folder, ["localhost", "127.0.0.1"]);
  const certificate = createCertificate(pair);
  const handler: Handler = (query, out, at) => {
    gateway.asked.push(query.name);
    const claimed = gateway.claim(query.name);
    if (claimed === undefined) return writeError(query, out, at, RCODE.SERVFAIL);
    const options = claimed === null ? {} : { options: encodeOption(OPTION.ROUTE_EVIDENCE, claimed) };
    return writeError(query, out, at, RCODE.NOERROR, options);
  };
  const dot = await listenDot({ handler, host: "127.0.0.1", port: 0, certificate });
  const document = JSON.stringify(
    formatDiscovery({
      protocol: 1,
      charges: false,
      free: true,
      dohPath: "/dns-query",
      dotPort: dot.port,
      udpPort: 0,
    }),
  );
  const https = await listenHttps({
    handler,
    host: "127.0.0.1",
    port: 0,
    certificate,
    route: () => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: Buffer.from(document),
    }),
  });
  const gateway: HostileGateway = {
    url: `https://127.0.0.1:${https.port}`,
    ca,
    asked: [],
    claim,
    async close() {
      await dot.close();
      await https.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return gateway;
}
