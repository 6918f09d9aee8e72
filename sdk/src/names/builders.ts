/** Every instruction of the names program, by topic. */
export * from "./administration.ts";
export * from "./auctions.ts";
export * from "./control.ts";
export * from "./delegates.ts";
export * from "./passport.ts";
export * from "./posting.ts";
export * from "./registration.ts";
