import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { startWorker } from "../support/worker.ts";
import type { RunningWorker } from "../support/worker.ts";

const root = join(import.meta.dirname, "../..");
const example = join(root, "examples/edge-worker/worker.ts");
let backend: TestBackend;
let addresses: { readonly TOKEN_URL: string; readonly API_URL: string };

beforeAll(async () => {
  backend = await startTestBackend({ seedUsers: 5 });
  addresses = { TOKEN_URL: `${backend.issuerUrl}/token`, API_URL: backend.apiUrl };
});
afterAll(() => backend.remove());

/** How many token requests the issuer answered while `work` ran. */
async function tokenRequestsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await countTokenRequests();
  await work();
  return (await countTokenRequests()) - before;
}

async function countTokenRequests(): Promise<number> {
  const response = await fetch(`${backend.issuerUrl}/demo/counters`);
  const { tokenRequests }: { tokenRequests: number } = await response.json();
  return tokenRequests;
}

describe("the example Worker as itself", () => {
  const client = { CLIENT_ID: "test-client", CLIENT_SECRET: "foobar" };
  const start = () => startWorker(example, { ...addresses, ...client, MODE: "client-credentials" });
  let worker: RunningWorker;
  beforeAll(async () => {
    worker = await start();
  });
  afterAll(() => worker.stop());

  test("answers with a user, and fetches a token for all its requests once", async () => {
    const requests = await tokenRequestsOf(async () => {
      for (let count = 0; count < 5; count += 1) {
        const response = await worker.fetch("/users/user123");
        expect(response.status).toBe(200);
        expect(await response.json()).toMatchObject({ id: "user123", name: "Ada Lovelace" });
      }
    });
    expect(requests).toBe(1);
  });

  test("lets no request wait for what another one has under way", async () => {
    const cold = await start();
    const answers = Array.from({ length: 20 }, () => cold.fetch("/users/user123"));
    for (const response of await Promise.all(answers)) expect(response.status).toBe(200);
    await cold.stop();
  });

  test("tells what is not there, and which call it may not make", async () => {
    expect((await worker.fetch("/users/nobody")).status).toBe(404);
    expect((await worker.fetch("/elsewhere")).status).toBe(404);
    const wrong = { ...addresses, ...client, CLIENT_SECRET: "wrong", MODE: "client-credentials" };
    const misconfigured = await startWorker(example, wrong);
    const response = await misconfigured.fetch("/users/user123");
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain("wrong");
    await misconfigured.stop();
  });
});

describe("the example Worker on behalf of its caller", () => {
  let worker: RunningWorker;
  beforeAll(async () => {
    const file = join(dirname(backend.databaseFile), "service-client.json");
    const credentials: Record<string, string> = JSON.parse(await readFile(file, "utf8"));
    worker = await startWorker(example, {
      ...addresses,
      CLIENT_ID: credentials["client_id"] ?? "",
      CLIENT_SECRET: credentials["client_secret"] ?? "",
      MODE: "token-exchange",
    });
  });
  afterAll(() => worker.stop());
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

  test("exchanges each caller's token, and no caller gets what another one may", async () => {
    const support = await backend.personToken("support");
    const guest = await backend.personToken("guest");
    const requests = await tokenRequestsOf(async () => {
      const allowed = await worker.fetch("/users/user123", as(support));
      expect(await allowed.json()).toMatchObject({ name: "Ada Lovelace" });
      const refused = await worker.fetch("/users/user123", as(guest));
      expect(refused.status).toBeGreaterThanOrEqual(400);
    });
    expect(requests).toBe(2);
  });

  test("asks for a token, and takes none that is not the issuer's", async () => {
    expect((await worker.fetch("/users/user123")).status).toBe(401);
    expect((await worker.fetch("/users/user123", as("made-up"))).status).toBe(401);
  });
});

test("1,000 calls from a cold start make one token request within one request of workerd", async () => {
  const entry = join(root, "tests/support/thousand-calls-worker.ts");
  const worker = await startWorker(entry, addresses);
  const requests = await tokenRequestsOf(async () => {
    const response = await worker.fetch("/?count=1000");
    expect(await response.json()).toEqual({ tokenRequests: 1, names: ["Ada Lovelace"] });
  });
  expect(requests).toBe(1);
  await worker.stop();
}, 60_000);
