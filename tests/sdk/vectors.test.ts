import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { verifyEd25519Node } from "@tolldns/sdk/node";
import { expect } from "chai";
import { checkSignature, VECTOR_CHECKS } from "./support/vector-checks.ts";
import { readVectors } from "./support/vectors.ts";

const folder = new URL("../vectors/", import.meta.url);
const files = readdirSync(folder)
  // names.json has its checks in names.test.ts.
  .filter((name) => name.endsWith(".json") && name !== "names.json")
  .map((name) => name.slice(0, -".json".length));

describe("golden vectors", () => {
  it("are what the SDK makes today", () => {
    execFileSync(execPath, [fileURLToPath(new URL("make.ts", folder)), "--check"], { stdio: "pipe" });
  });

  it("each have a check", () => {
    const groups = files.flatMap((file) =>
      Object.keys(readVectors(file))
        .filter((group) => group !== "about")
        .map((group) => `${file}.${group}`),
    );
    expect(groups.sort()).to.deep.equal(Object.keys(VECTOR_CHECKS).sort());
  });

  for (const [name, check] of Object.entries(VECTOR_CHECKS)) {
    const [file, group] = name.split(".") as [string, string];
    it(`${name} holds`, () => {
      for (const row of readVectors(file)[group] ?? []) expect(() => check(row), row.name).not.to.throw();
    });
  }

  for (const name of ["ed25519", "wycheproof"])
    it(`${name}.cases holds for node:crypto too`, () => {
      for (const row of readVectors(name).cases ?? [])
        expect(() => checkSignature(row, verifyEd25519Node), row.name).not.to.throw();
    });
});
