import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFiles } from "../../../../scripts/list-files.ts";
import { targetNames, writeHeaders } from "../../../../scripts/headers/write-headers.ts";
import { parseSiteConfig, resolveSitePath, siteHeaders } from "../../../../src/site/index.ts";
import { cloudflare } from "../../../support/hosts/cloudflare.ts";
import { cloudfront } from "../../../support/hosts/cloudfront.ts";
import type { Host, HostInput } from "../../../support/hosts/host.ts";
import { netlify } from "../../../support/hosts/netlify.ts";

const config = parseSiteConfig({
  issuer: "https://id.example.com/realms/support",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "https://api.example.com:8443/grpc",
});
const local = { ...config, issuer: "http://localhost:8080", apiBaseUrl: "http://localhost:50051" };
const build = [
  "index.html",
  "config.json",
  "favicon.svg",
  "assets/index-1a2b.js",
  "assets/index-3c4d.css",
  "assets/index-1a2b.js.map",
  ".vite/manifest.json",
];
const paths = [
  ...build.map((file) => `/${file}`),
  "/",
  "/callback",
  "/doctor",
  "/many",
  "/users/user123",
  "/users/j.doe@example.com",
  "/users/notes.map",
  "/users/a/b",
  "/assets/gone-5e6f.js",
  "/assets/",
  "/assets",
  "/robots.txt",
  "/.env",
  "/.well-known/security.txt",
  "/nowhere",
  "/users",
];

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headers-"));
  for (const file of build) {
    mkdirSync(join(folder, "site", dirname(file)), { recursive: true });
    writeFileSync(join(folder, "site", file), file);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Writes the files of `target`, and reads them as the host does. */
async function hosted(target: string, host: (input: HostInput) => Host, of = config) {
  const out = join(folder, `${target}-${of === config ? "site" : "local"}`);
  writeFileSync(join(folder, "config.json"), JSON.stringify(of));
  await writeHeaders({
    config: join(folder, "config.json"),
    target,
    site: join(folder, "site"),
    out,
  });
  const own = (await listFiles(out)).filter(
    (path) => !/^\/(_|upload|template|wrangler)/.test(path),
  );
  return host({
    read: (name) => readFileSync(join(out, name), "utf8"),
    files: new Set([...build.map((file) => `/${file}`), ...own]),
  });
}

const hosts = [
  ["netlify", netlify],
  ["cloudflare", cloudflare],
  ["s3-cloudfront", cloudfront],
] as const;

describe.each(hosts)("%s", (target, interpret) => {
  test.each(paths)("serves what belongs at %s, with the headers of the table", async (path) => {
    const answer = (await hosted(target, interpret))(path);
    const route = resolveSitePath(path, new Set(build.map((file) => `/${file}`)));
    const missing = route.kind === "missing";
    if (answer.redirect === undefined) expect(answer.file).toBe(missing ? undefined : route.path);
    else expect([path, answer.redirect]).toEqual(["/index.html", "/"]);
    const table = siteHeaders(config, path, { missing });
    for (const [name, value] of Object.entries(table)) {
      const sent = answer.headers[name.toLowerCase()];
      if (missing && name === "Cache-Control") {
        expect(sent).toMatch(/no-store|no-cache|max-age=0, must-revalidate/);
      } else expect([name, sent]).toEqual([name, value]);
    }
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  });

  test("does not promise https for this machine", async () => {
    const answer = (await hosted(target, interpret, local))("/");
    expect(answer.headers).not.toHaveProperty("strict-transport-security");
    expect(answer.headers["content-security-policy"]).toContain("http://localhost:50051");
  });
});

test.each(targetNames)(
  "%s gets the configuration that its headers were made from",
  async (name) => {
    const out = join(folder, `config-${name}`);
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const options = { config: join(folder, "config.json"), site: join(folder, "site"), out };
    await writeHeaders({ ...options, target: name });
    expect(parseSiteConfig(JSON.parse(readFileSync(join(out, "config.json"), "utf8")))).toEqual(
      config,
    );
  },
);

test("written into the build and again, the files stay the same", async () => {
  const site = join(folder, "site");
  const options = { config: join(folder, "again.json"), target: "netlify", site, out: site };
  writeFileSync(options.config, JSON.stringify(config));
  await writeHeaders(options);
  const first = readFileSync(join(site, "_headers"), "utf8");
  await writeHeaders(options);
  expect(readFileSync(join(site, "_headers"), "utf8")).toBe(first);
});

test("a configuration with a mistake writes nothing", async () => {
  const out = join(folder, "mistake");
  writeFileSync(join(folder, "mistake.json"), JSON.stringify({ ...config, demo: "yes" }));
  const options = { config: join(folder, "mistake.json"), site: join(folder, "site"), out };
  await expect(writeHeaders({ ...options, target: "nginx" })).rejects.toThrow(/^demo is "yes"/);
  await expect(writeHeaders({ ...options, target: "apache" })).rejects.toThrow(
    /no target "apache"/,
  );
  await expect(listFiles(out)).rejects.toThrow();
});
