import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { codeOf, describeFailure } from "../../../../src/dashboard/rpc/failure.ts";
import { createQueryClient, retryDelayMs } from "../../../../src/dashboard/rpc/query-client.ts";
import { ErrorInfoSchema } from "../../../../src/gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../../../src/gen/google/rpc/request_info_pb.ts";
import { AuthError } from "../../../../src/lib/core/index.ts";

const caused = (code: Code, cause: unknown) =>
  new ConnectError("a message", code, undefined, undefined, cause);

describe("a failure", () => {
  test.each([
    [new ConnectError("down", Code.Unavailable), "service-unreachable", true],
    [ConnectError.from(new TypeError("Failed to fetch")), "service-unreachable", true],
    [new ConnectError("late", Code.DeadlineExceeded), "service-unreachable", true],
    [caused(Code.Unavailable, new AuthError("unavailable", "503")), "issuer-unreachable", true],
    [new ConnectError("no", Code.PermissionDenied), "denied", false],
    [caused(Code.PermissionDenied, new AuthError("scope-missing", "x")), "denied", false],
    [caused(Code.Unauthenticated, new AuthError("signed-out", "x")), "sign-in", false],
    [caused(Code.Unauthenticated, new AuthError("interaction-required", "x")), "sign-in", false],
    [caused(Code.Unauthenticated, new AuthError("step-up-required", "x")), "step-up", false],
    [caused(Code.FailedPrecondition, new AuthError("misconfigured", "x")), "misconfigured", false],
    [new ConnectError("who", Code.NotFound), "not-found", false],
    [new ConnectError("long", Code.InvalidArgument), "invalid", false],
    [new ConnectError("oops", Code.Internal), "broken", false],
    [new Error("oops"), "broken", false],
  ])("%s is of the kind %s", (reason, kind, transient) => {
    expect(describeFailure(reason)).toMatchObject({ kind, transient });
  });

  test("has the code in gRPC's own spelling", () => {
    expect(codeOf(new ConnectError("no", Code.PermissionDenied))).toBe("PERMISSION_DENIED");
    expect(codeOf(new ConnectError("no", Code.Canceled))).toBe("CANCELED");
    // fetch itself only says that nothing came.
    expect(codeOf(new TypeError("Failed to fetch"))).toBe("UNAVAILABLE");
  });

  test("has the request id of the details, else of the header", () => {
    const error = new ConnectError("no", Code.Internal, { "x-request-id": "from-header" });
    expect(describeFailure(error).requestId).toBe("from-header");
    error.details = [{ desc: RequestInfoSchema, value: { requestId: "from-details" } }];
    expect(describeFailure(error).requestId).toBe("from-details");
    expect(describeFailure(new Error("no")).requestId).toBeUndefined();
  });

  test("names the scopes that are missing, from our own check or from the server", () => {
    const auth = new AuthError("scope-missing", "x", { scopes: ["users.contact"] });
    expect(describeFailure(caused(Code.PermissionDenied, auth)).scopes).toEqual(["users.contact"]);
    const server = new ConnectError("no", Code.PermissionDenied);
    const metadata = { scope: "users.read" };
    server.details = [{ desc: ErrorInfoSchema, value: { metadata } }];
    expect(describeFailure(server).scopes).toEqual(["users.read"]);
  });
});

describe("queries", () => {
  test("are tried again only when waiting can help", () => {
    const retry = createQueryClient().getDefaultOptions().queries?.retry;
    if (typeof retry !== "function") throw new Error("a rule was expected");
    expect(retry(50, new ConnectError("down", Code.Unavailable))).toBe(true);
    expect(retry(0, new ConnectError("no", Code.PermissionDenied))).toBe(false);
  });

  test("wait longer each time, up to eight seconds, and not all equally long", () => {
    expect([0, 1, 2, 9].map((failures) => retryDelayMs(failures, () => 1))).toEqual([
      500, 1000, 2000, 8000,
    ]);
    expect(retryDelayMs(9, () => 0)).toBe(4000);
  });
});
