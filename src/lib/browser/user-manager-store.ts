import type { User, UserManager } from "oidc-client-ts";
import type { Clock, Store } from "../core/ports.ts";
import { formatRecord, parseRecord } from "../core/session-record.ts";
import { sleep } from "../core/wait.ts";
import type { UsedRefreshTokens } from "./used-refresh-tokens.ts";
import { recordToUser, userRevision, userToRecord } from "./user-record.ts";

/** The record of a session in the place where a `UserManager` keeps its `User`. */
export interface UserManagerStore extends Store {
  /** Whether this event of the manager came from the store itself. */
  isOwn(user: User | undefined): boolean;
  /** The app has stored this user itself, so nobody need tell it. */
  known(user: User): void;
  /** Another tab has ended the session: forgets its user here too, and tells the app. */
  forget(): Promise<void>;
}

/** How long a storage may take to show here what another tab has written: 2 s in all. */
const pausesMs = [20, 80, 400, 1_500];

/** The revision while there is no user: then somebody has signed out, or nobody has signed in. */
const nobody = "nobody";

/**
 * A store on `getUser` and `storeUser`. The app hears of every change through
 * the manager's own events, after the step that made it. Two tabs that write
 * at the same time are kept apart by the lock alone. A refresh token that a tab with
 * a storage of its own has replaced counts as refused: to send it would end the session
 * of that tab too (RFC 9700, section 4.14.2). But first the storage gets the time to catch up:
 * localStorage of another process comes later than its announcement, and than the lock.
 */
export function createUserManagerStore(
  manager: UserManager,
  clock: Clock,
  used: UsedRefreshTokens,
): UserManagerStore {
  const app = createApp(manager);
  const readLatest = createReader(manager, clock, used, (user) => app.tell(user));
  return {
    isOwn: (user) => app.isBeingTold(user),
    known: (user) => app.knowsOf(user),
    async read() {
      const { user, isUsed } = await readLatest();
      if (user === null) return { revision: nobody, value: undefined };
      const record = isUsed
        ? { ...userToRecord(user, clock.now()), refreshToken: undefined, interactionRequired: true }
        : userToRecord(user, clock.now());
      return { revision: userRevision(user), value: formatRecord(record) };
    },
    async replace(expected, value) {
      const before = await manager.getUser();
      if (revisionOf(before) !== expected) return undefined;
      const revision = crypto.randomUUID();
      const record = value === undefined ? undefined : parseRecord(value);
      const user = record === undefined ? null : recordToUser(record, before, revision);
      const replaced = before?.refresh_token;
      const rotates = user?.refresh_token !== undefined && user.refresh_token !== replaced;
      // First of all: if the page goes away now, it is used all the same.
      if (rotates && replaced !== undefined) await used.add(replaced);
      await manager.storeUser(user);
      app.tell(user);
      return revisionOf(user);
    },
    async forget() {
      const user = await manager.getUser();
      // Each tab may have a storage of its own, and a shared one may be slow to tell.
      if (user !== null && app.hasHeardOf(user)) {
        await manager.storeUser(null);
        app.tell(null);
      } else app.tell(user);
    },
  };
}

/** Reads what the app has stored, and whether its refresh token was used; tells what it saw at once. */
function createReader(
  manager: UserManager,
  clock: Clock,
  used: UsedRefreshTokens,
  tell: (user: User | null) => void,
) {
  let setAside: string | undefined;
  return async () => {
    for (let attempt = 0; ; attempt++) {
      const user = await manager.getUser();
      // Before anything else: later it would undo what the app was told meanwhile.
      tell(user);
      const isUsed = await used.has(user?.refresh_token);
      const pauseMs = pausesMs[attempt];
      if (!isUsed || revisionOf(user) === setAside || pauseMs === undefined) {
        setAside = isUsed ? revisionOf(user) : undefined;
        return { user, isUsed };
      }
      await sleep(clock, pauseMs).done;
    }
  };
}

/** The app, as far as it hears of users through the manager's events. */
function createApp(manager: UserManager) {
  const own = new WeakSet<User>();
  let told: string | undefined;
  let unloading = 0;
  const unload = () => {
    unloading += 1;
    void manager.events.unload().finally(() => (unloading -= 1));
  };
  return {
    isBeingTold: (user: User | undefined) => (user === undefined ? unloading > 0 : own.has(user)),
    hasHeardOf: (user: User) => told === userRevision(user),
    knowsOf(user: User): void {
      told = userRevision(user);
    },
    /** In a task of its own: the app may throw, or ask for a token, which is then there. */
    tell(user: User | null): void {
      const revision = revisionOf(user);
      const isNews = told !== undefined && told !== revision;
      told = revision;
      if (!isNews) return;
      if (user !== null) own.add(user);
      setTimeout(user === null ? unload : () => void manager.events.load(user));
    },
  };
}

function revisionOf(user: User | null): string {
  return user === null ? nobody : userRevision(user);
}
