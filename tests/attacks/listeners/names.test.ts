import { buildQuery, encodeName, listenUdp, nameToText } from "@tolldns/dns";
import { expect } from "chai";
import { askUdp } from "../../dns/support/clients.ts";
import { countingResolver } from "../../dns/support/servers.ts";

describe("names at the edge of what DNS allows", () => {
  const label = "x".repeat(63);
  const names = {
    "255 bytes": `${label}.${label}.${label}.${"y".repeat(61)}`,
    "127 labels": `${"a.".repeat(126)}b`,
    "escaped dots": "a\\.b.c\\.d.example",
    "every byte": `${Array.from({ length: 60 }, (_, i) => `\\${String(i).padStart(3, "0")}`).join("")}.\\255\\128.example`,
    "beyond ASCII": "bücher.例え.example",
    root: ".",
  };
  for (const [what, name] of Object.entries(names))
    it(`are answered and kept: ${what}`, async () => {
      const { handler, asked } = countingResolver();
      const listener = await listenUdp({ port: 0, handler });
      const wire = encodeName(name);
      // Record names of the fixture's encoder don't know escapes; the question is what is checked.
      const answers = await askUdp(listener.port, [buildQuery({ id: 5, name: wire, type: 1 })]);
      await listener.close();
      expect(answers).to.have.length(1);
      expect([...(answers[0] as Buffer).subarray(12, 12 + wire.length)]).to.deep.equal([...wire]);
      expect(nameToText(asked[0]?.name ?? new Uint8Array(1))).to.equal(nameToText(wire.map(lower)));
    });

  it("are refused beyond it, with FORMERR: 256 bytes, labels of 64", async () => {
    const { handler, asked } = countingResolver();
    const listener = await listenUdp({ port: 0, handler });
    const long = Uint8Array.from([...Array.from({ length: 127 }, () => [1, 97]).flat(), 1, 97, 0]);
    const wide = Uint8Array.from([64, ...new Array<number>(64).fill(97), 0]);
    const answers = await askUdp(
      listener.port,
      [long, wide].map((name, id) => buildQuery({ id, name, type: 1 })),
    );
    await listener.close();
    expect(answers.map((bytes) => (bytes[3] as number) & 15)).to.deep.equal([1, 1]);
    expect(asked).to.have.length(0);
  });
});

const lower = (byte: number) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte);
