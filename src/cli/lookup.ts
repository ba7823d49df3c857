import { Code, ConnectError } from "@connectrpc/connect";
import { resumeStream } from "../lib/core/index.ts";
import type { WatchUserResponse } from "../gen/user/v1/user_service_pb.ts";
import { formatState, formatUser, printable } from "./answer.ts";
import type { Api } from "./api.ts";
import { readBatches } from "./batches.ts";
import type { Options } from "./options.ts";
import type { World } from "./world.ts";

/** One way to look users up. Resolves with whether everything was found. */
export type Lookup = (api: Api, options: Options, world: World) => Promise<boolean>;

/** The lookup that the options mean. */
export function chooseLookup({ watch, query, ids }: Options): Lookup {
  if (watch) return watchUser;
  if (query !== undefined) return search;
  // An e-mail address is no id: only a batch takes it.
  const isOneId = ids.length === 1 && ids[0] !== "-" && ids[0]?.includes("@") === false;
  return isOneId ? getOne : getMany;
}

async function getOne({ users }: Api, options: Options, world: World): Promise<boolean> {
  const [userId = ""] = options.ids;
  return unlessMissing(world, userId, async () => {
    const user = await users.getUser({ userId }, { signal: world.interrupted });
    world.print(formatUser(user, options));
  });
}

async function getMany({ users }: Api, options: Options, world: World): Promise<boolean> {
  let foundAll = true;
  for await (const keys of readBatches(options.ids, world)) {
    const found = await users.batchGetUsers({ keys: [...keys] }, { signal: world.interrupted });
    for (const user of found.users) world.print(formatUser(user, options));
    for (const key of found.notFound) tellMissing(world, key);
    foundAll &&= found.notFound.length === 0;
  }
  return foundAll;
}

const pageSize = 200;

async function search({ users }: Api, options: Options, world: World): Promise<boolean> {
  const { query = "", limit } = options;
  let shown = 0;
  let pageToken = "";
  do {
    // A page token belongs to its page size.
    const request = { query, pageSize: Math.min(pageSize, limit), pageToken };
    const page = await users.listUsers(request, { signal: world.interrupted });
    const wanted = page.users.slice(0, limit - shown);
    for (const user of wanted) world.print(formatUser(user, options));
    shown += wanted.length;
    pageToken = page.nextPageToken;
    if (shown >= limit && page.totalSize > BigInt(shown)) tellMore(world, shown, page);
  } while (pageToken !== "" && shown < limit);
  if (shown === 0) world.tell(`Nobody was found for "${query}".`);
  return shown > 0;
}

async function watchUser({ users }: Api, options: Options, world: World): Promise<boolean> {
  const [userId = ""] = options.ids;
  const states = resumeStream<WatchUserResponse, bigint>({
    open: (afterVersion = 0n, { signal }) =>
      users.watchUser({ userId, afterVersion }, { signal, timeoutMs: 0 }),
    cursorOf: ({ event }) => (event.case === "user" ? event.value.version : undefined),
    signal: world.interrupted,
  });
  return unlessMissing(world, userId, async () => {
    for await (const { event } of states) {
      if (event.case === "user") world.print(formatState(event.value, options));
    }
  });
}

async function unlessMissing(
  world: World,
  userId: string,
  look: () => Promise<void>,
): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    if (ConnectError.from(error).code !== Code.NotFound) throw error;
    tellMissing(world, userId);
    return false;
  }
}

function tellMissing(world: World, key: string): void {
  world.tell(`There is no user ${printable(key)}.`);
}

function tellMore(
  world: World,
  shown: number,
  { totalSize, totalSizeEstimated }: { totalSize: bigint; totalSizeEstimated: boolean },
): void {
  const total = `${totalSizeEstimated ? "about " : ""}${totalSize}`;
  world.tell(`These are ${shown} of ${total}; --limit shows more.`);
}
