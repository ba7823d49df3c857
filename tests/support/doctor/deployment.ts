import { createSiteServer } from "../../../scripts/site-server.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import type { SiteConfig } from "../../../src/site/index.ts";
import { startTestBackend } from "../backend.ts";
import type { TestBackend } from "../backend.ts";
import { startFaultProxy } from "./fault-proxy.ts";
import type { FaultProxy } from "./fault-proxy.ts";

/** The whole product, healthy, each server behind a proxy that can spoil it. */
export interface TestDeployment {
  readonly backend: TestBackend;
  readonly issuer: FaultProxy;
  readonly api: FaultProxy;
  readonly site: FaultProxy;
  readonly config: SiteConfig;
  /** Ends all faults. */
  heal(): void;
  close(): Promise<void>;
}

/** Starts it; `root` is a built site. */
export async function startDeployment(root: string): Promise<TestDeployment> {
  const [issuer, api, site] = await Promise.all([
    startFaultProxy(),
    startFaultProxy(),
    startFaultProxy(),
  ]);
  const backend = await startTestBackend({ issuerUrl: issuer.url, dashboardUrl: site.url });
  const config = parseSiteConfig({
    issuer: issuer.url,
    clientId: "user-lookup",
    scopes: ["openid", "offline_access", "profile", "users.read"],
    resource: "urn:user-lookup:users",
    apiBaseUrl: api.url,
    demo: true,
  });
  const server = await createSiteServer({ root, config, port: 0 });
  issuer.to(backend.issuerPort);
  api.to(backend.apiPort);
  site.to(server.port);
  const proxies = [issuer, api, site];
  return {
    backend,
    issuer,
    api,
    site,
    config,
    heal: () => proxies.forEach((proxy) => proxy.spoil()),
    async close() {
      await Promise.all([...proxies, server].map((each) => each.close()));
      await backend.remove();
    },
  };
}
