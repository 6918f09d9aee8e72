/** The SDK's builders and readers, and its transactions, in one place: what a test of the program works with. */
export * from "@tolldns/sdk/escrow";
export * from "@tolldns/sdk/transaction";
