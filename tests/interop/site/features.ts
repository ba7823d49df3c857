import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { listFiles } from "../../../scripts/list-files.ts";
import { parseSiteConfig, resolveSitePath, siteHeaders } from "../../../src/site/index.ts";
import { startTestBackend } from "../../support/backend.ts";
import { freePort } from "../support/child.ts";
import { expectHealthy } from "../support/doctor.ts";
import type { Feature } from "../support/peer.ts";
import type { ServedSite, SiteOptions } from "./served-site.ts";

const config = parseSiteConfig({
  issuer: "https://id.example.com/realms/support",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "https://api.example.com",
});
const local = parseSiteConfig({ ...config, issuer: "http://localhost:8080" });

const pages = ["/", "/index.html", "/callback", "/doctor", "/many", "/users/user123"];
const deepPages = ["/users/j.doe@example.com", "/users/notes.map", "/users/a/b", "/users/%C3%A4"];
const missing = [
  "/assets/gone-5e6f.js",
  "/assets/",
  "/assets",
  "/assets/index.js.map",
  "/nowhere",
  "/users",
  "/robots.txt",
  "/favicon.svg/",
  "/.env",
  "/.git/config",
  "/.vite/manifest.json",
  "/.well-known/security.txt",
];

/** The configuration of `deploy`. */
export const demoConfig = parseSiteConfig(JSON.parse(readFileSync("deploy/config.json", "utf8")));

/**
 * What every static host must do with the production build, seen from outside
 * and compared with the table of `src/site`.
 */
export function siteFeatures(
  feature: Feature,
  serve: (options: SiteOptions) => Promise<ServedSite>,
): void {
  let root: string;
  let site: ServedSite;
  let files: ReadonlySet<string>;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), "site-"));
    await cp("dist/site", root, { recursive: true });
    // What a careless build would leave there.
    writeFileSync(join(root, "assets/index.js.map"), "{}");
    writeFileSync(join(root, ".env"), "SECRET=1");
    files = new Set(await listFiles(root));
    site = await serve({ config, root, port: await freePort() });
  });
  afterAll(async () => {
    await site?.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(site.url + path, { headers, redirect: "manual" });

  async function expectTable(path: string): Promise<void> {
    const route = resolveSitePath(path, files);
    const isMissing = route.kind === "missing";
    const response = await get(path);
    expect([path, response.status]).toEqual([path, isMissing ? 404 : 200]);
    const table = siteHeaders(config, path, { missing: isMissing });
    for (const [name, value] of Object.entries(table)) {
      expect([path, name, response.headers.get(name)]).toEqual([path, name, value]);
    }
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  }

  feature("every file of the build has the headers of the table", async () => {
    const served = [...files].filter((path) => resolveSitePath(path, files).kind === "file");
    expect(served.length).toBeGreaterThan(5);
    for (const path of served) await expectTable(path);
  });

  feature("the page is served at every address of the application", async () => {
    const index = await (await get("/")).text();
    for (const path of [...pages, ...deepPages]) {
      await expectTable(path);
      expect(await (await get(path)).text()).toBe(index);
    }
    const withQuery = await get("/callback?code=secret-code&state=s");
    expect(withQuery.headers.get("cache-control")).toBe("no-store");
  });

  feature(
    "what is missing is a 404 that nobody keeps; no source maps, no hidden files",
    async () => {
      for (const path of missing) await expectTable(path);
      const outside = await get("/assets/..%2f..%2f..%2f..%2fetc/passwd");
      expect([400, 404]).toContain(outside.status);
    },
  );

  feature("assets are compressed, and asked for again only by their tag", async () => {
    // React: nobody compresses what is smaller than a packet.
    const script = [...files].find((path) => /^\/assets\/client-.*\.js$/.test(path));
    if (script === undefined) throw new Error("The site has no /assets/client-*.js.");
    const gzipped = await get(script, { "accept-encoding": "gzip" });
    expect(gzipped.headers.get("content-encoding")).toBe("gzip");
    expect(gzipped.headers.get("vary")?.toLowerCase()).toContain("accept-encoding");
    expect(gzipped.headers.get("content-type")).toMatch(/^(text|application)\/javascript/);
    const page = await get("/users/user123");
    expect(page.headers.get("content-type")).toMatch(/^text\/html; charset=utf-8$/i);
    const tag = page.headers.get("etag") ?? page.headers.get("last-modified") ?? "";
    const name = page.headers.has("etag") ? "if-none-match" : "if-modified-since";
    const again = await get("/users/user123", { [name]: tag });
    expect([tag === "", again.status]).toEqual([false, 304]);
    expect(again.headers.get("content-security-policy")).not.toBeNull();
  });

  feature("the configuration that was written is the one that is served", async () => {
    const response = await get("/config.json");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(parseSiteConfig(await response.json())).toEqual(config);
  });

  feature("https is promised, but not for this machine", async () => {
    const here = await serve({ config: local, port: await freePort() });
    try {
      const response = await fetch(here.url);
      expect(response.headers.has("strict-transport-security")).toBe(false);
      expect((await get("/")).headers.get("strict-transport-security")).toMatch(/^max-age=\d{8}/);
    } finally {
      await here.stop();
    }
  });

  feature("only reading is allowed, and the server does not say its version", async () => {
    const response = await fetch(`${site.url}/index.html`, { method: "POST", body: "x" });
    expect(response.status).toBe(405);
    // An error that the server makes by itself has the headers too.
    expect(response.headers.get("content-security-policy")).not.toBeNull();
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("server") ?? "").not.toMatch(/\d/);
  });

  feature("the doctor finds nothing wrong", async () => {
    const port = await freePort();
    const backend = await startTestBackend({ dashboardUrl: `http://localhost:${port}` });
    const { issuerUrl: issuer, apiUrl: apiBaseUrl } = backend;
    const here = await serve({ config: { ...demoConfig, issuer, apiBaseUrl }, port });
    try {
      await expectHealthy(here.url, await backend.serviceToken());
    } finally {
      await here.stop();
      await backend.remove();
    }
  });

  feature("no code of a sign-in is in its log", async () => {
    await get("/callback?code=secret-code&state=s", { referer: "http://x/?code=secret-code" });
    await expect.poll(() => site.output()).toContain("/callback");
    expect(site.output()).not.toMatch(/secret|<hidden>/);
  });
}
