import { formatIu } from "@tolldns/sdk";
import { renew } from "@tolldns/sdk/names";
import type { CommandSpec, Run } from "../../command.ts";
import { lookUp } from "../../names/look.ts";
import { sendNames } from "../../names/program.ts";
import { type RegistrationStep, registerName } from "../../names/registration.ts";
import { day, labelOf, numberOf, openNamesWallet, SIGNING_SECTIONS, sourceOf } from "./open.ts";

export const registerCommand: CommandSpec = {
  name: "register",
  about:
    "Register a name: promise it without naming it, wait until the promise is old enough, then reveal and pay. Ended in between, run it again: it goes on.",
  args: [["<name>", "five characters or more, with or without .dns"]],
  sections: SIGNING_SECTIONS,
  flags: [["--years <number>", "terms to pay for, 1 to 10 (default: 1)"]],
  examples: [
    ["tolldns name register example.dns", "for a year"],
    ["tolldns name register example.dns --years 3", "for three"],
  ],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const years = numberOf(run, "years", 1, 1, 10);
    const { data } = run.settings("general");
    const told = tellSteps(run);
    const { signature, expiresAt, paid } = await registerName({
      ...session,
      data,
      label,
      years,
      onStep: told,
    });
    const name = `${label}.dns`;
    run.out.result(
      { name, signature, expiresAt, paid },
      [
        signature === null
          ? `${name} is yours already, until ${day(expiresAt)}.`
          : `${name} is yours until ${day(expiresAt)}; it cost ${formatIu(paid)} IU.`,
        ...(signature === null ? [] : [`Transaction ${signature}`]),
        "",
        `\`tolldns name set ${name} A 192.0.2.1 --wait\` publishes a first record.`,
      ].join("\n"),
    );
  },
};

/** Says each step once, and how long is left now and then. */
function tellSteps({ out }: Run): (step: RegistrationStep) => void {
  let last = Number.POSITIVE_INFINITY;
  return (step) => {
    out.event({ event: step.step, ...step });
    if (step.step === "promised") out.progress("Promised, in a transaction that doesn't tell the name.");
    if (step.step === "resumed") out.progress("Going on with the promise made before.");
    if (step.step !== "waiting" || last - step.seconds < 10) return;
    last = step.seconds;
    out.progress(
      `Waiting ${step.seconds} s, so that nobody can see the name and be faster. Ctrl-C is fine: run it again.`,
    );
  };
}

export const renewCommand: CommandSpec = {
  name: "renew",
  about: "Pay for more time. Anyone may, for any name.",
  args: [["<name>", "with or without .dns"]],
  sections: SIGNING_SECTIONS,
  flags: [["--years <number>", "terms to add, 1 to 10 (default: 1)"]],
  examples: [["tolldns name renew example.dns --years 2", "two more years"]],
  async action(run) {
    const session = await openNamesWallet(run);
    const label = labelOf(run);
    const { deployment } = session.names;
    const years = numberOf(run, "years", 1, 1, 10);
    const before = await lookUp(session.rpc, session.names, label);
    const payer = session.signer.publicKey;
    const signature = await sendNames(session, [
      renew({ deployment, label, payer, source: sourceOf(session), years }),
    ]);
    const after = await lookUp(session.rpc, session.names, label);
    const expiresAt = after.name?.expiresAt ?? 0n;
    const paid = before.price * BigInt(years);
    run.out.result(
      { name: `${label}.dns`, expiresAt, paid, signature },
      [
        `${label}.dns is paid until ${day(expiresAt)}; it cost ${formatIu(paid)} IU.`,
        `Transaction ${signature}`,
        "",
        `Its records were signed until ${day(before.name?.expiresAt ?? 0n)}: its owner makes them last with \`tolldns name refresh ${label}.dns\`.`,
      ].join("\n"),
    );
  },
};
