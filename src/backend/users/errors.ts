import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorInfoSchema } from "../../gen/google/rpc/error_details_pb.ts";
import { errorDomain } from "../../lib/server/index.ts";

/** Why this service refuses a call that the token gate has let in: the `reason` of its `ErrorInfo`. */
export type UserErrorReason =
  | "USER_NOT_FOUND"
  | "FIELD_INVALID"
  | "PAGE_TOKEN_INVALID"
  | "TOO_MANY_WATCHES"
  | "SERVER_SHUTTING_DOWN"
  | "REQUEST_INVALID"
  | "INTERNAL";

/**
 * An error for the client, with an `ErrorInfo` (AIP-193).
 *
 * @param metadata what in the message is not the same every time; no secrets, no personal data
 */
export function userError(
  code: Code,
  reason: UserErrorReason,
  message: string,
  metadata: Readonly<Record<string, string>> = {},
): ConnectError {
  const value = { reason, domain: errorDomain, metadata: { ...metadata } };
  return new ConnectError(message, code, undefined, [{ desc: ErrorInfoSchema, value }]);
}

/** INVALID_ARGUMENT: what is wrong with which field of the request, and how to do better. */
export function invalidField(field: string, message: string): ConnectError {
  return userError(Code.InvalidArgument, "FIELD_INVALID", message, { field });
}

/** NOT_FOUND for a user id. */
export function userNotFound(userId: string): ConnectError {
  const message = `There is no user with the id "${userId}". Check the id, or search with ListUsers.`;
  return userError(Code.NotFound, "USER_NOT_FOUND", message, { user_id: userId });
}
