/** `tolldns`, as a library for tests and for programs that want all roles in one process. */
export type { CommandSpec, Run } from "./command.ts";
export { type ConfigFile, readConfigFile } from "./config/file.ts";
export { writeConfig } from "./config/init.ts";
export { resolveOption, resolveSection, type Source, type Sources } from "./config/settings.ts";
export { envOf, fileKey, flagOf, type Option, type SectionName, TABLE, type Values } from "./config/table.ts";
export { CLI_ERRORS, CliError, type CliErrorCode, EXIT, isCliError } from "./errors.ts";
export { buildProgram, COMMANDS, runProgram } from "./program.ts";
export { createStack, type Stack } from "./roles/lifetime.ts";
export { findNetwork, type Network } from "./up/network.ts";
export { choosePorts, explainTaken, type PortChoice, type PortWish } from "./up/ports.ts";
export { type RunningUp, startUp, type UpOptions } from "./up/start.ts";
