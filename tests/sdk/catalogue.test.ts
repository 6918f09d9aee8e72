import { readFileSync } from "node:fs";
import {
  EDE_PRIVATE_BASE,
  findTollError,
  findTollErrorByInfoCode,
  isTollError,
  problemOf,
  TOLL_ERRORS,
  tollError,
  tollErrorOfProblem,
} from "@tolldns/sdk";
import { expect } from "chai";

describe("catalogue of toll errors", () => {
  it("is the one of docs/reference/toll.md, number by number", () => {
    const text = readFileSync(new URL("../../docs/reference/toll.md", import.meta.url), "utf8");
    const documented = [...text.matchAll(/^\| (\d+) \| `([a-z-]+)` \|/gm)].map(([, number, slug]) => [
      Number(number),
      slug,
    ]);
    expect(TOLL_ERRORS.map(({ number, slug }) => [number, slug])).to.deep.equal(documented);
  });

  it("numbers from 1 without gaps, each with an info-code of the private range and a hint", () => {
    TOLL_ERRORS.forEach((entry, i) => {
      expect(entry.number).to.equal(i + 1);
      expect(entry.infoCode).to.equal(EDE_PRIVATE_BASE + i + 1);
      expect(entry.hint).to.match(/^[A-Z].*\.$/);
      expect(findTollError(entry.number)).to.equal(entry);
      expect(findTollError(entry.slug)).to.equal(entry);
      expect(findTollErrorByInfoCode(entry.infoCode)).to.equal(entry);
    });
  });

  it("knows nothing of other numbers, slugs and info-codes", () => {
    for (const key of [0, -1, TOLL_ERRORS.length + 1, 1.5, "", "toString"])
      expect(findTollError(key)).to.equal(undefined);
    for (const code of [0, EDE_PRIVATE_BASE, 65_535])
      expect(findTollErrorByInfoCode(code)).to.equal(undefined);
  });

  it("answers 402, but 400 for what is malformed, 429 for too many and 503 for what the gateway can't do", () => {
    const others = { "toll-malformed": 400, "rate-limited": 429, "toll-unavailable": 503 } as Record<
      string,
      number
    >;
    for (const { slug, status } of TOLL_ERRORS) expect(status, slug).to.equal(others[slug] ?? 402);
  });

  it("comes back from its problem document", () => {
    for (const entry of TOLL_ERRORS)
      expect(tollErrorOfProblem(JSON.parse(JSON.stringify(problemOf(entry))))).to.equal(entry);
    for (const other of [
      null,
      1,
      "x",
      {},
      { type: 5 },
      { type: "about:blank" },
      { type: "https://tolldns.org/errors/nonsense" },
    ])
      expect(tollErrorOfProblem(other)).to.equal(undefined);
  });

  it("makes errors to throw, with context and cause", () => {
    const cause = new Error("deeper");
    const error = tollError("voucher-due", { debt: 3 }, cause);
    expect(isTollError(error, "voucher-due")).to.equal(true);
    expect(isTollError(error, "tick-wrong")).to.equal(false);
    expect(error).to.include({ number: 8, cause });
    expect(error.message).to.contain("debt: 3");
  });
});
