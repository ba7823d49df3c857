import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../../src/backend/database/index.ts";
import { runBackend } from "../support/backend-process.ts";
import { serviceToken, startTestBackend } from "../support/backend.ts";

let folder: string;
const processes: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "user-lookup-"));
});
afterEach(() => {
  for (const child of processes.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function run(env: Record<string, string> = {}) {
  const backend = runBackend({ DATA_DIR: folder, ...env });
  processes.push(backend.child);
  return backend;
}

async function occupy(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, port };
}

describe("the backend's process", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "says when it is ready, and ends by %s with 0",
    async (signal) => {
      const { child, exit, errors, ready } = run();
      const facts = await ready();
      expect(facts.addresses).toEqual(["127.0.0.1", "::1"]);
      expect(facts.demo).toBe(true);
      expect((await fetch(`${facts.apiUrl}/healthz`)).status).toBe(200);
      child.kill(signal);
      expect(await exit).toBe(0);
      expect(await errors).not.toContain("Error");
      await expect(fetch(`${facts.apiUrl}/healthz`)).rejects.toThrow("fetch failed");
    },
  );

  it.each([
    ["ISSUER_PORT", "127.0.0.1"],
    ["API_PORT", "127.0.0.1"],
    ["API_PORT", "::1"],
  ])("names %s when its port is in use on %s, and ends", async (variable, host) => {
    const { server, port } = await occupy(host);
    const { errors, exit } = run({ [variable]: String(port) });
    expect(await exit).toBe(1);
    const told = await errors;
    expect(told).toContain(`Port ${port} (${variable}) is already in use`);
    expect(told).not.toMatch(/^\s+at /m);
    server.close();
  });

  it("names every mistake in the environment, without a stack", async () => {
    const { errors, exit } = run({ SEED_USERS: "many", DATABASE_URL: "postgres://db/users" });
    expect(await exit).toBe(1);
    const told = await errors;
    expect(told).toMatch(/^SEED_USERS /m);
    expect(told).toMatch(/^DATABASE_URL asks for PostgreSQL/m);
    expect(told).not.toMatch(/^\s+at /m);
  });

  it("says what is wrong with a database that is none, and ends", async () => {
    const file = join(folder, "none.sqlite");
    await writeFile(file, "this is no database, but a text that is long enough");
    const { errors, exit } = run({ DATABASE_URL: file });
    expect(await exit).toBe(1);
    expect(await errors).toContain(file);
  });

  it("keeps users, keys and page tokens across restarts", async () => {
    const dataDir = await mkdtemp(join(folder, "kept-"));
    const env = { DATA_DIR: dataDir, ISSUER_URL: "http://localhost:8080" };
    const first = run(env);
    const facts = await first.ready();
    const token = await serviceToken(`http://localhost:${facts.issuerPort}`);
    const page = await listOne(facts.apiUrl, token, "");
    first.child.kill("SIGTERM");
    expect(await first.exit).toBe(0);
    const { apiUrl } = await run(env).ready();
    const next = await listOne(apiUrl, token, page.nextPageToken);
    expect(next.users).toHaveLength(1);
    expect(next.users[0]?.id).not.toBe(page.users[0]?.id);
  });
});

interface Page {
  readonly users: readonly { readonly id: string }[];
  readonly nextPageToken: string;
}

async function listOne(apiUrl: string, token: string, pageToken: string): Promise<Page> {
  const answer = await fetch(`${apiUrl}/user.v1.UserService/ListUsers`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ pageSize: 1, pageToken }),
  });
  expect(answer.status).toBe(200);
  return JSON.parse(await answer.text());
}

describe("startBackend", () => {
  it("leaves no port taken when it cannot start", async () => {
    const { server, port } = await occupy("127.0.0.1");
    const free = await occupy("127.0.0.1");
    free.server.close();
    await once(free.server, "close");
    await expect(startTestBackend({ issuerPort: free.port, apiPort: port })).rejects.toThrow(
      "API_PORT",
    );
    const again = createServer().listen(free.port, "127.0.0.1");
    await once(again, "listening");
    again.close();
    server.close();
  });

  it("closes the database when it cannot be filled", async () => {
    const databaseFile = join(folder, "unfilled.sqlite");
    const database = openDatabase(databaseFile);
    database.exec("DROP TABLE user_words");
    database.close();
    await expect(startTestBackend({ databaseFile })).rejects.toThrow("user_words");
    // SQLite removes its log with the last connection.
    expect(existsSync(`${databaseFile}-wal`)).toBe(false);
  });

  it("finishes a call that has begun, and closes its connection", async () => {
    const backend = await startTestBackend({ seedUsers: 5 });
    const call = await beginCall(backend.apiPort, await backend.serviceToken());
    const closed = backend.close(20_000);
    call.finish();
    expect(await call.answer).toContain('"id":"user123"');
    await closed;
    await backend.remove();
  });

  it("waits for no call longer than the time of grace", async () => {
    const backend = await startTestBackend({ seedUsers: 5 });
    const call = await beginCall(backend.apiPort, await backend.serviceToken());
    await backend.close(50);
    expect(await call.answer).not.toContain("user123");
    await backend.remove();
  });

  it("closes once however often it is asked, even with idle connections", async () => {
    const backend = await startTestBackend({ seedUsers: 5 });
    const client = backend.client(await backend.serviceToken(), "gRPC over HTTP/2");
    await client.getUser({ userId: "user123" });
    await fetch(`${backend.apiUrl}/healthz`);
    const beganAt = performance.now();
    await Promise.all([backend.close(20_000), backend.close()]);
    expect(performance.now() - beganAt).toBeLessThan(10_000);
    await backend.remove();
  });
});

/** A call whose headers the server has read, and whose body it waits for. */
async function beginCall(port: number, token: string) {
  const body = '{"userId":"user123"}';
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "POST /user.v1.UserService/GetUser HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" +
      `Content-Type: application/json\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const hello = await once(socket, "data");
  expect(String(hello[0])).toContain("100 Continue");
  let received = "";
  socket.on("data", (chunk) => (received += chunk.toString()));
  socket.on("error", () => {});
  const answer = once(socket, "close").then(() => received);
  return { finish: () => void socket.write(body), answer };
}
