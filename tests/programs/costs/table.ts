/**
 * Writes docs/reference/costs.md from what the committed program does; `--check` compares instead and fails on a difference.
 *
 *   node tests/programs/costs/table.ts [--check]
 */
import { grouped, keepPage, lineOf } from "./cost.ts";
import {
  measureInstructions,
  measureOpening,
  mostVouchers,
  PROGRAM_SIZE,
  SIGNATURE_FEE,
  settleMany,
  wideWorld,
} from "./measure.ts";
import { measureNames, NAMES_SIZE } from "./names.ts";
import { measureStake, STAKE_SIZE } from "./stake.ts";

/** The page as the committed program makes it. Everything in it is exact and the same on every machine. */
export function costsPage(): string {
  const wide = wideWorld(128, 60);
  const broad = wideWorld(20_000, 13);
  const deep = wideWorld(20_000, 13, 20_000 - 13);
  const openings = [255, 254, 253, 250].map((bump) => ({ bump, ...measureOpening(bump) }));
  const plain = mostVouchers(wide);
  const priced = mostVouchers(wide, { price: 1n, limit: 400_000 });
  const large = mostVouchers(wide, { version: 1 });
  const thirteen = settleMany(wide, 13, { cumulative: 600n });
  const fiftyTwo = settleMany(wide, 52, { cumulative: 700n, version: 1 });
  const far = settleMany(broad, 13, { cumulative: 600n });
  const last = settleMany(deep, 13, { cumulative: 600n });
  const { machine } = wide.world;
  const rowRent = machine.rent(120 + 96) - machine.rent(120);

  const instructions = measureInstructions().map(lineOf);
  const figures: [string, string][] = [
    ...openings.map(({ bump, back, fresh }): [string, string] => [
      `\`deposit\` and \`open_lane\` in one transaction, Balance of bump ${bump}`,
      `${grouped(back.units)} CU, with the first deposit ${grouped(fresh.units)}`,
    ]),
    ["payers in one legacy transaction", `${plain}, ${grouped(thirteen.size)} of 1 232 bytes at 13`],
    ["the same with compute unit price and limit", `${priced}`],
    ["payers in one v1 transaction (SIMD-0385)", `${large}, ${grouped(fiftyTwo.size)} of 4 096 bytes at 52`],
    [
      "`settle` of 13, ledger of 128 rows",
      `${grouped(thirteen.units)} CU, ${grouped(Math.ceil(thirteen.units / 13))} a voucher`,
    ],
    ["the same 13 vouchers, ledger of 20 000 rows", `${grouped(far.units)} CU`],
    ["13 vouchers of the last rows of 20 000", `${grouped(last.units)} CU`],
    [
      "`settle` of 52 in a v1 transaction",
      `${grouped(fiftyTwo.units)} CU, ${grouped(Math.ceil(fiftyTwo.units / 52))} a voucher`,
    ],
    ["base fee a payer at 13", `${grouped((SIGNATURE_FEE + 12n) / 13n)} lamports`],
    ["rent of a lane, returned with the ledger", `${grouped(rowRent)} lamports`],
    ["rent a closed ledger keeps", `${grouped(machine.rent(0))} lamports`],
    ["`escrow.so`", `${grouped(PROGRAM_SIZE)} bytes`],
  ];
  const named = measureNames().map(lineOf);
  const staked = measureStake().map(lineOf);
  return `# What the programs cost

Made by \`node tests/programs/costs/table.ts\` from \`programs/artifacts\` in LiteSVM, with real signatures and real loader; \`--check\` compares.
A compute unit is the runtime's measure of work; a transaction may ask for 1 400 000. Tokens are moved by the bundled SPL Token program.

## The escrow program

Units of \`settle\` differ by a few with the bytes of keys and signatures.
The address of a Balance is found by trying bumps from 255 down; half of all wallets have 255, a quarter 254, and so on.

| transaction with | compute units | bytes |
|---|---|---|
${instructions.join("\n")}

| figure | |
|---|---|
${figures.map(([name, value]) => `| ${name} | ${value} |`).join("\n")}

## The names program

Names and passports are tokens of the bundled Token-2022. A few hundred units differ with the bumps of addresses. \`names.so\` has ${grouped(NAMES_SIZE)} bytes.

| transaction with | compute units | bytes |
|---|---|---|
${named.join("\n")}

## The stake program

A tree of twenty levels holds a million operators. \`stake.so\` has ${grouped(STAKE_SIZE)} bytes.

| transaction with | compute units | bytes |
|---|---|---|
${staked.join("\n")}
`;
}

if (import.meta.main) keepPage("costs.md", costsPage);
