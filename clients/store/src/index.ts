export { isStoreError, isTransient, STORE_ERRORS, StoreError, type StoreErrorCode } from "./errors.ts";
export type * from "./types.ts";
