import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { UserSchema, UserService } from "../../../src/gen/user/v1/user_service_pb.ts";
import type {
  ListUsersRequest,
  User,
  UserStatus,
} from "../../../src/gen/user/v1/user_service_pb.ts";

/** How the fake service behaves; may be changed while it runs. */
export interface FakeServiceState {
  users: User[];
  /** Every call fails with this. */
  failure: ConnectError | undefined;
  /** How long an answer takes, in milliseconds. */
  delayMs: number;
}

/** A UserService in memory, and a transport that reaches it. */
export function createFakeUserService(interceptors: Interceptor[] = []): {
  readonly state: FakeServiceState;
  readonly transport: Transport;
  /** Changes a user and tells whoever watches. */
  change(id: string, part: Partial<User>): void;
} {
  const state: FakeServiceState = { users: fakeUsers(400), failure: undefined, delayMs: 0 };
  const wakers = new Set<() => void>();
  const change = (id: string, part: Partial<User>) => {
    state.users = state.users.map((user) =>
      user.id === id ? { ...user, ...part, version: user.version + 1n } : user,
    );
    for (const wake of wakers) wake();
  };
  const answer = async (): Promise<void> => {
    if (state.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, state.delayMs));
    if (state.failure !== undefined) throw state.failure;
  };
  const find = (id: string): User => {
    const user = state.users.find((candidate) => candidate.id === id);
    if (user === undefined) throw new ConnectError(`no user ${id}`, Code.NotFound);
    return user;
  };
  const transport = createRouterTransport(
    ({ service }) => {
      service(UserService, {
        getUser: async ({ userId }) => answer().then(() => find(userId)),
        listUsers: async (request) => answer().then(() => list(state.users, request)),
        batchGetUsers: async ({ keys }) => {
          await answer();
          const known = (key: string) => (user: User) => user.id === key || user.email === key;
          return {
            users: keys.flatMap((key) => state.users.find(known(key)) ?? []),
            notFound: keys.filter((key) => !state.users.some(known(key))),
          };
        },
        getUserContact: async ({ userId }) => {
          await answer();
          const addressLines = ["12 St James's Square", "London SW1Y 4JH"];
          return { userId, phoneNumber: "+15550100", addressLines };
        },
        async *watchUser({ userId, afterVersion }, { signal }) {
          await answer();
          let seen = afterVersion;
          while (!signal.aborted) {
            const user = find(userId);
            const fresh = user.version > seen;
            seen = user.version;
            yield fresh
              ? { event: { case: "user" as const, value: user } }
              : { event: { case: "heartbeat" as const, value: {} } };
            if (find(userId).version > seen) continue;
            await new Promise<void>((resolve) => {
              wakers.add(resolve);
              signal.addEventListener("abort", () => resolve());
            });
          }
        },
      });
    },
    { transport: { interceptors } },
  );
  return { state, transport, change };
}

function list(all: readonly User[], request: ListUsersRequest) {
  const words = request.query.toLowerCase().split(/\s+/).filter(Boolean);
  const statuses = request.filter?.statuses ?? [];
  const roles = request.filter?.roles ?? [];
  const never = request.filter?.lastSignIn.case === "neverSignedIn";
  const users = all.filter((user) => {
    const text = `${user.id} ${user.name} ${user.email}`.toLowerCase();
    return (
      words.every((word) => text.includes(word)) &&
      (statuses.length === 0 || statuses.includes(user.status)) &&
      (roles.length === 0 || user.roles.some((role) => roles.includes(role))) &&
      (!never || user.lastSignInTime === undefined)
    );
  });
  if (request.orderBy.startsWith("name")) users.sort((a, b) => a.name.localeCompare(b.name));
  if (request.orderBy.endsWith(" desc")) users.reverse();
  const from = Number(request.pageToken || "0");
  const size = request.pageSize || 50;
  return {
    users: users.slice(from, from + size),
    nextPageToken: from + size < users.length ? String(from + size) : "",
    totalSize: BigInt(users.length),
  };
}

const GIVEN = ["Ada", "Grace", "Alan", "Katherine", "Edsger", "Barbara", "Tim", "Radia", "Ken"];
const FAMILY = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Johnson",
  "Dijkstra",
  "Liskov",
  "Lovatt",
  "Perlman",
];
const ROLES = ["viewer", "editor", "billing", "support", "audit", "admin"];
const STATUSES = [1, 1, 1, 1, 2, 3, 1, 1, 4, 1].map((status) => status as UserStatus);

/** The same users every time; the first is Ada Lovelace, user123. */
export function fakeUsers(count: number): User[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `${pick(GIVEN, index)} ${pick(FAMILY, Math.floor(index / 9) + index)}`;
    const never = index % 7 === 5;
    return create(UserSchema, {
      id: `user${String(123 + index)}`,
      name: index === 0 ? "Ada Lovelace" : name,
      email:
        index === 0
          ? "ada@analytical.example"
          : `${name.toLowerCase().replace(" ", ".")}${String(index)}@northwind.example`,
      status: pick(STATUSES, index),
      roles:
        index % 3 === 0
          ? [pick(ROLES, index), pick(ROLES, index + 2)].toSorted()
          : [pick(ROLES, index)],
      locale: "en-GB",
      createTime: timestampFromDate(daysAgo(30 + index * 3)),
      updateTime: timestampFromDate(daysAgo(index % 30)),
      ...(never ? {} : { lastSignInTime: timestampFromDate(daysAgo((index % 90) + 0.003)) }),
      version: 1n,
    });
  });
}

function daysAgo(days: number): Date {
  return new Date(Date.now() - days * 86_400_000);
}

function pick<T>(all: readonly T[], index: number): T {
  const found = all[index % all.length];
  if (found === undefined) throw new Error("pick needs at least one to choose from.");
  return found;
}
