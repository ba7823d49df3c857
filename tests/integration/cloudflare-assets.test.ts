import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeHeaders } from "../../scripts/headers/write-headers.ts";
import { parseSiteConfig, resolveSitePath, siteHeaders } from "../../src/site/index.ts";

interface Miniflare {
  readonly ready: Promise<URL>;
  dispose(): Promise<void>;
}
interface Peer {
  readonly Miniflare: new (options: object) => Miniflare;
}

// It is heavy, and so not a dependency of the repository.
const require = createRequire(new URL("../peers/package.json", import.meta.url));
const { Miniflare } = require("miniflare") as Peer;

const config = parseSiteConfig({
  issuer: "https://id.example.com",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "https://api.example.com",
});
const build = {
  "index.html": "<!doctype html><title>User Lookup</title>",
  "favicon.svg": "<svg/>",
  "assets/index-1a2b.js": "console.log(1);",
  "assets/index-1a2b.js.map": "{}",
  ".vite/manifest.json": "{}",
};

let folder = "";
let host: Miniflare;
let url: URL;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "cloudflare-"));
  const site = join(folder, "site");
  for (const [name, text] of Object.entries(build)) {
    mkdirSync(join(site, dirname(name)), { recursive: true });
    writeFileSync(join(site, name), text);
  }
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  const files = { config: join(folder, "config.json"), target: "cloudflare", site };
  await writeHeaders({ ...files, out: site });
  host = new Miniflare({
    name: "site",
    modules: true,
    script: "export default {}",
    compatibilityDate: "2026-01-01",
    assets: {
      directory: site,
      workerName: "site",
      routerConfig: { has_user_worker: false },
      assetConfig: { not_found_handling: "404-page" },
    },
  });
  url = await host.ready;
});

afterAll(async () => {
  await host.dispose();
  rmSync(folder, { recursive: true });
});

test.each([
  "/",
  "/callback",
  "/doctor",
  "/many",
  "/users/user123",
  "/users/notes.map",
  "/users/a/b",
  "/config.json",
  "/favicon.svg",
  "/assets/index-1a2b.js",
  "/assets/index-1a2b.js.map",
  "/assets/gone-3c4d.js",
  "/.vite/manifest.json",
  "/wrangler.json",
  "/_headers",
  "/robots.txt",
  "/nowhere",
])("Cloudflare's own asset worker answers %s as the table says", async (path) => {
  const paths = new Set([...Object.keys(build).map((name) => `/${name}`), "/config.json"]);
  const route = resolveSitePath(path, paths);
  const missing = route.kind === "missing";
  const response = await fetch(new URL(path, url), { redirect: "manual" });
  expect(response.status).toBe(missing ? 404 : 200);
  const text = await response.text();
  if (route.kind === "page") expect(text).toBe(build["index.html"]);
  for (const [name, value] of Object.entries(siteHeaders(config, path, { missing }))) {
    const sent = response.headers.get(name);
    if (missing && name === "Cache-Control") expect(sent).toMatch(/max-age=0, must-revalidate/);
    else expect([name, sent]).toEqual([name, value]);
  }
});
