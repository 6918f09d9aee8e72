import { type ErrorTable, errorsOf } from "@tolldns/sdk";

/** Context of each error of verifiers. */
export interface VerifierErrors {
  "policy-missing": { account: string };
  "set-unknown": { version: number };
  "target-unreachable": { name: string; reason: string };
  "report-exists": { target: string; begin: string };
  "evidence-invalid": { reason: string };
  "not-found": { what: string };
  "request-form": { reason: string };
  "store-foreign": { reason: string };
}

/** Errors of verifiers, 6360-6399. 636x: chain and sets. 637x: windows and evidence. 638x: requests. 639x: store. */
export const VERIFIER_ERRORS: ErrorTable<VerifierErrors> = {
  "policy-missing": {
    number: 6360,
    message: "an account is missing on this chain",
    hint: "Run the migrations, or check program and RPC address.",
  },
  "set-unknown": {
    number: 6361,
    message: "the challenge set that the chain publishes is not at hand",
    hint: "Update this program, or give it the set's file.",
  },
  "target-unreachable": {
    number: 6362,
    message: "the target can't be asked",
    hint: "See the reason; a gateway's discovery document has to be readable.",
  },
  "report-exists": {
    number: 6371,
    message: "the window was reported already, and nothing may be added",
    hint: "Nothing to do: one window has one report.",
  },
  "evidence-invalid": {
    number: 6372,
    message: "not the CAR file of a window",
    hint: "Fetch it from another mirror.",
  },
  "not-found": {
    number: 6380,
    message: "no such thing here",
    hint: "Check the address; a mirror may have it.",
  },
  "request-form": {
    number: 6381,
    message: "the request can't be read",
    hint: "Compare it with the table of docs/reference/verifier.md.",
  },
  "store-foreign": {
    number: 6390,
    message: "the store belongs to another cluster or verifier",
    hint: "Give each verifier and each cluster a file of its own.",
  },
};

export const fail = errorsOf(VERIFIER_ERRORS);
