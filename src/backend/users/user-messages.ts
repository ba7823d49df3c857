import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { UserSchema, UserStatus } from "../../gen/user/v1/user_service_pb.ts";
import type { User } from "../../gen/user/v1/user_service_pb.ts";
import type { UserRecord } from "./user-record.ts";

const STATUSES: readonly UserStatus[] = Object.values(UserStatus);

/** The user as the API shows it. */
export function userMessage(user: UserRecord): User {
  return create(UserSchema, {
    id: user.id,
    name: user.name,
    email: user.email,
    status: STATUSES.find((status) => status === user.status) ?? UserStatus.UNSPECIFIED,
    roles: user.roles.toSorted(),
    locale: user.locale,
    createTime: timestampFromMs(user.createTimeMs),
    updateTime: timestampFromMs(user.updateTimeMs),
    version: BigInt(user.version),
    ...(user.lastSignInTimeMs === 0
      ? {}
      : { lastSignInTime: timestampFromMs(user.lastSignInTimeMs) }),
  });
}
