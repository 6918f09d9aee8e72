import type { Address, Signer, Split } from "@tolldns/sdk";
import type { NamesTerms } from "@tolldns/sdk/names";
import type { PolicyTerms } from "@tolldns/sdk/policy";
import type { QuorumTerms } from "@tolldns/sdk/quorum";
import type { StakeTerms } from "@tolldns/sdk/stake";
import type { Sender } from "../send.ts";

/** What every step is handed, and adds to. */
export interface StepContext {
  sender: Sender;
  /** Upgrade authority and fee payer. */
  authority: Signer;
  /** Where keys and `deployment.json` are kept. */
  folder: string;
  /** The cluster's genesis hash, 32 bytes. */
  genesis: Uint8Array;
  artifact: { bytes: Uint8Array; sha256: string };
  /** Address of the escrow program, and its key if this is the first deployment. */
  escrow: Address;
  programKey: Signer | null;
  /** A mint that exists already; null makes one. */
  mint: Address | null;
  /** The native token's; null makes one. */
  nativeMint: Address | null;
  terms: InitializeTerms;
  namesTerms: NamesTerms;
  stakeTerms: StakeTerms;
  quorumTerms: QuorumTerms;
  policyTerms: PolicyTerms;
  found: Found;
  report(message: string, done?: number, total?: number): void;
}

/** What steps learn for later ones. */
export interface Found {
  mint?: Address;
  tokenProgram?: Address;
  faucet?: Address | null;
  treasury?: Address;
  namesPool?: Address;
  /** Addresses of the programs that are deployed. */
  names?: Address;
  stake?: Address;
  quorum?: Address;
  policy?: Address;
  /** The native token's mint, token program and treasury, where the stake program is deployed. */
  nativeMint?: Address;
  nativeTokenProgram?: Address;
  nativeTreasury?: Address;
}

/** Terms of the escrow; durations in seconds. */
export interface InitializeTerms {
  split: Split;
  settlementInterval: number;
  graceSeconds: number;
  /** Who may pause; the authority unless named. */
  guardian: Address | null;
}

/** One migration. It looks at the chain, does what is missing and may be run any number of times. */
export interface Step {
  /** Number and name, as its file is called. */
  id: string;
  run(context: StepContext): Promise<void>;
}
