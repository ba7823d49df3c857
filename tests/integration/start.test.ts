import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, connect } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { trust } from "../../src/lib/node/index.ts";
import { waitFor } from "../support/wait-for.ts";

const root = join(import.meta.dirname, "..", "..");
/** The first start builds the dashboard. */
const startMs = 60_000;

let folder = "";
let ports = { ISSUER_PORT: 0, API_PORT: 0, DASHBOARD_PORT: 0 };
let started: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "start-"));
  const servers = await Promise.all([occupy(0), occupy(0), occupy(0)]);
  const [issuer = 0, api = 0, dashboard = 0] = servers.map(portOf);
  ports = { ISSUER_PORT: issuer, API_PORT: api, DASHBOARD_PORT: dashboard };
  await Promise.all(servers.map(free));
});

afterEach(() => {
  started?.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
});

function start(command = process.execPath, args = [join(root, "scripts", "start.ts")]) {
  const variables = { ...ports, SEED_USERS: 20, DATA_DIR: folder, HOST: "", ISSUER_URL: "" };
  const env = { ...process.env, DATABASE_URL: "", npm_lifecycle_event: undefined };
  const strings = Object.entries(variables).map(([name, value]) => [name, String(value)]);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...env, ...Object.fromEntries(strings) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started = child;
  const ready = once(child.stdout, "data").then(String);
  const exit = once(child, "exit");
  return { child, ready, exit, output: text(child.stdout), errors: text(child.stderr) };
}

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function free(server: Server): Promise<void> {
  server.close();
  await once(server, "close");
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** The ports on which somebody answers. */
async function open(): Promise<number[]> {
  const answers = await Promise.all(
    Object.values(ports).map(async (port) => {
      const socket = connect(port, "127.0.0.1");
      const answered = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      return answered ? [port] : [];
    }),
  );
  return answers.flat();
}

describe("npm start", { timeout: startMs }, () => {
  test("prints one ready line, serves all three, and Ctrl-C ends every one of them", async () => {
    const { child, ready, exit, output } = start();
    const line = await ready;
    for (const port of Object.values(ports)) expect(line).toContain(`http://localhost:${port}`);

    const site = `http://localhost:${ports.DASHBOARD_PORT}`;
    const page = await fetch(`${site}/users/user123`);
    expect(await page.text()).toContain('<div id="root">');
    const config = await fetch(`${site}/config.json`).then((answer) => answer.json());
    const metadata = await fetch(`${config.issuer}/.well-known/openid-configuration`);
    expect(await metadata.json()).toMatchObject({ issuer: config.issuer });
    expect((await fetch(`${config.apiBaseUrl}/healthz`)).status).toBe(200);

    child.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
    expect(await open()).toEqual([]);
    expect((await output).trim().split("\n")).toHaveLength(1);
  });

  test("with --tls speaks TLS on all three, from the authority that it names", async () => {
    const { child, ready, exit } = start(process.execPath, [
      join(root, "scripts", "start.ts"),
      "--tls",
    ]);
    const line = await ready;
    for (const port of Object.values(ports)) expect(line).toContain(`https://localhost:${port}`);
    const caFile = /CA (\S+)/.exec(line)?.[1] ?? "";
    expect(caFile).toBe(join(folder, "tls", "ca.pem"));
    const { fetch: fetchTrusting } = trust({ ca: readFileSync(caFile) });

    const site = `https://localhost:${ports.DASHBOARD_PORT}`;
    const config = await fetchTrusting(`${site}/config.json`).then((answer) => answer.json());
    expect(config).toMatchObject({ issuer: `https://localhost:${ports.ISSUER_PORT}` });
    const metadata = await fetchTrusting(`${config.issuer}/.well-known/openid-configuration`);
    expect(await metadata.json()).toMatchObject({ issuer: config.issuer });
    expect((await fetchTrusting(`${config.apiBaseUrl}/healthz`)).status).toBe(200);
    await expect(fetch(`${config.apiBaseUrl}/healthz`)).rejects.toThrow("fetch failed");

    child.kill("SIGINT");
    expect(await exit).toEqual([0, null]);
    expect(await open()).toEqual([]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends when npm alone gets %s", async (signal) => {
    const { child, ready, exit } = start("npm", ["start", "--silent"]);
    await ready;
    child.kill(signal);
    await exit;
    expect(await open()).toEqual([]);
  });

  test("leaves nothing running when it is killed", async () => {
    const { child, ready } = start();
    await ready;
    child.kill("SIGKILL");
    await waitFor(async () => {
      expect(await open()).toEqual([]);
    }, 10_000);
  });

  test.each(["ISSUER_PORT", "API_PORT", "DASHBOARD_PORT"] as const)(
    "names the port and %s when another program has it, and stops the rest",
    async (variable) => {
      const other = await occupy(ports[variable]);
      const { exit, output, errors } = start();
      expect(await exit).toEqual([1, null]);
      expect(await errors).toContain(String(ports[variable]));
      expect(await errors).toContain(variable);
      expect(await output).toBe("");
      await free(other);
      expect(await open()).toEqual([]);
    },
  );
});
