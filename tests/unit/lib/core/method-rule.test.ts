import { create, createFileRegistry, setExtension } from "@bufbuild/protobuf";
import type { DescMethod } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodOptionsSchema,
  file_google_protobuf_descriptor,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import {
  MethodRuleSchema,
  file_connectrpc_oauth_v1_method,
  method as methodOption,
} from "../../../../src/gen/connectrpc_oauth/v1/method_pb.ts";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";
import { readMethodRule } from "../../../../src/lib/core/method-rule.ts";
import type { MethodRules } from "../../../../src/lib/core/method-rule.ts";

const openRule = {
  public: false,
  scopes: [],
  anyScopes: [],
  acrValues: [],
  maxAgeSeconds: undefined,
};

describe("readMethodRule", () => {
  it("reads the option of a method", () => {
    expect(readMethodRule(UserService.method.getUser)).toEqual({
      ...openRule,
      scopes: ["users.read"],
    });
    expect(readMethodRule(UserService.method.getUserContact)).toEqual({
      ...openRule,
      scopes: ["users.contact"],
      maxAgeSeconds: 300,
    });
  });

  it("knows no rule for a method that nobody annotated", () => {
    expect(readMethodRule(plainMethod())).toBeUndefined();
    expect(readMethodRule(plainMethod(), { "other.v1.Other/*": { public: true } })).toBeUndefined();
  });

  it("finds nothing on the prototype of the table", () => {
    const rules: MethodRules = {};
    Object.setPrototypeOf(rules, { "test.v1.Plain/Ask": { public: true } });
    expect(readMethodRule(plainMethod(), rules)).toBeUndefined();
  });

  it("takes an empty option as the demand for a valid token", () => {
    expect(readMethodRule(plainMethod({}))).toEqual(openRule);
  });

  it("takes an entry of the table for a method without an option", () => {
    const rules = { "test.v1.Plain/Ask": { anyScopes: ["a", "b"], acrValues: ["mfa"] } };
    expect(readMethodRule(plainMethod(), rules)).toEqual({
      ...openRule,
      anyScopes: ["a", "b"],
      acrValues: ["mfa"],
    });
  });

  it("lets the table win over the option, field by field", () => {
    const rules = { "user.v1.UserService/GetUserContact": { maxAgeSeconds: 60 } };
    expect(readMethodRule(UserService.method.getUserContact, rules)).toEqual({
      ...openRule,
      scopes: ["users.contact"],
      maxAgeSeconds: 60,
    });
  });

  it("lets the entry of a method win over the entry of its service", () => {
    const rules = {
      "user.v1.UserService/*": { scopes: ["all"], retry: false },
      "user.v1.UserService/GetUser": { scopes: ["one"] },
    };
    expect(readMethodRule(UserService.method.getUser, rules)).toEqual({
      ...openRule,
      scopes: ["one"],
      retry: false,
    });
    expect(readMethodRule(UserService.method.listUsers, rules)?.scopes).toEqual(["all"]);
  });

  it("keeps the demands of the option when an entry only switches the retry off", () => {
    const rules = { "user.v1.UserService/GetUser": { retry: false } };
    expect(readMethodRule(UserService.method.getUser, rules)).toEqual({
      ...openRule,
      scopes: ["users.read"],
      retry: false,
    });
  });

  it("drops every demand beneath an entry that says public", () => {
    const rules = { "user.v1.UserService/GetUserContact": { public: true } };
    expect(readMethodRule(UserService.method.getUserContact, rules)).toEqual({
      ...openRule,
      public: true,
    });
  });

  it("ends public with a demand above it", () => {
    const rules = { "test.v1.Plain/*": { public: true }, "test.v1.Plain/Ask": { scopes: ["a"] } };
    expect(readMethodRule(plainMethod(), rules)).toEqual({ ...openRule, scopes: ["a"] });
  });

  it("removes a limit of age with zero", () => {
    const rules = { "user.v1.UserService/GetUserContact": { maxAgeSeconds: 0 } };
    expect(readMethodRule(UserService.method.getUserContact, rules)?.maxAgeSeconds).toBeUndefined();
  });

  it("refuses a rule that is public and demands something, and names it", () => {
    const rules = { "test.v1.Plain/Ask": { public: true, scopes: ["a"] } };
    expect(() => readMethodRule(plainMethod(), rules)).toThrow(
      /"test\.v1\.Plain\/Ask" says public/,
    );
    const option = { public: true, maxAge: 5 };
    expect(() => readMethodRule(plainMethod(option))).toThrow(/option of test\.v1\.Plain\/Ask/);
  });
});

/** `test.v1.Plain/Ask`, with the given option or with none. */
function plainMethod(rule?: { public?: boolean; maxAge?: number }): DescMethod {
  const options = create(MethodOptionsSchema);
  if (rule !== undefined) setExtension(options, methodOption, create(MethodRuleSchema, rule));
  const file = create(FileDescriptorProtoSchema, {
    name: "test/v1/plain.proto",
    package: "test.v1",
    syntax: "proto3",
    dependency: ["connectrpc_oauth/v1/method.proto"],
    messageType: [{ name: "Message" }],
    service: [
      {
        name: "Plain",
        method: [
          { name: "Ask", inputType: ".test.v1.Message", outputType: ".test.v1.Message", options },
        ],
      },
    ],
  });

  const set = create(FileDescriptorSetSchema, {
    file: [file_google_protobuf_descriptor.proto, file_connectrpc_oauth_v1_method.proto, file],
  });
  const method = createFileRegistry(set).getService("test.v1.Plain")?.methods[0];
  if (method === undefined) throw new Error("The descriptor has lost its method.");
  return method;
}
