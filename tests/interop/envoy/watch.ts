import { DatabaseSync } from "node:sqlite";
import type { WatchUserResponse } from "../../../src/gen/user/v1/user_service_pb.ts";
import { resumeStream } from "../../../src/lib/core/index.ts";
import { clientWith } from "./clients.ts";

/** What was seen of one user over several streams. */
export interface Watched {
  /** The version behind which each stream began. */
  readonly cursors: readonly bigint[];
  /** The versions that came, in order. */
  readonly versions: readonly bigint[];
}

/**
 * Watches user123 while its streams end, each with a token of its own, until
 * `isEnough`, which is asked after every message.
 */
export async function watchAcross(
  baseUrl: string,
  token: () => Promise<string>,
  isEnough: (watched: Watched) => boolean,
): Promise<Watched> {
  const cursors: bigint[] = [];
  const versions: bigint[] = [];
  const controller = new AbortController();
  const messages = resumeStream<WatchUserResponse, bigint>({
    signal: controller.signal,
    cursorOf: versionOf,
    async *open(afterVersion = 0n, { signal }) {
      const { users } = clientWith(baseUrl, [await token()]);
      cursors.push(afterVersion);
      yield* users.watchUser({ userId: "user123", afterVersion }, { signal });
    },
  });
  for await (const message of messages) {
    const version = versionOf(message);
    if (version !== undefined) versions.push(version);
    if (isEnough({ cursors, versions })) controller.abort();
  }
  return { cursors, versions };
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
