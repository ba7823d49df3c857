import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { words } from "../../messages/messages.ts";
import { statusName } from "./status-name.ts";

/** What changed between two versions of a user, in words. Never empty when the version grew. */
export function describeChanges(before: User, after: User): string[] {
  const { change } = words().user;
  const found: string[] = [];
  if (seconds(before) !== seconds(after)) found.push(change["signed-in"]);
  if (before.status !== after.status) {
    found.push(change.status(words().status[statusName(after.status)].toLowerCase()));
  }
  for (const role of added(before.roles, after.roles)) found.push(change["role-added"](role));
  for (const role of added(after.roles, before.roles)) found.push(change["role-removed"](role));
  if (before.name !== after.name) found.push(change.name(after.name));
  if (before.email !== after.email) found.push(change.email(after.email));
  if (before.locale !== after.locale) found.push(change.locale(after.locale));
  if (found.length === 0 && after.version > before.version) found.push(change.other);
  return found;
}

function added(before: readonly string[], after: readonly string[]): string[] {
  return after.filter((role) => !before.includes(role));
}

function seconds(user: User): bigint | undefined {
  return user.lastSignInTime?.seconds;
}
