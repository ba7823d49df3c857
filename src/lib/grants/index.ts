export type { ServerLocation } from "./authorization-server.ts";
export { refreshToken } from "./refresh-token.ts";
export type { ClientOptions, RefreshTokenOptions } from "./refresh-token.ts";
