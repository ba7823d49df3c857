import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { provideCertificates } from "../../scripts/start/provide-certificates.ts";
import { trust } from "../../src/lib/node/index.ts";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";
import { createIssuerBrowser } from "../support/issuer-browser.ts";

const examples = join(import.meta.dirname, "../../examples");
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "examples-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Variables = Readonly<Record<string, string>>;

function start(command: string, file: string, variables: Variables): ChildProcess {
  const env = { ...process.env, ...variables };
  return spawn(command, [join(examples, file)], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function run(command: string, file: string, variables: Variables) {
  const child = start(command, file, variables);
  const [stdout, stderr] = [child.stdout, child.stderr];
  if (stdout === null || stderr === null) throw new Error("The example has no output.");
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, "exit")]);
  return { out, err, code: code as unknown };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "localhost");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

describe("examples/jwt-bearer", () => {
  let backend: TestBackend;
  let server: ChildProcess;
  let variables: Variables;
  beforeAll(async () => {
    const dataDir = join(folder, "data");
    const tls = await provideCertificates(dataDir);
    const databaseFile = join(dataDir, "backend.sqlite");
    backend = await startTestBackend({ dataDir, databaseFile, tls, seedUsers: 5 });
    variables = {
      DATA_DIR: dataDir,
      TOKEN_URL: `${backend.issuerUrl}/oauth2/token`,
      HELLO_URL: `https://localhost:${await freePort()}`,
    };
    server = start(process.execPath, "jwt-bearer/server.ts", variables);
    if (server.stdout !== null) await once(server.stdout, "data");
  });
  afterAll(async () => {
    server.kill();
    await backend.remove();
  });

  test("prints what the seed prints", async () => {
    const result = await run(process.execPath, "jwt-bearer/client.ts", variables);
    expect(result).toEqual({ out: "Hello, World!\n", err: "", code: 0 });
  });

  test("is refused without the scope", async () => {
    const { fetch: trusting } = trust({ ca: await readFile(join(folder, "data/tls/ca.pem")) });
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: "test-client",
      client_secret: "foobar",
      scope: "users.read",
    });
    const answer = await trusting(variables["TOKEN_URL"] ?? "", { method: "POST", body });
    const { access_token: token }: Record<string, string> = await answer.json();
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const url = `${variables["HELLO_URL"]}/HelloWorld/hello`;
    const refused = await trusting(url, { method: "POST", body: "{}", headers });
    expect(refused.status).toBe(403);
  });

  test("fails without the authority, and names the host", async () => {
    const { caFile } = await provideCertificates(join(folder, "other"));
    const untrusting = { ...variables, CA_FILE: caFile };
    const result = await run(process.execPath, "jwt-bearer/client.ts", untrusting);
    expect(result).toMatchObject({ out: "", code: 1 });
    expect(result.err).toContain(`certificate of ${new URL(backend.issuerUrl).host}`);
  });
});

describe("over plain http on this machine", () => {
  let backend: TestBackend;
  beforeAll(async () => {
    backend = await startTestBackend({ seedUsers: 5 });
  });
  afterAll(() => backend.remove());

  test("examples/token-source refreshes, and prints what the seed prints", async () => {
    const file = join(folder, "refresh-token");
    const args = ["login", "--refresh-token-file", file, "--issuer", backend.issuerUrl];
    let person: Promise<unknown> = Promise.resolve();
    const login = await runCli(args, { browser: (url) => void (person = signIn(url)) });
    await person;
    expect(login.code).toBe(0);

    const variables = {
      TOKEN_URL: `${backend.issuerUrl}/token`,
      API_URL: backend.apiUrl,
      REFRESH_TOKEN_FILE: file,
    };
    const first = await readFile(file, "utf8");
    const result = await run(process.execPath, "token-source/main.ts", variables);
    expect(result).toEqual({ out: "User: user123, Name: Ada Lovelace\n", err: "", code: 0 });
    expect(await readFile(file, "utf8")).not.toBe(first);

    await writeFile(file, "made-up\n");
    await chmod(file, 0o600);
    const dead = await run(process.execPath, "token-source/main.ts", variables);
    expect(dead).toMatchObject({ out: "", code: 1 });
    expect(dead.err).toContain("invalid_grant");
  });

  async function signIn(url: string): Promise<void> {
    const browser = createIssuerBrowser(backend.issuerUrl);
    const person = { name: "support", password: "support" };
    const asked = await browser.submit(await browser.open(url), person);
    await fetch((await browser.submit(asked, {}, "consent")).url);
  }

  test("examples/provider answers the seed's command with a signed token", async () => {
    const { out, code } = await run("sh", "provider/token.sh", { ISSUER_URL: backend.issuerUrl });
    expect(code).toBe(0);
    const answer: Record<string, unknown> = JSON.parse(out);
    expect(answer).toMatchObject({
      access_token: expect.any(String),
      expires_in: 1800,
      token_type: expect.stringMatching(/^bearer$/i),
    });
    const token = String(answer["access_token"]);
    expect(decodeProtectedHeader(token).alg).toBe("RS256");
    expect(decodeJwt(token)).toMatchObject({ iss: backend.issuerUrl, client_id: "test-client" });
  });
});
