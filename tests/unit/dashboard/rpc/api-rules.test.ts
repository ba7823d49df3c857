import { getOption } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { apiRules, apiScopes } from "../../../../src/dashboard/rpc/api-rules.ts";
import { method as methodOption } from "../../../../src/gen/connectrpc_oauth/v1/method_pb.ts";
import { UserService } from "../../../../src/gen/user/v1/user_service_pb.ts";

test("the API's scopes are those of the contract", () => {
  const named = UserService.methods.flatMap((method) => getOption(method, methodOption).scopes);
  expect([...new Set(named)].toSorted()).toEqual([...apiScopes].toSorted());
  expect(apiRules([])).toHaveProperty([`${UserService.typeName}/*`]);
});

test.each([
  ["users.read"],
  ["users.contact"],
  // As Entra writes them.
  ["api://user-lookup/users.read"],
])("a deployment that asks for %s keeps the rules of the contract", (scope) => {
  expect(apiRules(["openid", scope])).toEqual({});
});

test.each([["openid"], ["urn:zitadel:iam:org:project:id:1234:aud"], ["all.users.read"]])(
  "a deployment that asks for nothing but %s leaves scopes to the server",
  (scope) => {
    expect(apiRules([scope])).toEqual({ "user.v1.UserService/*": { scopes: [] } });
  },
);
