import { execFile } from "node:child_process";
import { connect } from "node:tls";
import { listenDot, listenHttps } from "@tolldns/dns";
import { expect } from "chai";
import { countingResolver, testCertificate } from "../../dns/support/servers.ts";

/** Version agreed with the listener, or `refused`. */
function handshake(port: number, ca: string, options: object): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", servername: "localhost", ca, ...options }, () => {
      resolve(socket.getProtocol() ?? "none");
      socket.destroy();
    });
    socket.on("error", () => resolve("refused"));
    socket.on("close", () => resolve("refused"));
  });
}

describe("TLS", () => {
  for (const [name, listen, alpn] of [
    ["DoT", listenDot, "dot"],
    ["DoH", listenHttps, "h2"],
  ] as const) {
    it(`older than 1.2 is refused on ${name}`, async () => {
      const { certificate, ca } = await testCertificate();
      const { handler } = countingResolver();
      const listener = await listen({ port: 0, handler, certificate });
      // This process's OpenSSL offers the old versions only at security level 0.
      const old = { ciphers: "DEFAULT@SECLEVEL=0", ALPNProtocols: [alpn] };
      expect(
        await handshake(listener.port, ca, { ...old, minVersion: "TLSv1", maxVersion: "TLSv1" }),
      ).to.equal("refused");
      expect(
        await handshake(listener.port, ca, { ...old, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" }),
      ).to.equal("refused");
      expect(await handshake(listener.port, ca, { maxVersion: "TLSv1.2", ALPNProtocols: [alpn] })).to.equal(
        "TLSv1.2",
      );
      expect(await handshake(listener.port, ca, { ALPNProtocols: [alpn] })).to.equal("TLSv1.3");
      await listener.close();
    });

    it(`of another application protocol is refused on ${name}`, async () => {
      const { certificate, ca } = await testCertificate();
      const { handler } = countingResolver();
      const listener = await listen({ port: 0, handler, certificate });
      expect(await handshake(listener.port, ca, { ALPNProtocols: ["smtp"] })).to.equal("refused");
      await listener.close();
    });
  }

  it("with a wrong name or an unknown authority is refused by a client, not by us", async () => {
    const { certificate, ca } = await testCertificate();
    const { handler } = countingResolver();
    const listener = await listenDot({ port: 0, handler, certificate });
    expect(await handshake(listener.port, ca, { servername: "elsewhere.example" })).to.equal("refused");
    expect(await handshake(listener.port, ca, { ca: undefined })).to.equal("refused");
    expect(await handshake(listener.port, ca, {})).to.equal("TLSv1.3");
    await listener.close();
  });

  it("writes no key where others can read it", async () => {
    const { caFile } = await testCertificate();
    const dir = caFile.slice(0, caFile.lastIndexOf("/"));
    const modes = await new Promise<string>((resolve) =>
      execFile("stat", ["-c", "%a", `${dir}/key.pem`, `${dir}/ca-key.pem`, dir], (_error, stdout) =>
        resolve(stdout),
      ),
    );
    expect(modes.trim().split("\n")).to.deep.equal(["600", "600", "700"]);
  });
});
