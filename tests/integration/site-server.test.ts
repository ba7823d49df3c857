import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PortInUseError } from "../../scripts/listen.ts";
import { createSiteServer } from "../../scripts/site-server.ts";
import type { SiteServer } from "../../scripts/site-server.ts";
import { parseSiteConfig, siteHeaders } from "../../src/site/index.ts";

const config = parseSiteConfig({
  issuer: "http://localhost:8080",
  clientId: "user-lookup",
  scopes: ["openid"],
  apiBaseUrl: "http://localhost:50051",
});
const page = "<!doctype html><title>User Lookup</title>";
const script = `console.log(${"1 + ".repeat(500)}1);`;

let root = "";
let server: SiteServer;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "site-"));
  mkdirSync(join(root, "site", "assets"), { recursive: true });
  mkdirSync(join(root, "site", ".vite"));
  writeFileSync(join(root, "secret.txt"), "secret");
  writeFileSync(join(root, "site", "index.html"), page);
  writeFileSync(join(root, "site", "assets", "index-1a2b.js"), script);
  writeFileSync(join(root, "site", "assets", "index-1a2b.js.map"), "{}");
  writeFileSync(join(root, "site", ".vite", "manifest.json"), "{}");
  server = await createSiteServer({ root: join(root, "site"), config, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** One request, its path sent as it is: `fetch` would tidy it up. */
function send(
  path: string,
  options: { method?: string; host?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const { method = "GET", host = "127.0.0.1", headers = {} } = options;
  return new Promise((resolve, reject) => {
    const sent = request({ host, port: server.port, path, method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, body });
      });
    });
    sent.on("error", reject);
    sent.end();
  });
}

describe("the server of the production build", () => {
  test.each(["127.0.0.1", "::1"])("answers on %s", async (host) => {
    const answer = await send("/", { host });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe(page);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
  });

  test.each(["/", "/config.json", "/assets/index-1a2b.js", "/users/user123", "/callback"])(
    "sends exactly the header table with %s",
    async (path) => {
      const { headers } = await send(path);
      const own = /^(content-(type|length|encoding)|etag|vary|date|connection|keep-alive)$/;
      const rest = Object.entries(headers).filter(([name]) => !own.test(name));
      const table = Object.entries(siteHeaders(config, path));
      expect(Object.fromEntries(rest)).toEqual(
        Object.fromEntries(table.map(([name, value]) => [name.toLowerCase(), value])),
      );
    },
  );

  test("serves the configuration that its headers were made from", async () => {
    const answer = await send("/config.json");
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(JSON.parse(answer.body.toString())).toEqual(config);
  });

  test("answers an address of the application with the page", async () => {
    for (const path of ["/users/j.doe@example.com", "/callback?code=1&state=2"]) {
      expect((await send(path)).body.toString()).toBe(page);
    }
  });

  test.each([
    "/assets/gone-3c4d.js",
    "/assets/index-1a2b.js.map",
    "/.vite/manifest.json",
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%00",
    "/%",
  ])("answers %s with 404, not to be kept, under the same protection", async (path) => {
    const answer = await send(path);
    expect(answer.status).toBe(404);
    expect(answer.body.toString()).toBe("There is nothing at this address.\n");
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
  });

  test.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses %s", async (method) => {
    const answer = await send("/", { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toBe("GET, HEAD");
  });

  test("answers HEAD with the headers alone", async () => {
    const [head, get] = [await send("/", { method: "HEAD" }), await send("/")];
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
  });
});

describe("a file that the browser has", () => {
  test("is not sent again", async () => {
    const { etag = "" } = (await send("/config.json")).headers;
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await send("/config.json", { headers: { "If-None-Match": value } });
      expect(answer.status).toBe(304);
      expect(answer.body).toHaveLength(0);
      expect(answer.headers.etag).toBe(etag);
      expect(answer.headers["cache-control"]).toBe("no-cache");
    }
  });

  test("is sent when it is another one", async () => {
    const answer = await send("/config.json", { headers: { "If-None-Match": '"other"' } });
    expect(answer.status).toBe(200);
  });
});

describe("compression", () => {
  test.each([
    ["br", brotliDecompressSync],
    ["gzip", gunzipSync],
  ] as const)("sends %s to whoever takes it, with a tag of its own", async (coding, decompress) => {
    const plain = await send("/assets/index-1a2b.js");
    const answer = await send("/assets/index-1a2b.js", { headers: { "Accept-Encoding": coding } });
    expect(answer.headers["content-encoding"]).toBe(coding);
    expect(answer.headers.vary).toBe("Accept-Encoding");
    expect(answer.headers.etag).not.toBe(plain.headers.etag);
    expect(answer.body.length).toBeLessThan(script.length / 2);
    expect(decompress(answer.body).toString()).toBe(script);
  });
});

test("a port in use is told by its number", async () => {
  const again = createSiteServer({ root: join(root, "site"), config, port: server.port });
  await expect(again).rejects.toThrow(PortInUseError);
  await expect(again).rejects.toThrow(`Port ${server.port} is in use`);
});

test("closing ends open connections and frees the port", async () => {
  const first = await createSiteServer({ root: join(root, "site"), config, port: 0 });
  const socket = connect(first.port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\n");
  // The end may come as a reset.
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  await Promise.all([closed, first.close()]);
  const second = await createSiteServer({ root: join(root, "site"), config, port: first.port });
  expect(second.port).toBe(first.port);
  await second.close();
});
