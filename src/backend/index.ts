export { startBackend } from "./backend.ts";
export type { BackendHooks, RunningBackend } from "./backend.ts";
export { ConfigurationError, parseBackendConfig } from "./config.ts";
export type { BackendConfig } from "./config.ts";
export { ListenError } from "./listener.ts";
