import { toJson } from "@bufbuild/protobuf";
import { UserSchema, UserStatus } from "../gen/user/v1/user_service_pb.ts";
import type { User } from "../gen/user/v1/user_service_pb.ts";

/** A user as a line of the answer. */
export function formatUser(user: User, { json }: { readonly json: boolean }): string {
  if (!json) return `User: ${printable(user.id)}, Name: ${printable(user.name)}`;
  return JSON.stringify(toJson(UserSchema, user, { alwaysEmitImplicit: true }));
}

/** The same with what may change while one watches. */
export function formatState(user: User, options: { readonly json: boolean }): string {
  const line = formatUser(user, options);
  if (options.json) return line;
  const status = Object.entries(UserStatus).find(([, value]) => value === user.status)?.[0];
  return `${line}, Status: ${status?.toLowerCase() ?? user.status}, Version: ${user.version}`;
}

/** Text of a server without what would control the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, "\uFFFD");
}
