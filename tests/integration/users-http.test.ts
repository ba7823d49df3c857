import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";

const dashboard = "http://localhost:5173";
let backend: TestBackend;
let token: string;

beforeAll(async () => {
  backend = await startTestBackend({ seedUsers: 5 });
  token = await backend.serviceToken();
});
afterAll(() => backend.remove());

const getUser = () => `${backend.apiUrl}/user.v1.UserService/GetUser`;

function post(headers: Record<string, string> = {}, body = '{"userId":"user123"}') {
  return fetch(getUser(), {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
}

function preflight(origin: string) {
  return fetch(getUser(), {
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers":
        "authorization,content-type,x-grpc-web,x-user-agent,grpc-timeout",
    },
  });
}

/** What a peer answers to these bytes before it closes. */
function raw(bytes: string, host = "127.0.0.1"): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(backend.apiPort, host, () => socket.end(bytes));
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("CORS", () => {
  it("lets the dashboard send what it needs, and remembers it", async () => {
    const { status, headers } = await preflight(dashboard);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(dashboard);
    const allowed = headers.get("access-control-allow-headers")?.toLowerCase().split(", ");
    expect(allowed).toEqual(
      expect.arrayContaining([
        "authorization",
        "content-type",
        "x-grpc-web",
        "x-user-agent",
        "grpc-timeout",
      ]),
    );
    expect(headers.get("access-control-allow-methods")).toBe("POST, GET");
    expect(headers.get("access-control-max-age")).toBe("7200");
    expect(headers.get("vary")).toBe("Origin");
  });

  it.each([
    "http://localhost:5174",
    "https://localhost:5173",
    "http://127.0.0.1:5173",
    "null",
    "http://localhost:5173.evil.example",
  ])("lets no page of %s in", async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(403);
    expect(headers.has("access-control-allow-origin")).toBe(false);
    const answer = await post({ origin, authorization: `Bearer ${token}` });
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    expect(answer.headers.get("vary")).toBe("Origin");
  });

  it("shows the dashboard every header of an answer and of a refusal", async () => {
    for (const headers of [{ authorization: `Bearer ${token}` }, {}]) {
      const answer = await post({ origin: dashboard, ...headers });
      expect(answer.headers.get("access-control-allow-origin")).toBe(dashboard);
      const exposed = answer.headers
        .get("access-control-expose-headers")
        ?.toLowerCase()
        .split(", ");
      expect(exposed).toEqual(
        expect.arrayContaining([
          "grpc-status",
          "grpc-message",
          "grpc-status-details-bin",
          "www-authenticate",
          "x-request-id",
          "retry-after",
        ]),
      );
    }
  });
});

describe("HTTP", () => {
  it("is healthy on both address families", async () => {
    for (const host of ["127.0.0.1", "[::1]", "localhost"]) {
      const answer = await fetch(`http://${host}:${backend.apiPort}/healthz`);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe("ok\n");
    }
    const metadata = await fetch(
      `http://[::1]:${backend.issuerPort}/.well-known/openid-configuration`,
    );
    expect(await metadata.json()).toMatchObject({ issuer: backend.issuerUrl });
  });

  it.each(["/", "/user.v1.UserService/Nothing", "/user.v1.UserService", "/healthz/x"])(
    "has nothing at %s, with or without a token",
    async (path) => {
      for (const headers of [{ authorization: `Bearer ${token}` }, new Headers()]) {
        const answer = await fetch(`${backend.apiUrl}${path}`, { method: "POST", headers });
        expect(answer.status).toBe(404);
      }
    },
  );

  it("makes the request id itself", async () => {
    const answer = await post({ authorization: `Bearer ${token}`, "x-request-id": "mine" });
    expect(answer.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("asks for a token before it looks at the body", async () => {
    expect((await post({}, "not json")).status).toBe(401);
    expect((await post({ authorization: `Bearer ${token}` }, "not json")).status).toBe(400);
  });

  it("takes no request of more than a megabyte", async () => {
    const body = JSON.stringify({ userId: "x".repeat(1_100_000) });
    const answer = await post({ authorization: `Bearer ${token}` }, body);
    expect(await answer.json()).toMatchObject({ code: "resource_exhausted" });
  });

  it("refuses what is no request, and lives on", async () => {
    expect(await raw("GET /user.v1.UserService/GetUser HTTP/1.0\r\n\r\n")).toContain(" 400 ");
    expect(await raw("GET /user.v1.UserService/GetUser HTTP/1.1\r\nHost: [\r\n\r\n")).toContain(
      " 400 ",
    );
    expect(await raw("nonsense\r\n\r\n")).toContain(" 400 ");
    expect(
      await raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nnonsense that is no frame at all"),
    ).not.toContain(" 200 ");
    expect(await raw("P")).toBe("");
    expect(await raw("")).toBe("");
    expect((await fetch(`${backend.apiUrl}/healthz`)).status).toBe(200);
    expect(backend.failures).toEqual([]);
  });

  it("tells HTTP/1.1 from HTTP/2 by the first bytes even when they come one by one", async () => {
    const answer = new Promise<string>((resolve, reject) => {
      let text = "";
      const socket = connect(backend.apiPort, "127.0.0.1");
      socket.on("data", (chunk) => (text += chunk.toString("latin1")));
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
      socket.setNoDelay(true);
      const bytes = Array.from("POST /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      const send = () => {
        const next = bytes.shift();
        if (next !== undefined) socket.write(next, () => setImmediate(send));
      };
      send();
    });
    expect(await answer).toContain("200 OK");
  });
});
