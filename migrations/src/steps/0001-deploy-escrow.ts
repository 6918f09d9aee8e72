import { bytesEqual, deriveProgramData, formatAddress, UPGRADEABLE_LOADER } from "@tolldns/sdk";
import type { Instruction } from "@tolldns/sdk/transaction";
import { createAccount, createSeeded, seededAddress } from "../accounts.ts";
import { fail } from "../errors.ts";
import {
  BUFFER_HEAD,
  CHUNK,
  deployWithMaxDataLength,
  extendProgram,
  holdsProgram,
  initializeBuffer,
  PROGRAM_SIZE,
  type ProgramData,
  readBuffer,
  readProgramData,
  upgrade,
  writeBuffer,
} from "../loader.ts";
import { readAccount, rentOf } from "../rpc.ts";
import { send, sendMany } from "../send.ts";
import type { Step, StepContext } from "./step.ts";

/** The least the loader lets a program grow by at once (SIMD-0431), unless less than that is left to 10 MiB. */
const LEAST_EXTENSION = 10_240;
/** Rounds of writing what is missing before giving up. */
const ROUNDS = 8;

/**
 * Puts the escrow's bytecode on the chain: writes a buffer, then deploys it, or upgrades the program from it. The
 * buffer's address follows from the authority and the bytecode, so an interrupted run finds and completes it.
 */
export const deployEscrow: Step = {
  id: "0001-deploy-escrow",
  async run(context) {
    const { sender, escrow, artifact } = context;
    const program = await readAccount(sender.rpc, formatAddress(escrow));
    const current = program?.executable === true ? await programData(context) : null;
    if (current !== null && holdsProgram(current.code, artifact.bytes)) {
      context.report("the program is up to date");
      return;
    }
    checkAuthority(context, current);
    const buffer = await upload(context);
    if (current === null) await deploy(context, buffer);
    else await replace(context, buffer, current);
    await untilUsable(context);
  },
};

async function programData({ sender, escrow }: StepContext): Promise<ProgramData | null> {
  const account = await readAccount(sender.rpc, formatAddress(deriveProgramData(escrow).address));
  return account === null ? null : readProgramData(account.data);
}

function checkAuthority({ authority, escrow, programKey }: StepContext, current: ProgramData | null): void {
  if (current === null) {
    if (programKey === null) throw fail("migrate-program-key", { program: formatAddress(escrow) });
    return;
  }
  const owner = current.authority;
  if (owner !== null && bytesEqual(owner, authority.publicKey)) return;
  throw fail("migrate-authority", {
    program: formatAddress(escrow),
    expected: owner === null ? "none, the program is final" : formatAddress(owner),
    got: formatAddress(authority.publicKey),
  });
}

/** Fills the buffer for this bytecode and returns its address. */
async function upload(context: StepContext): Promise<Uint8Array> {
  const { sender, authority, artifact } = context;
  const seed = artifact.sha256.slice(0, 32);
  const buffer = seededAddress(authority.publicKey, seed, UPGRADEABLE_LOADER);
  const size = BUFFER_HEAD + artifact.bytes.length;
  if ((await readAccount(sender.rpc, formatAddress(buffer))) === null) {
    const rent = await rentOf(sender.rpc, size);
    await send(sender, [
      createSeeded(authority.publicKey, seed, rent, size, UPGRADEABLE_LOADER),
      initializeBuffer(buffer, authority.publicKey),
    ]);
  }
  const total = Math.ceil(artifact.bytes.length / CHUNK);
  for (let round = 0; round < ROUNDS; round++) {
    const missing = await missingWrites(context, buffer);
    if (missing.length === 0) return buffer;
    let sent = total - missing.length;
    await sendMany(
      sender,
      missing.map((write) => [write]),
      () => context.report("writing the program", ++sent, total),
    );
  }
  throw fail("migrate-expired", { attempts: ROUNDS });
}

/** The writes whose bytes are not in the buffer yet. */
async function missingWrites(
  { sender, authority, artifact }: StepContext,
  buffer: Uint8Array,
): Promise<Instruction[]> {
  const account = await readAccount(sender.rpc, formatAddress(buffer));
  const held = account === null ? null : readBuffer(account.data, authority.publicKey);
  if (held === null)
    throw fail("migrate-rpc", { method: "getAccountInfo", reason: "the buffer is not readable" });
  const writes: Instruction[] = [];
  for (let at = 0; at < artifact.bytes.length; at += CHUNK) {
    const chunk = artifact.bytes.subarray(at, at + CHUNK);
    if (bytesEqual(held.subarray(at, at + chunk.length), chunk)) continue;
    writes.push(writeBuffer(buffer, authority.publicKey, at, chunk));
  }
  return writes;
}

async function deploy(context: StepContext, buffer: Uint8Array): Promise<void> {
  const { sender, authority, escrow, programKey, artifact } = context;
  if (programKey === null) throw fail("migrate-program-key", { program: formatAddress(escrow) });
  context.report("deploying the program");
  const rent = await rentOf(sender.rpc, PROGRAM_SIZE);
  const payer = authority.publicKey;
  await send(
    sender,
    [
      createAccount(payer, escrow, rent, PROGRAM_SIZE, UPGRADEABLE_LOADER),
      deployWithMaxDataLength({
        payer,
        program: escrow,
        buffer,
        authority: payer,
        maxLength: artifact.bytes.length,
      }),
    ],
    [programKey],
  );
}

async function replace(context: StepContext, buffer: Uint8Array, current: ProgramData): Promise<void> {
  const { sender, authority, escrow, artifact } = context;
  const payer = authority.publicKey;
  const short = artifact.bytes.length - current.code.length;
  if (short > 0) {
    context.report("making room for the program");
    await send(sender, [extendProgram(escrow, payer, Math.max(short, LEAST_EXTENSION))]);
    // The loader takes one change of a program in a slot.
    await untilUsable(context);
  }
  context.report("upgrading the program");
  await send(sender, [upgrade({ program: escrow, buffer, authority: payer, spill: payer })]);
}

/** A program can be used, or changed again, from the slot after its deployment on. */
async function untilUsable(context: StepContext): Promise<void> {
  for (;;) {
    const deployed = (await programData(context))?.slot ?? 0;
    const slot = await context.sender.rpc.call<number>("getSlot", [{ commitment: "confirmed" }]);
    if (slot > deployed) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
