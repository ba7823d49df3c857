import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import type { CliOptions } from "../support/cli.ts";
import { waitFor } from "../support/wait-for.ts";

const root = join(import.meta.dirname, "../..");
const ada = "User: user123, Name: Ada Lovelace";
let backend: TestBackend;
let folder = "";
let keyFile = "";
beforeAll(async () => {
  backend = await startTestBackend();
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  keyFile = join(dirname(backend.databaseFile), "service-client.json");
});
afterAll(async () => {
  await backend.remove();
  await rm(folder, { recursive: true, force: true });
});

const addresses = () => ["--issuer", backend.issuerUrl, "--api", backend.apiUrl];
const lookup = (args: readonly string[], options?: CliOptions) =>
  runCli([...addresses(), ...args], options);

async function credentials(): Promise<Record<string, string>> {
  return JSON.parse(await readFile(keyFile, "utf8"));
}

async function keptIn(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

/** An assertion of the service client, ready made. */
async function assertionFile(name: string): Promise<string> {
  const { private_key: pem = "", kid = "" } = await credentials();
  const assertion = await new SignJWT({ jti: name })
    .setProtectedHeader({ alg: "ES256", kid })
    .setIssuer("service-client")
    .setSubject("service-client")
    .setAudience(backend.issuerUrl)
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(await importPKCS8(pem, "ES256"));
  return keptIn(name, `${assertion}\n`);
}

describe("user-lookup", () => {
  test("prints a user, and needs no more than the id", async () => {
    expect(await lookup(["user123"])).toEqual({ code: 0, out: [ada], err: [] });
  });

  test("says who was not found, and ends with 1", async () => {
    const result = await lookup(["nobody"]);
    expect(result).toEqual({ code: 1, out: [], err: ["There is no user nobody."] });
  });

  test("looks several ids and e-mail addresses up, in their order", async () => {
    const args = ["user124", "nobody", "ada@analytical.example", "user125"];
    const { code, out, err } = await lookup(args);
    expect(code).toBe(1);
    expect(out.map((line) => line.split(",")[0])).toEqual([
      "User: user124",
      "User: user123",
      "User: user125",
    ]);
    expect(err).toEqual(["There is no user nobody."]);
    expect(await lookup(["ada@analytical.example"])).toMatchObject({ code: 0, out: [ada] });
  });

  test("reads ids from standard input, in batches of what the API takes", async () => {
    const ids = Array.from({ length: 2_100 }, (_, index) => `  user${100 + (index % 180)} `);
    const { code, out, err } = await lookup([], { lines: ["", ...ids] });
    expect({ code, err }).toEqual({ code: 0, err: [] });
    // Each batch names a user once.
    expect(out).toHaveLength(180 + 180 + 100);
    expect(await lookup(["-", "user124"], { lines: ["user123"] })).toMatchObject({ code: 0 });
  });

  test("prints one JSON object a line", async () => {
    const { out } = await lookup(["--json", "user123", "user124"]);
    expect(out).toHaveLength(2);
    const first = {
      id: "user123",
      name: "Ada Lovelace",
      status: "USER_STATUS_ACTIVE",
      version: "1",
    };
    expect(JSON.parse(out[0] ?? "")).toMatchObject(first);
  });

  test("searches, up to a limit, through several pages", async () => {
    const few = await lookup(["--query", "lovelace"]);
    expect(few).toMatchObject({ code: 0, out: expect.arrayContaining([ada]), err: [] });
    const many = await lookup(["--query", "", "--limit", "250"]);
    expect(new Set(many.out).size).toBe(250);
    expect(many.err).toEqual(["These are 250 of 300; --limit shows more."]);
    const some = await lookup(["--query", "user1", "--limit", "2"]);
    expect(some.out).toHaveLength(2);
    expect(some.err.join()).toMatch(/^These are 2 of \d+; --limit shows more\.$/);
    expect(await lookup(["--query", "qqqqqq"])).toMatchObject({ code: 1, out: [] });
  });

  test("shows every change of one user until it is interrupted", async () => {
    const person = new AbortController();
    const seen: string[] = [];
    const watching = lookup(["--watch", "user124"], {
      signal: person.signal,
      onPrint: (line) => void seen.push(line),
    });
    await waitFor(() => expect(seen).toHaveLength(1), 5_000);
    const database = new DatabaseSync(backend.databaseFile);
    database.exec("UPDATE users SET name = 'Grace H.' WHERE id = 'user124'");
    database.close();
    await waitFor(() => expect(seen).toHaveLength(2), 5_000);
    expect(seen[1]).toMatch(/^User: user124, Name: Grace H\., Status: \w+, Version: 2$/);
    person.abort();
    expect(await watching).toMatchObject({ code: 0, err: [] });
    expect(await lookup(["--watch", "nobody"])).toMatchObject({ code: 1, out: [] });
  });

  test("does not let a name control the terminal", async () => {
    const database = new DatabaseSync(backend.databaseFile);
    database.exec(
      "UPDATE users SET name = 'A' || char(27) || '[2J' || char(10) || 'B' WHERE id = 'user125'",
    );
    database.close();
    const { out } = await lookup(["user125"]);
    expect(out).toEqual(["User: user125, Name: A\uFFFD[2J\uFFFDB"]);
  });

  test("answers help and version on standard output", async () => {
    expect((await runCli(["--help"])).out.join()).toContain("USER_LOOKUP_CLIENT_SECRET");
    expect(await runCli(["--version"])).toEqual({ code: 0, out: ["1.2.3"], err: [] });
  });
});

describe("the grants of user-lookup", () => {
  test("client credentials, with the secret in the environment", async () => {
    const env = { USER_LOOKUP_CLIENT_SECRET: "foobar" };
    const args = ["--client-id", "test-client", "user123"];
    expect(await lookup(args, { env })).toMatchObject({ code: 0, out: [ada] });
    const wrong = { USER_LOOKUP_CLIENT_SECRET: "wrong" };
    expect(await lookup(args, { env: wrong })).toMatchObject({ code: 3, out: [] });
  });

  test("JWT bearer with each kind of key file", async () => {
    const { private_key: pem = "", kid = "", client_secret: secret = "" } = await credentials();
    const key = await importPKCS8(pem, "ES256", { extractable: true });
    const jwk = { ...(await crypto.subtle.exportKey("jwk", key)), kid };
    const client = ["--client-id", "service-client", "--client-secret", secret];
    const files = [
      ["--key", keyFile],
      [...client, "--key", await keptIn("key.pem", pem)],
      [...client, "--key", await keptIn("key.jwk", JSON.stringify(jwk))],
      [...client, "--key", keyFile, "--subject", "support"],
    ];
    for (const args of files) {
      const result = await lookup(["--grant", "jwt-bearer", ...args, "user123"]);
      expect(result).toEqual({ code: 0, out: [ada], err: [] });
    }
  });

  test("JWT bearer with an assertion that is ready made, at a token endpoint that is named", async () => {
    const { client_secret: secret = "" } = await credentials();
    const file = await assertionFile("made");
    const client = ["--client-id", "service-client", "--client-secret", secret];
    const args = [...client, "--assertion", file, "user123"];
    const named = ["--token-url", `${backend.issuerUrl}/oauth2/token`];
    expect(await lookup([...named, ...args])).toEqual({ code: 0, out: [ada], err: [] });
    const spent = await lookup([...named, ...args]);
    expect(spent).toMatchObject({ code: 3, out: [] });
    expect(spent.err).toEqual([
      `Asked ${named[1]} for a token: it answered 400 invalid_grant ` +
        '"the assertion was used before; each jti counts once"; ' +
        "make a fresh assertion, or let --key FILE make one for each token.",
    ]);
  });
});

describe("the program itself", () => {
  function start(args: readonly string[], input = "") {
    const main = join(root, "src/cli/main.ts");
    const env = { ...process.env, XDG_CONFIG_HOME: folder, USER_LOOKUP_CLIENT_SECRET: undefined };
    const child = spawn(process.execPath, [main, ...addresses(), ...args], { env });
    child.stdin.end(input);
    const ended = once(child, "close").then(([code]: unknown[]) => code);
    return { child, ended, out: text(child.stdout), err: text(child.stderr) };
  }

  test("writes nothing but the answer to standard output, and ends by itself", async () => {
    const { ended, out, err } = start([], "user123\nnobody\n");
    expect(await ended).toBe(1);
    expect(await out).toBe(`${ada}\n`);
    expect(await err).toBe("There is no user nobody.\n");
  });

  test("ends with 0 when a watch is interrupted", async () => {
    const { child, ended, err } = start(["--watch", "user123"]);
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await ended).toBe(0);
    expect(await err).toBe("");
  });

  test("without an id and with nothing on standard input is a matter of usage", async () => {
    const { ended, out, err } = start([]);
    expect(await ended).toBe(2);
    expect(await out).toBe("");
    expect(await err).toContain("There is no id");
  });
});
