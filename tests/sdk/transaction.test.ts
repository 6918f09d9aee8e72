import {
  appendTransactionMessageInstruction,
  type Blockhash,
  compileTransaction,
  createTransactionMessage,
  getTransactionDecoder,
  getTransactionEncoder,
  pipe,
  setTransactionMessageComputeUnitLimit,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  setTransactionMessageLoadedAccountsDataSizeLimit,
  setTransactionMessagePriorityFeeLamports,
} from "@solana/kit";
import {
  ComputeBudgetProgram,
  MessageV1,
  PublicKey,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";
import {
  type Address,
  createSigner,
  formatAddress,
  SYSTEM_PROGRAM,
  toAddress,
  toHex,
  verifyEd25519,
} from "@tolldns/sdk";
import * as tx from "@tolldns/sdk/transaction";
import { toTransactionInstruction, toVersionedTransaction } from "@tolldns/sdk/web3";
import { expect } from "chai";
import fc from "fast-check";
import { codeOf } from "./support/errors.ts";
import { someone } from "./support/instructions.ts";

const payer = createSigner(someone(1));
const second = createSigner(someone(2));
const blockhash = someone(77);
const pool: Address[] = [
  payer.publicKey,
  second.publicKey,
  ...Array.from({ length: 12 }, (_, i) => someone(100 + i)),
];

const metas = fc
  .tuple(fc.nat(pool.length - 1), fc.boolean())
  .map(([i, writable]) => ({ address: pool[i] as Address, signer: i < 2, writable }));
const instructions = fc.array(
  fc.record({
    program: fc.integer({ min: 9, max: 13 }).map((i) => pool[i] as Address),
    accounts: fc.array(metas, { maxLength: 8 }),
    data: fc.uint8Array({ maxLength: 200 }),
  }),
  { maxLength: 4 },
);
const config = {
  priorityFee: 5_000n,
  computeUnitLimit: 300_000,
  loadedAccountsLimit: 65_536,
  heapSize: 65_536,
};
const example: tx.Instruction[] = [
  {
    program: someone(110),
    accounts: [tx.writable(someone(100)), tx.signing(second.publicKey)],
    data: new Uint8Array(150).fill(9),
  },
  {
    program: someone(111),
    accounts: [tx.readonly(someone(100)), tx.paying(payer.publicKey)],
    data: new Uint8Array(0),
  },
];

function partsOf(version: tx.TransactionVersion, list: readonly tx.Instruction[]): tx.TransactionParts {
  const parts = { version, payer: payer.publicKey, blockhash, instructions: list };
  return version === 1 ? { ...parts, config } : parts;
}

function signersOf(list: readonly tx.Instruction[]) {
  const isAsked = list.some(({ accounts }) => accounts.some(({ address }) => address === second.publicKey));
  return isAsked ? [payer, second] : [payer];
}

describe("transactions", () => {
  it("compile to the same legacy and v0 bytes as web3.js", () => {
    fc.assert(
      fc.property(instructions, (list) => {
        const message = new TransactionMessage({
          payerKey: new PublicKey(payer.publicKey),
          recentBlockhash: formatAddress(blockhash),
          instructions: list.map(toTransactionInstruction),
        });
        expect(toHex(tx.encodeMessageOf(partsOf("legacy", list)))).to.equal(
          toHex(message.compileToLegacyMessage().serialize()),
        );
        expect(toHex(tx.encodeMessageOf(partsOf(0, list)))).to.equal(
          toHex(message.compileToV0Message().serialize()),
        );
      }),
    );
  });

  it("compile to v1 messages that web3.js reads back whole", () => {
    fc.assert(
      fc.property(instructions, (list) => {
        const message = MessageV1.deserialize(tx.encodeMessageOf(partsOf(1, list)));
        expect(message.recentBlockhash).to.equal(formatAddress(blockhash));
        expect(message.transactionConfig).to.deep.equal({
          priorityFee: 5_000,
          computeUnitLimit: 300_000,
          loadedAccountsDataSizeLimit: 65_536,
          heapSize: 65_536,
        });
        const keys = message.staticAccountKeys.map((key) => toHex(key.toBytes()));
        message.compiledInstructions.forEach(({ programIdIndex, accountKeyIndexes, data }, i) => {
          const { program, accounts, data: expected } = list[i] as tx.Instruction;
          expect(keys[programIdIndex]).to.equal(toHex(program));
          expect(toHex(data)).to.equal(toHex(expected));
          expect(accountKeyIndexes.map((at) => keys[at])).to.deep.equal(
            accounts.map(({ address }) => toHex(address)),
          );
          accountKeyIndexes.forEach((at, n) => {
            if (accounts[n]?.writable) expect(message.isAccountWritable(at)).to.equal(true);
            if (accounts[n]?.signer) expect(message.isAccountSigner(at)).to.equal(true);
          });
        });
      }),
    );
  });

  it("are the v1 bytes Kit makes of the same", () => {
    const kit = compileTransaction(
      pipe(
        createTransactionMessage({ version: 1 }),
        (message) => setTransactionMessageFeePayer(formatAddress(payer.publicKey) as never, message),
        (message) =>
          setTransactionMessageLifetimeUsingBlockhash(
            { blockhash: formatAddress(blockhash) as Blockhash, lastValidBlockHeight: 0n },
            message,
          ),
        (message) => setTransactionMessageComputeUnitLimit(300_000, message),
        (message) => setTransactionMessageLoadedAccountsDataSizeLimit(65_536, message),
        (message) => setTransactionMessagePriorityFeeLamports(5_000n, message),
        (message) =>
          appendTransactionMessageInstruction(
            {
              programAddress: formatAddress(someone(110)) as never,
              accounts: [{ address: formatAddress(someone(100)) as never, role: 1 }],
              data: new Uint8Array(150).fill(9),
            },
            message,
          ),
      ),
    );
    const ours = tx.encodeMessageOf({
      version: 1,
      payer: payer.publicKey,
      blockhash,
      instructions: [
        { program: someone(110), accounts: [tx.writable(someone(100))], data: new Uint8Array(150).fill(9) },
      ],
      config: { computeUnitLimit: 300_000, loadedAccountsLimit: 65_536, priorityFee: 5_000n },
    });
    expect(toHex(ours)).to.equal(toHex(new Uint8Array(kit.messageBytes)));
  });

  for (const version of ["legacy", 0, 1] as const) {
    it(`come back as they went, version ${version}, and are as long as foretold`, () => {
      fc.assert(
        fc.property(instructions, (list) => {
          const parts = partsOf(version, list);
          const bytes = tx.signTransaction(parts, signersOf(list));
          expect(bytes.length).to.equal(tx.transactionSize(parts));
          const back = tx.decodeTransaction(bytes);
          expect(back.version).to.equal(version);
          expect(back.blockhash).to.deep.equal(blockhash);
          expect(toHex(back.message)).to.equal(toHex(tx.encodeMessageOf(parts)));
          back.signatures.forEach((signature, i) => {
            expect(verifyEd25519(back.addresses[i] as Address, back.message, signature)).to.equal(true);
          });
          tx.instructionsOf(back).forEach(({ program, accounts, data }, i) => {
            const sent = list[i] as tx.Instruction;
            expect([toHex(program), toHex(data)]).to.deep.equal([toHex(sent.program), toHex(sent.data)]);
            expect(accounts.map(({ address }) => toHex(address))).to.deep.equal(
              sent.accounts.map(({ address }) => toHex(address)),
            );
          });
        }),
        { numRuns: 20 },
      );
    });

    it(`are read by Kit, version ${version}`, () => {
      const bytes = tx.signTransaction(partsOf(version, example), [payer, second]);
      const kit = getTransactionDecoder().decode(bytes);
      expect(toHex(new Uint8Array(getTransactionEncoder().encode(kit)))).to.equal(toHex(bytes));
      expect(Object.keys(kit.signatures)).to.deep.equal(
        [payer, second].map(({ publicKey }) => formatAddress(publicKey)),
      );
    });

    it(`are refused when cut anywhere or followed by anything, version ${version}`, () => {
      const bytes = tx.signTransaction(partsOf(version, example), [payer, second]);
      for (let length = 0; length < bytes.length; length++)
        expect(
          codeOf(() => tx.decodeTransaction(bytes.slice(0, length))),
          `${length}`,
        ).to.match(/^transaction-(truncated|invalid)$/);
      const long = new Uint8Array(bytes.length + 1);
      long.set(bytes);
      expect(codeOf(() => tx.decodeTransaction(long))).to.equal("transaction-trailing");
    });

    it(`never crash on bent bytes, version ${version}`, () => {
      const bytes = tx.signTransaction(partsOf(version, example), [payer, second]);
      fc.assert(
        fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
          const bent = bytes.slice();
          bent[at] = value;
          try {
            tx.instructionsOf(tx.decodeTransaction(bent));
          } catch {
            expect(codeOf(() => tx.instructionsOf(tx.decodeTransaction(bent)))).to.match(/^transaction-/);
          }
        }),
        { numRuns: 400 },
      );
    });
  }

  it("are refused above 1232 and 4096 bytes", () => {
    const big = (length: number): tx.Instruction[] => [
      { program: someone(9), accounts: [], data: new Uint8Array(length) },
    ];
    for (const [version, limit] of [
      ["legacy", 1_232],
      [0, 1_232],
      [1, 4_096],
    ] as const) {
      let fits = limit - tx.transactionSize(partsOf(version, big(200))) + 200;
      expect(tx.transactionSize(partsOf(version, big(fits)))).to.equal(limit);
      expect(tx.signTransaction(partsOf(version, big(fits)), [payer])).to.have.length(limit);
      fits++;
      expect(codeOf(() => tx.signTransaction(partsOf(version, big(fits)), [payer]))).to.equal(
        "transaction-size",
      );
    }
  });

  it("are refused with a signer too few or too many", () => {
    expect(codeOf(() => tx.signTransaction(partsOf(1, example), [payer]))).to.equal("transaction-signer");
    expect(codeOf(() => tx.signTransaction(partsOf(1, []), [payer, second]))).to.equal("transaction-signer");
  });

  it("are refused with more than 64 addresses, 64 instructions or 12 signatures in v1", () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        toAddress(
          someone(0)
            .fill(i + 1, 0, 16)
            .fill(200, 16),
        ),
      );
    const one = (accounts: tx.AccountMeta[]): tx.Instruction[] => [
      { program: someone(9), accounts, data: new Uint8Array(0) },
    ];
    const encode = (list: tx.Instruction[]) => () => tx.encodeMessageOf(partsOf(1, list));
    expect(codeOf(encode(one(many(63).map(tx.readonly))))).to.equal("transaction-count");
    expect(encode(one(many(62).map(tx.readonly)))).not.to.throw();
    expect(codeOf(encode(one(many(12).map(tx.signing))))).to.equal("transaction-count");
    expect(encode(one(many(11).map(tx.signing)))).not.to.throw();
    const empty = one([])[0] as tx.Instruction;
    expect(codeOf(encode(Array.from({ length: 65 }, () => empty)))).to.equal("transaction-count");
    expect(encode(Array.from({ length: 64 }, () => empty))).not.to.throw();
  });

  it("with an unknown config bit, half a fee, a foreign version or lookup tables are refused", () => {
    const bytes = tx.signTransaction(partsOf(1, []), [payer]);
    const bent = (at: number, value: number) => () =>
      tx.decodeTransaction(bytes.slice().fill(value, at, at + 1));
    expect(codeOf(bent(4, 0b11_1111))).to.equal("transaction-invalid");
    expect(codeOf(bent(4, 0b1_1101))).to.equal("transaction-invalid");
    const v0 = tx.signTransaction(partsOf(0, []), [payer]);
    expect(codeOf(() => tx.decodeTransaction(v0.slice().fill(0x82, 65, 66)))).to.equal("transaction-version");
    expect(codeOf(() => tx.decodeTransaction(v0.slice().fill(1, v0.length - 1)))).to.equal(
      "transaction-lookup",
    );
  });

  it("turn into web3.js's VersionedTransaction for wallets to sign", () => {
    for (const version of ["legacy", 0] as const) {
      const parts = { ...partsOf(version, example), version };
      const theirs = toVersionedTransaction(parts);
      expect(theirs).to.be.instanceOf(VersionedTransaction);
      expect(toHex(theirs.message.serialize())).to.equal(toHex(tx.encodeMessageOf(parts)));
      expect(theirs.signatures).to.have.length(2);
    }
  });

  it("ask for compute units as web3.js does", () => {
    const ours = tx
      .computeBudgetInstructions({ unitLimit: 700_000, unitPrice: 12_345n })
      .map(toTransactionInstruction);
    expect(ours).to.deep.equal([
      ComputeBudgetProgram.setComputeUnitLimit({ units: 700_000 }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 12_345n }),
    ]);
    expect(tx.computeBudgetInstructions({})).to.deep.equal([]);
    expect(tx.priorityFee(700_000, 12_345n)).to.equal(8_642n);
    expect(tx.priorityFee(1, 1n)).to.equal(1n);
    expect(toAddress(SYSTEM_PROGRAM)).to.deep.equal(new Uint8Array(32));
  });
});
