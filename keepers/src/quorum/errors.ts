import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each error of the quorum keeper. */
export interface QuorumKeeperErrors {
  "quorum-missing": { quorum: string };
  "stake-missing": { stake: string };
  "tree-unknown": { epoch: bigint; root: string };
  "step-refused": { step: string; error: string };
}

/** Errors of the quorum keeper, 6350-6399. */
export const QUORUM_KEEPER_ERRORS: ErrorTable<QuorumKeeperErrors> = {
  "quorum-missing": {
    number: 6350,
    message: "the quorum program was not initialised on this chain",
    hint: "Run the migrations, or check the program id and the cluster the RPC address points at.",
  },
  "stake-missing": {
    number: 6351,
    message: "the stake program that the quorum names was not initialised on this chain",
    hint: "Run the migrations.",
  },
  "tree-unknown": {
    number: 6352,
    message: "the stake tree has moved on since the freeze, and this keeper did not see it as it was",
    hint: "Nothing to do: a keeper that saw it draws, or the epoch stalls and the next one carries on.",
  },
  "step-refused": {
    number: 6353,
    message: "the transaction would fail, and not because another keeper was faster",
    hint: "See the error: usually the fee payer has no lamports, or the program was replaced.",
  },
};

export const fail = errorsOf(QUORUM_KEEPER_ERRORS);
