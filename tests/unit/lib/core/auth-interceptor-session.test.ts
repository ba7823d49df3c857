import { create } from "@bufbuild/protobuf";
import { Code, createContextValues } from "@connectrpc/connect";
import type { UnaryRequest, UnaryResponse } from "@connectrpc/connect";
import { describe, expect, it } from "vitest";
import { GetUserRequestSchema, UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { AuthError, createAuthInterceptor } from "../../../../src/lib/core/index.ts";
import { createApiInMemory, failure, origin } from "../../../support/api-in-memory.ts";
import { createTabWorld, signIn } from "../../../support/tab-world.ts";
import { settle } from "../../../support/virtual-clock.ts";

describe("the auth interceptor and the person of a call", () => {
  it("never repeats a call as the other person who signed in when a step-up was asked for", async () => {
    const world = createTabWorld();
    const page = world.openTab();
    await signIn(page, world, "ada");
    const { client, server } = createApiInMemory({
      tokenSource: page.tab,
      stepUp: () => signIn(page, world, "bob"),
    });
    server.accepts = "access-2";
    server.challenge = 'Bearer error="insufficient_user_authentication"';
    const error = await failure(client.getUser({ userId: "u" }));
    expect(server.attempts).toEqual(["Bearer access-1"]);
    expect(error.code).toBe(Code.Unauthenticated);
    expect(AuthError.find(error)?.code).toBe("signed-out");
  });

  it("sends nothing after a sign-out, however short before it the token was had", async () => {
    for (let steps = 0; steps < 20; steps++) {
      const { sent, signOut } = await startCall();
      for (let step = 0; step < steps; step++) await Promise.resolve();
      signOut();
      await settle();
      expect(sent).not.toContain("after the sign-out");
    }
  });
});

describe("the auth interceptor and a call that it must not repeat", () => {
  const rules = { "user.v1.UserService/GetUser": { retry: false } };

  it("does not bring a refused token again at the next call", async () => {
    const { client, server } = createApiInMemory({ rules });
    server.accepts = "t2";
    await failure(client.getUser({ userId: "u" }));
    await client.getUser({ userId: "u" });
    expect(server.attempts).toEqual(["Bearer t1", "Bearer t2"]);
  });

  it("asks nobody to sign in again for it", async () => {
    let asked = 0;
    const { client, server } = createApiInMemory({ rules, stepUp: async () => void asked++ });
    server.accepts = "none";
    server.challenge = 'Bearer error="insufficient_user_authentication"';
    const error = await failure(client.getUser({ userId: "u" }));
    expect(AuthError.find(error)?.code).toBe("step-up-required");
    expect({ asked, attempts: server.attempts.length }).toEqual({ asked: 0, attempts: 1 });
  });
});

async function startCall() {
  const world = createTabWorld();
  const page = world.openTab();
  await signIn(page, world);
  const sent: string[] = [];
  let when = "before the sign-out";
  const interceptor = createAuthInterceptor({ tokenSource: page.tab, origins: [origin] });
  const run = interceptor(() => {
    sent.push(when);
    return new Promise<UnaryResponse>(() => undefined);
  });
  run(unaryRequest()).catch(() => undefined);
  const signOut = () => {
    when = "after the sign-out";
    page.tab.end();
  };
  return { sent, signOut };
}

function unaryRequest(): UnaryRequest {
  return {
    stream: false,
    service: UserService,
    method: UserService.method.getUser,
    requestMethod: "POST",
    url: `${origin}/user.v1.UserService/GetUser`,
    signal: new AbortController().signal,
    header: new Headers(),
    contextValues: createContextValues(),
    message: create(GetUserRequestSchema, { userId: "u" }),
  };
}
