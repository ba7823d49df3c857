export { createIssuer } from "./create-issuer.ts";
export type { Issuer, IssuerOptions } from "./issuer-options.ts";
