import {
  deriveBalance,
  deriveConfig,
  deriveLedger,
  deriveTokenAccount,
  deriveVault,
  TOKEN_2022_PROGRAM,
  TOKEN_PROGRAM,
  toAddress,
  toHex,
} from "@tolldns/sdk";
import { bytesOf } from "./random.ts";

/** Contents of address.json. */
export function addressVectors(): Record<string, unknown> {
  const escrow = bytesOf("escrow program");
  const genesis = bytesOf("genesis");
  const hex = toHex;
  const derived: unknown[] = [
    { name: "config", kind: "config", escrow: hex(escrow), ...shown(deriveConfig(escrow)) },
    { name: "vault", kind: "vault", escrow: hex(escrow), ...shown(deriveVault(escrow)) },
  ];
  for (let i = 0; i < 8; i++) {
    const owner = bytesOf(`owner ${i}`);
    derived.push({
      name: `balance ${i}`,
      kind: "balance",
      escrow: hex(escrow),
      owner: hex(owner),
      ...shown(deriveBalance(escrow, owner)),
    });
  }
  for (const [i, index] of [0, 1, 256, 65_535].entries()) {
    const operator = bytesOf(`operator ${i}`);
    derived.push({
      name: `ledger ${index}`,
      kind: "ledger",
      escrow: hex(escrow),
      genesis_hash: hex(genesis),
      operator: hex(operator),
      index,
      ...shown(deriveLedger(escrow, genesis, operator, index)),
    });
  }
  const other = bytesOf("another genesis");
  const operator = bytesOf("operator 0");
  derived.push({
    name: "ledger 0 of another cluster",
    kind: "ledger",
    escrow: hex(escrow),
    genesis_hash: hex(other),
    operator: hex(operator),
    index: 0,
    ...shown(deriveLedger(escrow, other, operator, 0)),
  });
  for (const program of [TOKEN_PROGRAM, TOKEN_2022_PROGRAM]) {
    const [owner, mint] = [bytesOf("owner 0"), bytesOf("mint")];
    derived.push({
      name: `token account, ${program}`,
      kind: "token_account",
      owner: hex(owner),
      mint: hex(mint),
      token_program: hex(toAddress(program)),
      ...shown(deriveTokenAccount(owner, mint, program)),
    });
  }
  return { about: "program-derived addresses; escrow is the program id", derived };
}

function shown({ address, bump }: { address: Uint8Array; bump: number }) {
  return { address: toHex(address), bump };
}
