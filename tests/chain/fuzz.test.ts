import {
  AddressLookupTableProgram,
  Connection,
  Keypair,
  PublicKey,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  TransactionMessage,
  VersionedTransaction,
} from "@solana/web3.js";
import { toAddress } from "@tolldns/sdk";
import { createSignerNode } from "@tolldns/sdk/node";
import { paying, signTransaction, writable } from "@tolldns/sdk/transaction";
import { expect } from "chai";
import { random } from "./killing.ts";
import { spawnChain } from "./process.ts";
import { closeSocket, rpc, SOL } from "./rig.ts";

const ROUNDS = 1500;

/** Flips, cuts, repeats and overwrites: what a broken or hostile client may send. */
function mutate(bytes: Uint8Array, roll: () => number): Uint8Array {
  const out = Uint8Array.from(bytes);
  const at = (): number => Math.floor(roll() * out.length);
  for (let n = 1 + Math.floor(roll() * 4); n > 0; n--) {
    const kind = roll();
    if (kind < 0.5) out[at()] = Math.floor(roll() * 256);
    else if (kind < 0.7) out[at()] = [0, 1, 127, 128, 255][Math.floor(roll() * 5)] as number;
    else if (kind < 0.85) out.copyWithin(at(), at(), at());
    else return out.slice(0, at());
  }
  return out;
}

describe("mutated transactions", () => {
  it(`${ROUNDS} of each version, sent and simulated, neither end nor hang the chain`, async function () {
    this.timeout(90_000);
    const seed = Number(process.env.SEED ?? 20261121);
    console.log(`      seed ${seed}`);
    const roll = random(seed);
    const chain = await spawnChain(["--virtual", "--auto-advance"]);
    const connection = new Connection(chain.rpcUrl, { commitment: "confirmed", wsEndpoint: chain.wsUrl });
    const payer = Keypair.generate();
    await connection.confirmTransaction(await connection.requestAirdrop(payer.publicKey, 1000 * SOL));
    const [create, table] = AddressLookupTableProgram.createLookupTable({
      ...{ authority: payer.publicKey, payer: payer.publicKey, recentSlot: await connection.getSlot() },
    });
    const to = Keypair.generate().publicKey;
    const extend = AddressLookupTableProgram.extendLookupTable({
      ...{
        payer: payer.publicKey,
        authority: payer.publicKey,
        lookupTable: table,
        addresses: [to, PublicKey.default],
      },
    });
    await sendAndConfirmTransaction(connection, new Transaction().add(create, extend), [payer]);
    const found = (await connection.getAddressLookupTable(table)).value;
    if (found === null) throw new Error("no lookup table");
    const { blockhash } = await connection.getLatestBlockhash();
    const move = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: 1_000_000 });
    const message = new TransactionMessage({
      ...{ payerKey: payer.publicKey, recentBlockhash: blockhash, instructions: [move] },
    });
    const v0 = new VersionedTransaction(message.compileToV0Message([found]));
    const legacy = new VersionedTransaction(message.compileToLegacyMessage());
    for (const one of [v0, legacy]) one.sign([payer]);
    const signer = createSignerNode(payer.secretKey.slice(0, 32));
    const v1 = signTransaction(
      {
        version: 1,
        payer: signer.publicKey,
        blockhash,
        instructions: [
          {
            program: toAddress("11111111111111111111111111111111"),
            accounts: [paying(signer.publicKey), writable(to.toBytes())],
            data: move.data,
          },
        ],
        config: { computeUnitLimit: 10_000, loadedAccountsLimit: 100_000, priorityFee: 5n },
      },
      [signer],
    );
    const answered = new Map<number | string, number>();
    for (const whole of [legacy.serialize(), v0.serialize(), v1]) {
      for (let round = 0; round < ROUNDS; round++) {
        const encoded = Buffer.from(mutate(whole, roll)).toString("base64");
        const sending = round % 3 === 0;
        const answer = sending
          ? await rpc(chain.rpcUrl, "sendTransaction", [encoded, { encoding: "base64", skipPreflight: true }])
          : await rpc(chain.rpcUrl, "simulateTransaction", [
              encoded,
              { encoding: "base64", replaceRecentBlockhash: true, innerInstructions: true },
            ]);
        const kind = answer.error?.code ?? "answered";
        answered.set(kind, (answered.get(kind) ?? 0) + 1);
      }
    }
    console.log(`      ${[...answered].map(([kind, count]) => `${kind}: ${count}`).join(", ")}`);
    expect([...answered.keys()].filter((kind) => kind !== "answered" && kind !== -32602)).to.deep.equal([]);
    expect(answered.get("answered")).to.be.greaterThan(ROUNDS / 2);
    expect((await rpc(chain.rpcUrl, "getHealth")).result).to.equal("ok");
    await closeSocket(connection);
    await chain.kill();
  });
});
