import type { RecordStore } from "../../../src/lib/browser/indexeddb-store.ts";
import type {
  ResilientStore,
  ResilientStoreOptions,
} from "../../../src/lib/browser/resilient-store.ts";
import type { StoredRecord } from "../../../src/lib/core/ports.ts";
import type { StoreTrouble } from "../script.ts";
import type { Subject } from "../subject.ts";
import type { Family, IssuedToken, Issuer } from "./issuer.ts";
import type { Dice } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Tab } from "./tab.ts";

/** What a record that passed through the store says. */
export interface StoredSession {
  /** The name that the product gave it. */
  readonly name: string;
  readonly family: Family | undefined;
  readonly refreshToken: string | undefined;
  /** The access token of the default target, and when this tab's clock saw it. */
  readonly token: IssuedToken | undefined;
  readonly obtainedAt: number;
}

/** How long a tab leaves a storage alone that has failed. */
const restMs = 31_000;

interface Trouble {
  readonly trouble: StoreTrouble;
  readonly until: number;
}

/** What the store tells of its use. */
export interface StoreObserver {
  /** A tab has seen this record, or is about to write it. */
  readonly onSeen: (tab: Tab, session: StoredSession, writes: boolean) => void;
  readonly onWritten: (tab: Tab, session: StoredSession) => void;
  readonly onStored: (family: Family) => void;
  /** What the store held is gone. */
  readonly onLost: () => void;
  /** What a tab has written lives in its memory only. */
  readonly onKept: (tab: Tab, session: StoredSession) => void;
  readonly onRemoved: (tab: Tab, session: StoredSession) => void;
}

/**
 * One record shared by all tabs, replaced only under its revision. Every tab
 * uses it through the store that the product puts around a browser's storage.
 */
export class SharedStore {
  readonly #subject: Subject;
  readonly #scheduler: Scheduler;
  readonly #dice: Dice;
  readonly #issuer: Issuer;
  readonly #observer: StoreObserver;
  readonly #troubles = new Map<number | undefined, Trouble>();
  #record: StoredRecord | undefined;
  #session: StoredSession | undefined;
  #unreadable = false;
  /** When the record was last replaced, in virtual time. */
  changedAt = 0;
  /** The store has lost its record, or damaged it, in this run. */
  emptied = false;
  /** It has been slow in this run. */
  slowed = false;
  /** It has failed in this run, at least for one tab. */
  failed = false;

  constructor(
    subject: Subject,
    scheduler: Scheduler,
    dice: Dice,
    issuer: Issuer,
    observer: StoreObserver,
  ) {
    this.#subject = subject;
    this.#scheduler = scheduler;
    this.#dice = dice;
    this.#issuer = issuer;
    this.#observer = observer;
  }

  /** What the store holds now, if somebody can read it. */
  get session(): StoredSession | undefined {
    return this.#unreadable ? undefined : this.#session;
  }

  /** The store as a tab's session has it: it bears what the storage does. */
  port(tab: Tab, options: ResilientStoreOptions): ResilientStore {
    const durable: RecordStore = {
      read: () => this.#operate(tab, () => this.#read(tab)),
      write: (expected, next) => this.#operate(tab, () => this.#write(tab, expected, next)),
    };
    const store = this.#subject.createResilientStore(durable, options);
    return {
      ...store,
      read: async () => {
        const found = await store.read();
        this.#see(tab, found?.value, false);
        return found;
      },
      replace: async (expected, value) => {
        this.#see(tab, value, true);
        const revision = await store.replace(expected, value);
        const inMemory = revision !== undefined && this.#record?.revision !== revision;
        if (inMemory && value !== undefined) this.#observer.onKept(tab, this.#parse(value));
        return revision;
      },
    };
  }

  /** `tab` undefined: in all tabs. */
  trouble(tab: number | undefined, trouble: StoreTrouble, forMs: number): void {
    if (trouble === "slow") this.slowed = true;
    if (trouble === "fails") this.failed = true;
    if (trouble === "lost" || trouble === "corrupt") {
      this.emptied = true;
      // Whoever puts the record back may have an older session, or an older refresh token of it.
      this.#observer.onLost();
    }
    if (trouble === "lost") this.#put(undefined, undefined);
    else if (trouble === "corrupt") this.#unreadable = true;
    else this.#troubles.set(tab, { trouble, until: this.#scheduler.now + forMs });
  }

  /** Whether this tab cannot read the storage, or leaves it alone because it could not. */
  failsIn(tab: Tab): boolean {
    return this.#troubleOf(tab) === "fails" || tab.failedUntil > this.#scheduler.now;
  }

  heal(): void {
    this.#troubles.clear();
  }

  #put(record: StoredRecord | undefined, session: StoredSession | undefined): void {
    this.#record = record;
    this.#session = session;
    this.#unreadable = false;
    this.changedAt = this.#scheduler.now;
  }

  #see(tab: Tab, value: string | undefined, writes: boolean): void {
    if (value !== undefined) this.#observer.onSeen(tab, this.#parse(value), writes);
  }

  #read(tab: Tab): StoredRecord | undefined {
    tab.lastReadAt = this.#scheduler.now;
    if (this.#unreadable && this.#record !== undefined) {
      throw new this.#subject.UnreadableRecordError(this.#record.revision);
    }
    return this.#record;
  }

  #write(tab: Tab, expected: string | undefined, next: StoredRecord): boolean {
    if (this.#record?.revision !== expected) return false;
    const session = next.value === undefined ? undefined : this.#parse(next.value);
    const before = this.#session;
    this.#put(next, session);
    if (session !== undefined) {
      if (session.family !== undefined) this.#observer.onStored(session.family);
      this.#observer.onWritten(tab, session);
    }
    if (next.value === undefined && before !== undefined) this.#observer.onRemoved(tab, before);
    return true;
  }

  #operate<T>(tab: Tab, operation: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const fails = this.#troubleOf(tab) === "fails";
      // The operation happens outside of the tab, its outcome is heard inside.
      this.#scheduler.after(this.#latencyMs(tab), () => {
        if (!tab.alive) return;
        let hear: () => void;
        try {
          tab.failedUntil = fails ? this.#scheduler.now + restMs : 0;
          if (fails) throw new DOMException("full", "QuotaExceededError");
          const outcome = operation();
          hear = () => resolve(outcome);
        } catch (error) {
          hear = () => {
            // A tab that slept meanwhile leaves the storage alone from now on.
            if (fails) tab.failedUntil = this.#scheduler.now + restMs;
            reject(error);
          };
        }
        this.#scheduler.after(this.#latencyMs(tab) >> 1, hear, tab);
      });
    });
  }

  #troubleOf(tab: Tab): StoreTrouble | undefined {
    for (const key of [tab.index, undefined]) {
      const trouble = this.#troubles.get(key);
      if (trouble !== undefined && trouble.until > this.#scheduler.now) return trouble.trouble;
    }
    return undefined;
  }

  #latencyMs(tab: Tab): number {
    if (this.#troubleOf(tab) === "slow") return this.#dice.between(100, 1_500);
    return this.#dice.next() < 0.1 ? this.#dice.between(10, 60) : this.#dice.between(0, 6);
  }

  #parse(value: string): StoredSession {
    const record = JSON.parse(value) as {
      session: string;
      refreshToken?: string;
      tokens: Record<string, { value: string; obtainedAt: number } | undefined>;
    };
    const stored = record.tokens[""];
    const token = stored === undefined ? undefined : this.#issuer.accessToken(stored.value);
    return {
      name: record.session,
      family: this.#issuer.familyOf(record.refreshToken) ?? token?.family,
      refreshToken: record.refreshToken,
      token,
      obtainedAt: stored?.obtainedAt ?? 0,
    };
  }
}
