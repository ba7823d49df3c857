import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ListUsersRequestSchema,
  ListUsersResponse,
  User,
} from "../../../gen/user/v1/user_service_pb.ts";
import { csvLine } from "../../lib/csv.ts";
import { dateOf } from "../../lib/time-format.ts";
import type { ColumnName } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { statusName } from "../user/status-name.ts";

const EXPORT_PAGE_SIZE = 200;

/** How far an export is. */
export interface ExportProgress {
  readonly done: number;
  readonly total: number;
  readonly totalEstimated: boolean;
  /** Undefined until it can be told. */
  readonly remainingMs: number | undefined;
}

/** What {@link exportUsers} needs. */
export interface ExportOptions {
  readonly request: MessageInitShape<typeof ListUsersRequestSchema>;
  readonly columns: readonly ColumnName[];
  readonly fetchPage: (
    request: MessageInitShape<typeof ListUsersRequestSchema>,
    signal: AbortSignal,
  ) => Promise<ListUsersResponse>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onProgress: (progress: ExportProgress) => void;
}

/**
 * Writes every user of a list as CSV, page after page, only the given columns.
 * Yields the text in pieces. Rejects with the failure of the page that failed.
 */
export async function* exportUsers(options: ExportOptions): AsyncGenerator<string, number> {
  const { request, columns, fetchPage, signal, now, onProgress } = options;
  const startedAt = now();
  let done = 0;
  let pageToken = "";
  yield csvLine(columns.map((column) => words().columns[column]));
  do {
    signal.throwIfAborted();
    const page = await fetchPage({ ...request, pageSize: EXPORT_PAGE_SIZE, pageToken }, signal);
    done += page.users.length;
    pageToken = page.nextPageToken;
    const total = Math.max(done, Number(page.totalSize));
    const remainingMs = done === 0 ? undefined : ((now() - startedAt) / done) * (total - done);
    onProgress({ done, total, totalEstimated: page.totalSizeEstimated, remainingMs });
    yield page.users.map((user) => csvLine(columns.map((column) => field(user, column)))).join("");
  } while (pageToken !== "");
  return done;
}

function field(user: User, column: ColumnName): string {
  switch (column) {
    case "id":
    case "name":
    case "email":
    case "locale":
      return user[column];
    case "status":
      return words().status[statusName(user.status)];
    case "roles":
      return user.roles.join(" ");
    case "created":
      return user.createTime === undefined ? "" : dateOf(user.createTime).toISOString();
    case "signed-in":
      return user.lastSignInTime === undefined ? "" : dateOf(user.lastSignInTime).toISOString();
  }
}
