import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { DescService } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { beforeAll, describe, expect, it } from "vitest";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { createTokenGate } from "../../../../src/lib/server/index.ts";
import type { TokenGate, TokenGateOptions } from "../../../../src/lib/server/index.ts";
import { enter } from "../../../support/server/gate-call.ts";
import { refusalOf } from "../../../support/server/refusals.ts";
import {
  createTestKey,
  jwksOf,
  signToken,
  testAudience,
  testIssuer,
} from "../../../support/server/test-issuer.ts";
import type { TestKey } from "../../../support/server/test-issuer.ts";

let key: TestKey;
const health = createHealthService();

beforeAll(async () => {
  key = await createTestKey("key-1");
});

describe("a gate cannot be built", () => {
  it("for methods without a rule, and names them all", () => {
    expect(() => gateFor({ services: [UserService, health] })).toThrow(
      "Nobody said who may call test.v1.Health/Check, test.v1.Health/Watch.",
    );
  });

  it("with a rule for a method that does not exist", () => {
    const rules = { "user.v1.UserService/GetUsr": { public: true }, "other.v1.Other/Any": {} };
    expect(() => gateFor({ rules })).toThrow("do not exist: user.v1.UserService/GetUsr.");
  });

  it.each(["none", "HS256", "HS512", "RS1", ""])("with the algorithm %j", (algorithm) => {
    const issuer = { issuer: testIssuer, keys: () => jwksOf(key), algorithms: [algorithm] };
    expect(() => gateFor({ issuers: [issuer] })).toThrow(/cannot be trusted with/);
  });

  it.each([
    ["no issuer", { issuers: [] }],
    ["one issuer twice", { issuers: [{ issuer: "https://a.b" }, { issuer: "https://a.b" }] }],
    ["an issuer without a name", { issuers: [{ issuer: "", keys: () => ({ keys: [] }) }] }],
    ["keys over plain http", { issuers: [{ issuer: "a", jwksUri: "http://a.example/jwks" }] }],
    ["an issuer over plain http", { issuers: [{ issuer: "http://a.example" }] }],
    ["an issuer that is no address and has no keys", { issuers: [{ issuer: "a" }] }],
    ["no audience", { audience: [] }],
    ["an empty audience", { audience: "" }],
  ])("with %s", (_name, options) => {
    expect(() => gateFor(options)).toThrow(TypeError);
  });

  it("with keys from two places", () => {
    const issuer = { issuer: "https://a.b", keys: () => jwksOf(key), jwksUri: "https://a.b/jwks" };
    expect(() => gateFor({ issuers: [issuer] })).toThrow(/Keep one of them/);
  });
});

describe("a rule", () => {
  it("that says public lets everybody in, with no principal, whatever they send", async () => {
    const gate = gateFor({ services: [health], rules: { "test.v1.Health/*": { public: true } } });
    const [method] = health.methods;
    if (method === undefined) throw new Error("The service has no method.");
    expect(await enter(gate, undefined, { method })).toBeUndefined();
    expect(await enter(gate, "Bearer nonsense", { method })).toBeUndefined();
  });

  it("is missing for a service that was not announced: nobody may call it", async () => {
    const [method] = health.methods;
    if (method === undefined) throw new Error("The service has no method.");
    const token = `Bearer ${await signToken(key)}`;
    expect(await refusalOf(enter(gateFor(), token, { method }))).toMatchObject({
      code: "PermissionDenied",
      reason: "METHOD_WITHOUT_RULE",
      challenge: null,
    });
  });

  it.each([
    [{ scopes: ["a", "b"] }, "a b c", undefined],
    [{ scopes: ["a", "b"] }, "a", "a b"],
    [{ anyScopes: ["a", "b"], scopes: [] }, "b", undefined],
    [{ anyScopes: ["a", "b"], scopes: [] }, "c", "a b"],
    [{ anyScopes: ["b", "c"], scopes: ["a"] }, "a", "a b c"],
    [{ anyScopes: ["b", "c"], scopes: ["a"] }, "b", "a"],
  ])("%j with the scopes %j lacks %j", async (rule, scope, lacking) => {
    const gate = gateFor({ rules: { "user.v1.UserService/GetUser": rule } });
    const entering = enter(gate, `Bearer ${await signToken(key, { claims: { scope } })}`);
    if (lacking === undefined) expect((await entering)?.subject).toBe("ada");
    else expect((await refusalOf(entering)).facts).toEqual({ scope: lacking });
  });

  it("of the contract is enforced: contact details need their scope and a new sign-in", async () => {
    const method = UserService.method.getUserContact;
    const read = `Bearer ${await signToken(key)}`;
    expect((await refusalOf(enter(gateFor(), read, { method }))).facts).toEqual({
      scope: "users.contact",
    });
    const claims = { scope: "users.contact" };
    const old = `Bearer ${await signToken(key, { claims })}`;
    expect((await refusalOf(enter(gateFor(), old, { method }))).facts).toEqual({ max_age: "300" });
    const auth_time = Math.floor(Date.now() / 1000);
    const fresh = `Bearer ${await signToken(key, { claims: { ...claims, auth_time } })}`;
    expect((await enter(gateFor(), fresh, { method }))?.subject).toBe("ada");
  });
});

function gateFor(options: Partial<TokenGateOptions> = {}): TokenGate {
  return createTokenGate({
    issuers: [{ issuer: testIssuer, keys: () => jwksOf(key) }],
    audience: testAudience,
    services: [UserService],
    ...options,
  });
}

/** A service that nobody annotated. */
function createHealthService(): DescService {
  const method = (name: string): object => ({
    name,
    inputType: ".test.v1.Message",
    outputType: ".test.v1.Message",
  });
  const file = create(FileDescriptorProtoSchema, {
    name: "test/v1/health.proto",
    package: "test.v1",
    syntax: "proto3",
    messageType: [{ name: "Message" }],
    service: [{ name: "Health", method: [method("Check"), method("Watch")] }],
  });
  const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
  const service = registry.getService("test.v1.Health");
  if (service === undefined) throw new Error("The descriptor has lost its service.");
  return service;
}
