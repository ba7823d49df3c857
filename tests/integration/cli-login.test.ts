import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import { createIssuerBrowser } from "../support/issuer-browser.ts";

const ada = "User: user123, Name: Ada Lovelace";
let backend: TestBackend;
let folder = "";
beforeAll(async () => {
  backend = await startTestBackend();
});
afterAll(() => backend.remove());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-login-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (args: readonly string[], browser?: (url: string) => void) =>
  runCli([...args, "--issuer", backend.issuerUrl, "--api", backend.apiUrl], {
    env: { XDG_CONFIG_HOME: folder },
    ...(browser === undefined ? {} : { browser }),
  });

/** A person who signs in, agrees, and lets the browser go where it is sent. */
async function signIn(name: string, url: string): Promise<Response> {
  const browser = createIssuerBrowser(backend.issuerUrl);
  const asked = await browser.submit(await browser.open(url), { name, password: name });
  return fetch((await browser.submit(asked, {}, "consent")).url);
}

/** The one token file of a login. */
async function tokenFile(): Promise<string> {
  const [name = "", ...others] = await readdir(join(folder, "user-lookup"));
  expect(others).toEqual([]);
  return join(folder, "user-lookup", name);
}

function login(person: (url: string) => Promise<unknown>) {
  const visited: Promise<unknown>[] = [];
  const done = run(["login"], (url) => void visited.push(person(url)));
  return done.then(async (result) => ({ result, visited: await Promise.all(visited) }));
}

describe("user-lookup login", () => {
  test("signs a person in, keeps the refresh token, and looks users up as that person", async () => {
    const { result, visited } = await login((url) => signIn("support", url));
    expect(result).toMatchObject({ code: 0, out: [] });
    expect(await (visited[0] as Response).text()).toContain("You are signed in");
    const file = await tokenFile();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const first = await readFile(file, "utf8");
    expect(result.err.join()).not.toContain(first.trim());

    expect(await run(["user123"])).toEqual({ code: 0, out: [ada], err: [] });
    expect(await readFile(file, "utf8")).not.toBe(first);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await run(["user123"])).toEqual({ code: 0, out: [ada], err: [] });
  });

  test("several lookups at once share the refresh token", async () => {
    await login((url) => signIn("support", url));
    const results = await Promise.all([1, 2, 3, 4].map(() => run(["user123"])));
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  });

  test("uses the file that is named, and says to sign in again when its token is dead", async () => {
    const file = join(folder, "kept");
    await writeFile(file, "not-a-token\n", { mode: 0o600 });
    const { code, err } = await run(["--refresh-token-file", file, "user123"]);
    expect(code).toBe(3);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(/400 invalid_grant ".+"; sign in again with user-lookup login\.$/);
    expect(err[0]).not.toContain("not-a-token");
  });

  test("tells who may read nothing", async () => {
    await login((url) => signIn("guest", url));
    const { code, err } = await run(["user123"]);
    expect(code).toBe(3);
    expect(err.join()).toContain("scope");
  });

  test("believes only the answer to its own question", async () => {
    const { result } = await login(async (url) => {
      const callback = new URL(new URL(url).searchParams.get("redirect_uri") ?? "");
      expect(callback.hostname).toBe("127.0.0.1");
      for (const query of ["?code=stolen", "?code=stolen&state=guessed", "?error=access_denied"]) {
        expect((await fetch(new URL(query, callback))).status).toBe(404);
      }
      expect((await fetch(new URL("/", callback))).status).toBe(404);
      await signIn("support", url);
    });
    expect(result.code).toBe(0);
  });

  test("tells when the person does not agree", async () => {
    const { result } = await login(async (url) => {
      const browser = createIssuerBrowser(backend.issuerUrl);
      const end = await browser.submit(await browser.open(url), { cancel: "yes" }, "cancel");
      await fetch(end.url);
    });
    expect(result).toMatchObject({ code: 3, out: [] });
    expect(result.err.at(-1)).toMatch(/access_denied.*sign in again/);
    await expect(readdir(join(folder, "user-lookup"))).rejects.toThrow("ENOENT");
  });

  test("prints the address and opens nothing when asked to", async () => {
    const person = new AbortController();
    const opened: string[] = [];
    const lines: string[] = [];
    const running = runCli(["login", "--no-browser", "--issuer", backend.issuerUrl], {
      env: { XDG_CONFIG_HOME: folder },
      signal: person.signal,
      browser: (url) => void opened.push(url),
      onTell(line) {
        lines.push(line);
        person.abort();
      },
    });
    expect((await running).code).toBe(130);
    expect(opened).toEqual([]);
    expect(lines[0]).toContain(`${backend.issuerUrl}/auth?`);
  });

  test("takes no ids, and no issuer over plain http elsewhere", async () => {
    expect(await runCli(["login", "user123"])).toMatchObject({ code: 2 });
    const far = await runCli(["login", "--issuer", "http://login.example.com"]);
    expect(far).toMatchObject({ code: 2, err: [expect.stringContaining("Use https")] });
  });
});
