import { readdirSync, readFileSync } from "node:fs";
import { expect } from "chai";
import { bundle } from "./support/bundle.ts";

const minified = async (source: string) => (await bundle({ source }, true)).length;

describe("size and purity", () => {
  for (const [what, limit, source] of [
    [
      "the voucher codec",
      3_600,
      'import { encodeVoucher, decodeVoucher } from "@tolldns/sdk"; console.log(encodeVoucher, decodeVoucher);',
    ],
    ["the error catalogue", 2_400, 'import { TOLL_ERRORS } from "@tolldns/sdk"; console.log(TOLL_ERRORS);'],
    [
      "ticks with their SHA-256",
      8_200,
      'import { createTickChain, revealTick } from "@tolldns/sdk"; console.log(createTickChain, revealTick);',
    ],
    ["all of the core with Ed25519", 66_000, 'import * as sdk from "@tolldns/sdk"; console.log(sdk);'],
    [
      "the escrow's builders and readers",
      73_000,
      'import * as sdk from "@tolldns/sdk/escrow"; console.log(sdk);',
    ],
    [
      "what a client checks routes with",
      56_000,
      'import { verifyEvidence, createAnswerer } from "@tolldns/sdk/routes"; console.log(verifyEvidence, createAnswerer);',
    ],
  ] as const)
    it(`keeps a bundle of ${what} below ${limit} bytes`, async () => {
      expect(await minified(source)).to.be.below(limit);
    });

  it("bundles nothing at all for an import that is not used", async () => {
    for (const path of ["", "/escrow", "/routes", "/transaction"])
      expect(await minified(`import * as sdk from "@tolldns/sdk${path}";`)).to.be.below(40);
  });

  it("loads neither Anchor, web3.js nor Umi for what does not need them", async () => {
    const source =
      'import * as a from "@tolldns/sdk"; import * as b from "@tolldns/sdk/escrow"; import * as c from "@tolldns/sdk/transaction"; console.log(a, b, c);';
    const text = await bundle({ source });
    for (const heavy of [
      "node_modules/@solana/",
      "node_modules/@coral-xyz/",
      "node_modules/@metaplex-foundation/",
      "node_modules/buffer/",
    ])
      expect(text).not.to.contain(heavy);
    expect(text).to.contain("node_modules/@noble/");
  });

  it("imports node: modules in the node subpath alone, and opens no socket and no file", () => {
    const folder = new URL("../../sdk/src/", import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    expect(sources.length).to.be.above(30);
    for (const name of sources) {
      const text = readFileSync(new URL(name, folder), "utf8");
      if (name !== "node.ts") expect(text, name).not.to.match(/from "node:|fetch\(|WebSocket|XMLHttpRequest/);
      expect(text, name).not.to.match(/node:(fs|net|http|https|dgram|tls)/);
    }
  });
});
