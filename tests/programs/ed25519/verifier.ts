import { readFileSync } from "node:fs";
import { keyOf } from "../world/keys.ts";
import { Machine } from "../world/machine.ts";

/** A signature to be judged. */
export interface Case {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const FIXTURE = keyOf("fixture program").publicKey;
const PAYER = keyOf("verifier payer");
/** Signatures a transaction's 1 400 000 compute units suffice for; a long message takes more of them. */
const AT_ONCE = 60;

/** Judges signatures in bytecode, by the very call that the escrow's rule is made of. */
export class BytecodeVerifier {
  private readonly machine = new Machine(PAYER);

  constructor() {
    const bytes = readFileSync(new URL("../fixture/fixture.so", import.meta.url));
    this.machine.addProgram(FIXTURE, new Uint8Array(bytes));
    this.machine.skipSignatures();
  }

  /** A verdict for each case, in order. */
  verify(cases: readonly Case[]): boolean[] {
    const verdicts: boolean[] = [];
    for (let at = 0; at < cases.length; at += AT_ONCE)
      verdicts.push(...this.batch(cases.slice(at, at + AT_ONCE)));
    return verdicts;
  }

  private batch(cases: readonly Case[]): boolean[] {
    const data = Buffer.concat([
      Uint8Array.of(0),
      ...cases.flatMap(({ publicKey, message, signature }) => [
        publicKey,
        signature,
        Uint8Array.of(message.length & 0xff, message.length >> 8),
        message,
      ]),
    ]);
    const returned = this.machine.ask({ program: FIXTURE, accounts: [], data: new Uint8Array(data) });
    return cases.map((_, i) => (((returned[i >> 3] ?? 0) >> (i & 7)) & 1) === 1);
  }
}
