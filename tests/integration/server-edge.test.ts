import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../src/lib/server/index.ts";
import { startGateServer } from "../support/server/gate-server.ts";
import type { GateServer } from "../support/server/gate-server.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../support/server/test-issuer.ts";

const path = "/user.v1.UserService/GetUser";
let server: GateServer;
let token: string;

beforeAll(async () => {
  const key = await createTestKey("key-1");
  token = await signToken(key);
  server = await startGateServer(
    createTokenGate({
      issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
      audience: testAudience,
      services: [UserService],
    }),
  );
});

afterAll(async () => {
  await server.close();
});

describe("a request that nobody would decode", () => {
  it.each([
    ["application/json", 401],
    ["application/proto", 401],
    ["application/connect+proto", 200],
    ["application/grpc-web+proto", 200],
  ])("is refused for its missing token, not for its body (%s)", async (contentType, status) => {
    const response = await fetch(server.baseUrl("Connect") + pathOf(contentType), {
      method: "POST",
      headers: { "content-type": contentType },
      body: "no message at all",
    });
    const body = await response.text();
    expect(response.status).toBe(status);
    expect(body + [...response.headers].join("\n")).toMatch(/needs%20an%20access|needs an access/);
    expect(server.entries).toBe(0);
  });

  it("is refused before its body has come", async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { "content-type": "application/json", "content-length": "1000000" };
      const request = httpRequest(server.baseUrl("Connect") + path, { method: "POST", headers });
      request.on("response", (response) => {
        resolve(response.statusCode);
        request.destroy();
      });
      request.on("error", reject);
      // One byte of a million: whoever waits for the body waits for ever.
      request.write("{");
    });
    expect(answer).toBe(401);
  });

  it("is refused in a Connect GET as well", async () => {
    const query = "?connect=v1&encoding=json&message=%7B%7D";
    const response = await fetch(server.baseUrl("Connect") + path + query);
    expect(response.status).toBe(401);
    expect(server.entries).toBe(0);
  });
});

it("refuses two Authorization headers, even when the first is good", async () => {
  const url = new URL(path, server.baseUrl("Connect"));
  const headers = [
    ["host", url.host],
    ["content-type", "application/json"],
    ["authorization", `Bearer ${token}`],
    ["Authorization", "Bearer other"],
  ].flat();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(url, { method: "POST", headers });
    request.on("response", resolve);
    request.on("error", reject);
    request.end("{}");
  });
  response.resume();
  expect(response.statusCode).toBe(401);
  expect(response.headers["www-authenticate"]).toContain("invalid_request");
  expect(server.entries).toBe(0);
});

function pathOf(contentType: string): string {
  return contentType.includes("connect+") ? "/user.v1.UserService/WatchUser" : path;
}
