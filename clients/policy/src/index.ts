/** What both ends route by: one decision and its reason, own measurements, states from the chain, the log of decisions. Imports only the SDK. */
export * from "./types.ts";
