import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { RequestInfoSchema } from "../../gen/google/rpc/request_info_pb.ts";
import { AuthError } from "../../lib/core/index.ts";

/** What a failure means for the person in front of the page. */
export type FailureKind =
  /** The service does not answer; waiting helps. */
  | "service-unreachable"
  /** The issuer does not answer; waiting helps. */
  | "issuer-unreachable"
  /** The account may not do this. */
  | "denied"
  /** Nobody is signed in any more. */
  | "sign-in"
  /** A newer or stronger sign-in is wanted. */
  | "step-up"
  /** There is no such user. */
  | "not-found"
  /** The request itself was refused. */
  | "invalid"
  /** Client, issuer and service do not agree. */
  | "misconfigured"
  /** The service made a mistake. */
  | "broken";

/** A failed call in terms that a page can show. Holds no secret. */
export interface Failure {
  readonly kind: FailureKind;
  /** The code as gRPC writes it, for example `UNAVAILABLE`. */
  readonly code: string;
  /** What the server said, in its own words. */
  readonly detail: string;
  /** The server's name for the call. */
  readonly requestId: string | undefined;
  /** The scopes that are missing, when they are known. */
  readonly scopes: readonly string[];
  readonly acrValues: readonly string[];
  readonly maxAgeSeconds: number | undefined;
  /** Whether the same call may succeed later without anybody's doing. */
  readonly transient: boolean;
}

/** Says what went wrong. Takes anything that was thrown. */
export function describeFailure(reason: unknown): Failure {
  const error = ConnectError.from(reason);
  const auth = AuthError.find(error);
  const kind = auth === undefined ? kindOfCode(error) : kindOfAuth(auth);
  return {
    kind,
    code: codeOf(error),
    detail: error.rawMessage,
    requestId: requestIdOf(error),
    scopes: auth?.details.scopes ?? scopesOf(error),
    acrValues: auth?.details.acrValues ?? [],
    maxAgeSeconds: auth?.details.maxAgeSeconds,
    transient: isTransientKind(kind),
  };
}

/** The code of anything that was thrown; where nothing came back at all it is `UNAVAILABLE`. */
export function codeOf(reason: unknown): string {
  const error = ConnectError.from(reason);
  return codeName(isNetworkError(error) ? Code.Unavailable : error.code);
}

/** `UNAVAILABLE` for `Code.Unavailable`, as gRPC's own tools write it. */
function codeName(code: Code): string {
  const name = Object.entries(Code).find(([, value]) => value === code)?.[0] ?? "Unknown";
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

function isTransientKind(kind: FailureKind): boolean {
  return kind === "service-unreachable" || kind === "issuer-unreachable";
}

function kindOfAuth(auth: AuthError): FailureKind {
  switch (auth.code) {
    case "signed-out":
    case "interaction-required":
    case "sign-in-failed":
      return "sign-in";
    case "step-up-required":
      return "step-up";
    case "scope-missing":
      return "denied";
    case "unavailable":
      return "issuer-unreachable";
    case "misconfigured":
    case "origin-not-allowed":
      return "misconfigured";
  }
}

function kindOfCode(error: ConnectError): FailureKind {
  switch (error.code) {
    case Code.Unavailable:
    case Code.DeadlineExceeded:
    case Code.ResourceExhausted:
    case Code.Aborted:
      return "service-unreachable";
    case Code.PermissionDenied:
      return "denied";
    case Code.Unauthenticated:
      return "sign-in";
    case Code.NotFound:
      return "not-found";
    case Code.InvalidArgument:
    case Code.OutOfRange:
      return "invalid";
    case Code.FailedPrecondition:
    case Code.Unimplemented:
      return "misconfigured";
    default:
      return isNetworkError(error) ? "service-unreachable" : "broken";
  }
}

/** `fetch` rejects with a `TypeError` when nothing came back at all. */
function isNetworkError(error: ConnectError): boolean {
  return error.cause instanceof TypeError;
}

function requestIdOf(error: ConnectError): string | undefined {
  const detail = error.findDetails(RequestInfoSchema)[0]?.requestId ?? "";
  const id = detail === "" ? error.metadata.get("x-request-id") : detail;
  return id ?? undefined;
}

function scopesOf(error: ConnectError): string[] {
  const text = error.findDetails(ErrorInfoSchema)[0]?.metadata["scope"] ?? "";
  return text.split(" ").filter((scope) => scope !== "");
}
