import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runBackend } from "../support/backend-process.ts";
import type { BackendProcess } from "../support/backend-process.ts";
import {
  createIssuerBrowser,
  refresh,
  requestToken,
  testClient,
} from "../support/issuer-browser.ts";

const elsewhere = { HOST: "0.0.0.0", ISSUER_URL: "https://login.example.com" };

let dataDir: string;
const running: BackendProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "user-lookup-"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(stop));
  await rm(dataDir, { recursive: true, force: true });
});

async function stop({ child, exit }: BackendProcess): Promise<void> {
  child.kill("SIGTERM");
  await exit;
}

function run(env: Record<string, string>): BackendProcess {
  const backend = runBackend({ SEED_USERS: "20", DATA_DIR: dataDir, ...env });
  running.push(backend);
  return backend;
}

const demoPaths = [
  ["GET", "accounts"],
  ["GET", "counters"],
  ["GET", "trouble"],
  ["POST", "trouble"],
  ["POST", "revoke"],
  ["POST", "rotate-keys"],
  ["POST", "counters/reset"],
] as const;

async function demoStatuses(url: string): Promise<number[]> {
  const bodies = { GET: {}, POST: { body: '{"token":"ok"}' } };
  const ask = async (method: "GET" | "POST", path: string) => {
    const answer = await fetch(`${url}/demo/${path}`, { method, ...bodies[method] });
    return answer.status;
  };
  return Promise.all(demoPaths.map(([method, path]) => ask(method, path)));
}

/** A sign-in that has begun, in a browser that reaches the issuer through its proxy. */
async function beginSignIn(url: string) {
  const query = new URLSearchParams({
    client_id: "user-lookup",
    response_type: "code",
    redirect_uri: `${elsewhere.ISSUER_URL}:5173/callback`,
    scope: "openid users.read",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  });
  const begun = await fetch(`${url}/auth?${query.toString()}`, { redirect: "manual" });
  const page = new URL(begun.headers.get("location") ?? "", url).pathname;
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const shown = await fetch(`${url}${page}`, { headers: { cookie } });
  const submit = (name: string) =>
    fetch(`${url}${page}`, {
      method: "POST",
      redirect: "manual",
      headers: { origin: elsewhere.ISSUER_URL, cookie },
      body: new URLSearchParams({ name, password: name }),
    });
  return { body: await shown.text(), submit };
}

describe("the backend on another host than this machine", () => {
  it("has no demo accounts, no client with a known secret, and no /demo/*", async () => {
    const facts = await run(elsewhere).ready();
    expect(facts).toMatchObject({ demo: false, addresses: ["0.0.0.0"] });
    const url = `http://127.0.0.1:${facts.issuerPort}`;
    expect(await demoStatuses(url)).toEqual(demoPaths.map(() => 404));
    const refused = await requestToken(url, testClient);
    expect(refused).toMatchObject({ status: 401, body: { error: "invalid_client" } });
    const begun = await beginSignIn(url);
    expect(begun.body).toContain("Sign in to User Lookup");
    expect(begun.body).not.toContain("Demo accounts");
    for (const name of ["support", "supervisor", "guest"]) {
      expect(begun.body).not.toContain(name);
      const answer = await begun.submit(name);
      expect(answer.status).toBe(400);
      expect(await answer.text()).toContain("The name or the password is not right");
    }
  });

  it("has none either where a demo ran before, on the same data", async () => {
    const demo = run({});
    const { issuerUrl: demoUrl, ...demoFacts } = await demo.ready();
    expect(demoFacts.demo).toBe(true);
    expect(await demoStatuses(demoUrl)).toEqual(demoPaths.map(() => 200));
    const { body } = await createIssuerBrowser(demoUrl).signIn("supervisor");
    const token = await requestToken(demoUrl, { ...testClient, scope: "users.read" });
    await stop(demo);
    const facts = await run(elsewhere).ready();
    const url = `http://127.0.0.1:${facts.issuerPort}`;
    expect((await requestToken(url, testClient)).body["error"]).toBe("invalid_client");
    expect((await refresh(url, body["refresh_token"])).body["error"]).toBe("invalid_grant");
    for (const old of [token.body["access_token"], body["access_token"]]) {
      const call = await fetch(`http://127.0.0.1:${facts.apiPort}/user.v1.UserService/GetUser`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${String(old)}` },
        body: '{"userId":"user123"}',
      });
      expect(call.status).toBe(401);
    }
  });

  it("does not start without the address that browsers reach it at", async () => {
    const { errors, exit } = run({ HOST: "0.0.0.0" });
    expect(await exit).toBe(1);
    expect(await errors).toContain("ISSUER_URL is not set, but HOST is 0.0.0.0");
  });
});
