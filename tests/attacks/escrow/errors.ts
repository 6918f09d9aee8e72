import { idlOf } from "../harness.ts";

export { ANCHOR, type IdlAccount } from "../harness.ts";
export const { IDL, code } = idlOf("escrow");
