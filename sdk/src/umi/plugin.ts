import {
  type Context,
  type Program,
  ProgramError,
  publicKey,
  type Umi,
  type UmiPlugin,
} from "@metaplex-foundation/umi";
import type { Deployment } from "../address.ts";
import { programError } from "../escrow/failure.ts";
import { PROGRAM_ERRORS } from "../generated/escrow.ts";

/** Name of the escrow in Umi's program repository. */
export const PROGRAM_NAME = "tolldnsEscrow";

/** What this package's builders and readers need of a Umi instance. */
export type TolldnsContext<Parts extends keyof Context = never> = Pick<Context, Parts> & {
  readonly tolldns: Deployment;
};

/**
 * The plugin: registers the escrow program with its errors, and keeps the deployment as `umi.tolldns` for builders
 * and readers.
 * @example
 * const umi = withTolldns(createUmi(rpcUrl).use(keypairIdentity(key)), deployment);
 * await deposit(umi, { source, amount: 5_000_000n }).sendAndConfirm(umi);
 */
export function tolldns(deployment: Deployment): UmiPlugin {
  return {
    install(umi) {
      umi.programs.add(createEscrowProgram(deployment), false);
      Object.assign(umi, { tolldns: deployment });
    },
  };
}

/** Installs the plugin and returns the same instance with its type widened. */
export function withTolldns<T extends Umi>(umi: T, deployment: Deployment): T & TolldnsContext {
  umi.use(tolldns(deployment));
  return umi as T & TolldnsContext;
}

/** The escrow as Umi knows programs: Umi turns failed transactions into its errors by this. */
export function createEscrowProgram({ escrow }: Deployment): Program {
  const program: Program = {
    name: PROGRAM_NAME,
    publicKey: publicKey(escrow),
    getErrorFromCode: (code, cause) => {
      const error = programError(code);
      return error === undefined
        ? null
        : new ProgramError(`${error.message}. ${error.hint}`, program, cause ?? error);
    },
    getErrorFromName: (name, cause) => {
      const found = Object.entries(PROGRAM_ERRORS).find(([, [known]]) => known === name);
      return found === undefined ? null : program.getErrorFromCode(Number(found[0]), cause);
    },
    // One instance serves the one cluster its deployment is for.
    isOnCluster: () => true,
  };
  return program;
}
