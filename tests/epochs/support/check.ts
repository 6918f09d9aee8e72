import { expect } from "chai";
import type { DemonstrationReport } from "./demonstration.ts";

/** Every client has the owner's last final route or knows that it has none; every fault is slashed, and nobody honest. */
export function checkDemonstration(report: DemonstrationReport): void {
  const { names, clients, unsigned, slashed, guilty, falseRoots, liesRefused } = report;
  expect(unsigned, "clients were told what no owner signed").to.deep.equal([]);
  for (const [name, { right, honestFailures, wrong }] of Object.entries(clients)) {
    expect(wrong, `clients ${name}`).to.deep.equal([]);
    expect(right + honestFailures, `clients ${name}`).to.equal(names);
    // With everything calm and feeds or an honest gateway at hand there is no reason to fail.
    expect(right, `clients ${name}`).to.equal(names);
  }
  expect([...slashed].sort(), "who was slashed").to.deep.equal([...guilty].sort());
  expect(falseRoots.rejected, "false roots that were attested and not rejected").to.equal(
    falseRoots.attested,
  );
  if (guilty.some((name) => name.startsWith("cartel"))) expect(falseRoots.rejected).to.be.at.least(1);
  expect(liesRefused, "lies of the gateway that clients refused").to.be.at.least(1);
}

export function describeDemonstration(report: DemonstrationReport): string {
  const { names, updates, epochs, blows, clients, slashed, liesRefused, falseRoots, seconds } = report;
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${count} ${name}`)
      .join(", ");
  return [
    `      ${names} names, ${updates} updates in ${seconds.toFixed(0)} s; epochs: ${list(epochs)}; blows: ${list(blows) || "none"}`,
    `      slashed: ${slashed.join(", ") || "nobody"}; false roots attested ${falseRoots.attested}, rejected ${falseRoots.rejected}; lies refused: ${liesRefused}`,
    ...Object.entries(clients).map(
      ([name, { right, honestFailures, wrong }]) =>
        `      clients ${name}: ${right} right, ${honestFailures} know that they don't know, ${wrong.length} wrong`,
    ),
  ].join("\n");
}
