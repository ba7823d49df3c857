import { createSiteServer } from "../../../scripts/site-server.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import type { SiteConfig } from "../../../src/site/index.ts";
import { freePort } from "../support/child.ts";
import { audience, startUserService } from "../support/user-service.ts";
import type { TestUserService } from "../support/user-service.ts";
import { startKeycloak } from "./server.ts";
import type { FoundKeycloak, Keycloak } from "./server.ts";

/** How old a sign-in may be that contact details are shown after, in seconds. */
export const contactMaxAgeSeconds = 5;

/** What a team puts live: Keycloak, our UserService, and the dashboard's production build. */
export interface Stand {
  readonly keycloak: Keycloak;
  readonly users: TestUserService;
  readonly siteOrigin: string;
  /** The config.json of the dashboard. */
  readonly config: SiteConfig;
  close(): Promise<void>;
}

/** Starts all three on free ports of the loopback. */
export async function startStand(found: FoundKeycloak): Promise<Stand> {
  const port = await freePort();
  const siteOrigin = `http://localhost:${port}`;
  const keycloak = await startKeycloak(found, siteOrigin);
  const users = await startUserService({
    issuers: [{ issuer: keycloak.issuer, profile: "keycloak" }],
    dashboardOrigin: siteOrigin,
    rules: { "user.v1.UserService/GetUserContact": { maxAgeSeconds: contactMaxAgeSeconds } },
  });
  const config = parseSiteConfig({
    issuer: keycloak.issuer,
    clientId: "user-lookup",
    scopes: ["openid", "profile", "users.read", "users.contact"],
    resource: audience,
    apiBaseUrl: users.url,
  });
  const site = await createSiteServer({ root: "dist/site", config, port });
  return {
    keycloak,
    users,
    siteOrigin,
    config,
    async close() {
      await Promise.all([site.close(), users.close(), keycloak.stop()]);
    },
  };
}
