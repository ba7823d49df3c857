import { User } from "oidc-client-ts";
import { expect, test } from "vitest";
import {
  recordToUser,
  userRevision,
  userToRecord,
} from "../../../../src/lib/browser/user-record.ts";
import type { SessionRecord } from "../../../../src/lib/core/session-record.ts";

const record: SessionRecord = {
  schema: 1,
  session: "session-1",
  subject: "sub-1",
  displayName: "Ada",
  refreshToken: "refresh-1",
  idToken: "id-1",
  tokens: {
    "": {
      value: "access-1",
      type: "Bearer",
      expiresAt: 1_700_000_060_000,
      scopes: ["a", "b"],
      obtainedAt: 1_700_000_000_500,
    },
  },
};

const profile = { sub: "sub-1", name: "Ada", iss: "i", aud: "a", exp: 1, iat: 1 };
const before = new User({
  access_token: "access-0",
  token_type: "Bearer",
  scope: "a",
  profile,
  expires_at: 1,
});

test("a record comes back from a stored User as it was", () => {
  const user = recordToUser(record, before, "r1");
  const stored = User.fromStorageString(user.toStorageString());
  expect(userToRecord(stored, 0)).toEqual(record);
  expect(userRevision(stored)).toBe("r1");
});

test("a User keeps what the record does not know", () => {
  expect(recordToUser(record, before, "r1").profile).toMatchObject(profile);
});

test("a record says that a person must act, until the app stores another token", () => {
  const refused: SessionRecord = { ...record, interactionRequired: true };
  const user = recordToUser(refused, before, "r1");
  expect(userToRecord(user, 0).interactionRequired).toBe(true);
  const renewed = new User({
    access_token: "access-2",
    token_type: "Bearer",
    profile: user.profile,
    expires_at: 1_700_000_999,
  });
  expect(userToRecord(renewed, 5).interactionRequired).toBeUndefined();
  expect(userToRecord(renewed, 5).tokens[""]?.obtainedAt).toBe(5);
  expect(userRevision(renewed)).not.toBe("r1");
});

test("a User without a note has a session of its own, the same in every tab", () => {
  expect(userToRecord(before, 1).session).toBe(userToRecord(before, 2).session);
});
