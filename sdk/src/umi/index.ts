/** The escrow for Metaplex Umi: a plugin, builders and readers. */
export * from "./builders.ts";
export * from "./plugin.ts";
export * from "./readers.ts";
