export { openTokenFile } from "./token-file.ts";
export type { TokenFile } from "./token-file.ts";
export { trust } from "./trust.ts";
export type { CertificateAuthority, Trust, TrustOptions } from "./trust.ts";
