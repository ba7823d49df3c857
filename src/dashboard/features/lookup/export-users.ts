import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ListUsersRequestSchema,
  ListUsersResponse,
} from "../../../gen/user/v1/user_service_pb.ts";
import { csvLine } from "../../lib/csv.ts";
import type { ColumnName } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { csvFieldOf } from "./csv-field.ts";

const EXPORT_PAGE_SIZE = 200;

type ListRequest = MessageInitShape<typeof ListUsersRequestSchema>;

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
  readonly request: ListRequest;
  readonly columns: readonly ColumnName[];
  readonly fetchPage: (request: ListRequest, signal: AbortSignal) => Promise<ListUsersResponse>;
  /** Waits before a page that failed is asked for again; rejects when that is useless. */
  readonly beforeRetry: (reason: unknown, failures: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onProgress: (progress: ExportProgress) => void;
}

/**
 * Writes every user of a list as CSV, page after page, only the given columns.
 * Yields the text in pieces and returns how many users it has written. Rejects
 * with what `beforeRetry` rejects with, or with the reason of the signal.
 */
export async function* exportUsers(options: ExportOptions): AsyncGenerator<string, number> {
  const { request, columns, now, onProgress } = options;
  const startedAt = now();
  let done = 0;
  let pageToken = "";
  yield csvLine(columns.map((column) => words().columns[column]));
  do {
    const page = await fetchPage(options, { ...request, pageSize: EXPORT_PAGE_SIZE, pageToken });
    done += page.users.length;
    pageToken = page.nextPageToken;
    const total = pageToken === "" ? done : Math.max(done, Number(page.totalSize));
    const remainingMs = done === 0 ? undefined : ((now() - startedAt) / done) * (total - done);
    onProgress({ done, total, totalEstimated: page.totalSizeEstimated, remainingMs });
    yield page.users
      .map((user) => csvLine(columns.map((column) => csvFieldOf(user, column))))
      .join("");
  } while (pageToken !== "");
  return done;
}

async function fetchPage(options: ExportOptions, request: ListRequest): Promise<ListUsersResponse> {
  const { signal, beforeRetry } = options;
  for (let failures = 0; ; failures++) {
    signal.throwIfAborted();
    try {
      return await options.fetchPage(request, signal);
    } catch (reason) {
      signal.throwIfAborted();
      await beforeRetry(reason, failures, signal);
    }
  }
}
