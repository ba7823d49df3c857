import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { ErrorInfoSchema } from "../../../../src/gen/google/rpc/error_details_pb.ts";
import { explainCallError } from "../../../../src/lib/core/call-error.ts";
import { AuthError, createAuthInterceptor } from "../../../../src/lib/core/index.ts";
import { collect, createApiInMemory, failure } from "../../../support/api-in-memory.ts";

describe("the auth interceptor and step-up", () => {
  const challenge =
    'Bearer error="insufficient_user_authentication", acr_values="silver gold", max_age="300"';

  it("fails with what the server asks for, and does not refresh", async () => {
    const { client, server, requests } = createApiInMemory();
    server.accepts = "none";
    server.challenge = challenge;
    const error = await failure(client.getUserContact({ userId: "u" }));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(AuthError.find(error)).toMatchObject({
      code: "step-up-required",
      details: { acrValues: ["silver", "gold"], maxAgeSeconds: 300 },
    });
    expect(requests).toHaveLength(1);
  });

  it("repeats the call once after the person has signed in again", async () => {
    const asked: unknown[] = [];
    const { client, server } = createApiInMemory({
      async stepUp(required) {
        asked.push(required);
        server.accepts = "t2";
      },
    });
    server.accepts = "none";
    server.challenge = challenge;
    await client.getUserContact({ userId: "u" });
    expect(asked).toEqual([{ acrValues: ["silver", "gold"], maxAgeSeconds: 300 }]);
    expect(server.attempts).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("takes a second challenge as final", async () => {
    let asked = 0;
    const { client, server } = createApiInMemory({ stepUp: async () => void asked++ });
    server.accepts = "none";
    server.challenge = challenge;
    const error = await failure(client.getUserContact({ userId: "u" }));
    expect(AuthError.find(error)?.code).toBe("step-up-required");
    expect(asked).toBe(1);
    expect(server.attempts).toHaveLength(2);
  });

  it("reads the challenge from ErrorInfo where the header cannot be seen", () => {
    const error = new ConnectError("no", Code.Unauthenticated, undefined, [
      {
        desc: ErrorInfoSchema,
        value: { reason: "INSUFFICIENT_USER_AUTHENTICATION", metadata: { max_age: "300" } },
      },
    ]);
    expect(AuthError.find(explainCallError(error))).toMatchObject({
      code: "step-up-required",
      details: { maxAgeSeconds: 300 },
    });
  });
});

describe("the auth interceptor, for a server stream", () => {
  it("refreshes and opens the stream again when it is refused before its first message", async () => {
    const { client, server } = createApiInMemory();
    server.accepts = "t2";
    expect(await collect(client.watchUser({ userId: "u" }))).toHaveLength(2);
    expect(server.attempts).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("never opens a stream again that has delivered a message", async () => {
    const { client, server } = createApiInMemory();
    const error = await failure(collect(client.watchUser({ userId: "u", afterVersion: 7n })));
    expect(error.code).toBe(Code.Unauthenticated);
    expect(AuthError.find(error)).toMatchObject({ code: "unavailable" });
    expect(server.attempts).toHaveLength(1);
  });
});

describe("createAuthInterceptor", () => {
  const tokenSource = { getToken: () => Promise.reject(new Error("unused")) };

  it.each([
    ["http://api.example.com"],
    ["not an origin"],
    ["data:text/plain,x"],
    ["https://api.example.com/v1"],
    ["https://me@api.example.com"],
  ])("refuses the origin %s at construction", (bad) => {
    expect(() => createAuthInterceptor({ tokenSource, origins: [bad] })).toThrow(AuthError);
  });

  it.each([
    ["http://localhost:50051"],
    ["http://127.0.0.1:1"],
    ["http://[::1]:1"],
    ["https://a.b"],
  ])("takes the origin %s", (good) => {
    expect(() => createAuthInterceptor({ tokenSource, origins: [good] })).not.toThrow();
  });

  it("takes plain http elsewhere only by a loud option", () => {
    const origins = ["http://10.0.0.1"];
    const options = { tokenSource, origins, dangerouslyAllowPlainHttp: true };
    expect(() => createAuthInterceptor(options)).not.toThrow();
  });

  it("refuses an empty list", () => {
    expect(() => createAuthInterceptor({ tokenSource, origins: [] })).toThrow(AuthError);
  });
});
