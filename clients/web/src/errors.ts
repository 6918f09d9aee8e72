/** Ways the dashboard refuses, 8100-8199, sent as `{ error: { code, number, message } }`. Retired numbers stay reserved. */
export const WEB_ERRORS = {
  "host-foreign": { number: 8100, status: 403, message: "this address is not served by that name" },
  "origin-foreign": { number: 8101, status: 403, message: "another site may not ask this" },
  "key-missing": {
    number: 8102,
    status: 401,
    message: "open the address that `tolldns up` shows, with its key",
  },
  "not-found": { number: 8103, status: 404, message: "there is nothing here" },
  "method-wrong": { number: 8104, status: 405, message: "not with this method" },
  "rpc-failed": { number: 8105, status: 502, message: "the RPC did not answer" },
  "stop-failed": {
    number: 8106,
    status: 500,
    message: "payments could not be stopped; run `tolldns edge stop`",
  },
  "feed-failed": { number: 8108, status: 502, message: "no feed of routes answers" },
  "feed-unknown": {
    number: 8109,
    status: 404,
    message: "no epoch is final yet, so there is nothing to prove",
  },
  "question-wrong": { number: 8110, status: 400, message: "only readings of the chain are passed on" },
  busy: { number: 8107, status: 503, message: "too many pages are open" },
} as const;

export type WebErrorCode = keyof typeof WEB_ERRORS;
