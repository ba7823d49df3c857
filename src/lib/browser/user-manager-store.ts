import type { User, UserManager } from "oidc-client-ts";
import type { Clock, Store } from "../core/ports.ts";
import { formatRecord, parseRecord } from "../core/session-record.ts";
import { recordToUser, userRevision, userToRecord } from "./user-record.ts";

/** The record of a session in the place where a `UserManager` keeps its `User`. */
export interface UserManagerStore extends Store {
  /** Whether this event of the manager came from the store itself. */
  isOwn(user: User | undefined): boolean;
}

/**
 * A store on `getUser` and `storeUser`. The app hears of every change through
 * the manager's own events, after the step that made it. Two tabs that write
 * at the same time are kept apart by the lock alone.
 */
export function createUserManagerStore(manager: UserManager, clock: Clock): UserManagerStore {
  const own = new WeakSet<User>();
  let told: string | null | undefined;
  let unloading = 0;

  /** Tells the app, in a task of its own: it may ask for a token, or throw. */
  const tell = (user: User | null) => {
    const revision = user === null ? null : userRevision(user);
    const isNews = told !== undefined && told !== revision;
    told = revision;
    if (!isNews) return;
    if (user !== null) {
      own.add(user);
      queueMicrotask(() => void manager.events.load(user));
      return;
    }
    queueMicrotask(() => {
      unloading += 1;
      void manager.events.unload().finally(() => (unloading -= 1));
    });
  };
  return {
    isOwn: (user) => (user === undefined ? unloading > 0 : own.has(user)),
    async read() {
      const user = await manager.getUser();
      tell(user);
      if (user === null) return undefined;
      const record = userToRecord(user, clock.now());
      return { revision: userRevision(user), value: formatRecord(record) };
    },
    async replace(expected, value) {
      const before = await manager.getUser();
      if ((before === null ? undefined : userRevision(before)) !== expected) return undefined;
      const revision = crypto.randomUUID();
      const record = value === undefined ? undefined : parseRecord(value);
      const user = record === undefined ? null : recordToUser(record, before, revision);
      await manager.storeUser(user);
      tell(user);
      return revision;
    },
  };
}
