export { isLoopback } from "./addresses.ts";
export { defaultBrand, linkHref, parseSiteConfig, SiteConfigError } from "./config.ts";
export type { SiteConfig, SiteLink } from "./config.ts";
export { cacheRules, contentSecurityPolicy, siteHeaders } from "./headers.ts";
export type { CacheRule, SiteHeaderOptions } from "./headers.ts";
export { pagePaths, resolveSitePath } from "./routing.ts";
export type { SiteRoute } from "./routing.ts";
