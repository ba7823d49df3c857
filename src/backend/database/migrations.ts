import { issuerSchema } from "../issuer/schema.ts";
import { deletedUsersSchema, renamedUsersSchema, usersSchema } from "../users/schema.ts";

/** One step of the database's history: a unique name, and the SQL that is run once, in a transaction of its own. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The one list of migrations, oldest first. Append only: a name that was released is never renamed, reordered or
 * edited, because databases out there have recorded it as applied.
 */
export const migrations: readonly Migration[] = [
  { name: "0001-issuer", sql: issuerSchema },
  { name: "0002-users", sql: usersSchema },
  { name: "0003-deleted-users", sql: deletedUsersSchema },
  { name: "0004-renamed-users", sql: renamedUsersSchema },
];
