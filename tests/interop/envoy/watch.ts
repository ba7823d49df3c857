import { DatabaseSync } from "node:sqlite";
import type { WatchUserResponse } from "../../../src/gen/user/v1/user_service_pb.ts";
import { resumeStream } from "../../../src/lib/core/index.ts";
import { clientWith } from "./clients.ts";

/** What was seen of one user over several streams. */
export interface Watched {
  /** The versions, in order. */
  readonly versions: readonly bigint[];
  /** How many streams it took. */
  readonly opened: number;
}

/**
 * Watches user123 while its streams end, with a new token for each. When the
 * second stream lives, `change` is called; resolves when its result has come.
 */
export async function watchAcross(
  baseUrl: string,
  token: () => Promise<string>,
  change: () => void,
): Promise<Watched> {
  const versions: bigint[] = [];
  let opened = 0;
  const controller = new AbortController();
  const messages = resumeStream<WatchUserResponse, bigint>({
    signal: controller.signal,
    cursorOf: versionOf,
    async *open(afterVersion = 0n, { signal }) {
      const { users } = clientWith(baseUrl, [await token()]);
      opened += 1;
      yield* users.watchUser({ userId: "user123", afterVersion }, { signal });
    },
  });
  let changed = false;
  for await (const message of messages) {
    const version = versionOf(message);
    if (version !== undefined) versions.push(version);
    if (changed && version !== undefined) controller.abort();
    if (opened === 2 && !changed) {
      changed = true;
      change();
    }
  }
  return { versions, opened };
}

/** Changes user123 in a database of the reference backend. */
export function suspendUser(databaseFile: string): void {
  const database = new DatabaseSync(databaseFile, { timeout: 5_000 });
  database.exec("UPDATE users SET status = 3 WHERE id = 'user123'");
  database.close();
}

function versionOf({ event }: WatchUserResponse): bigint | undefined {
  return event.case === "user" ? event.value.version : undefined;
}
