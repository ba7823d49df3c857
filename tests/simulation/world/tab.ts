import type { Interceptor } from "@connectrpc/connect";
import type { Clock, Wake } from "../../../src/lib/core/ports.ts";
import type { RefreshCoordinator } from "../../../src/lib/core/refresh-coordinator.ts";
import type { SessionSnapshot } from "../../../src/lib/core/session.ts";
import type { Family } from "./issuer.ts";
import type { Owner, Scheduler } from "./scheduler.ts";

/** The wall clock of one tab: what it shows when virtual time begins. */
export interface WallClock {
  offsetMs: number;
}

/** What a tab gets when it opens. */
export interface TabParts {
  readonly coordinator: RefreshCoordinator;
  readonly interceptor: Interceptor;
  readonly ports: { readonly clock: Clock; readonly wake: Wake };
}

/** One tab, from opening or reload to its end. */
export class Tab implements Owner {
  readonly index: number;
  readonly openedAt: number;
  readonly coordinator: RefreshCoordinator;
  readonly interceptor: Interceptor;
  readonly ports: TabParts["ports"];
  readonly wakeListeners = new Set<() => void>();
  alive = true;
  frozenUntil = 0;
  /** Frozen in the back/forward cache: announcements are lost. */
  deaf = false;
  /** The families of the records that this tab last read or wrote, newest last. */
  readonly families: number[] = [];
  /** Families whose sign-out this tab has carried out or heard of. */
  readonly ended = new Set<number>();
  /** Families whose sign-out was over before this tab opened. */
  readonly bygone = new Set<number>();
  /** The newest sign-in that a call of this tab has used. */
  newestUsed: Family | undefined;
  /** Families with tokens that this tab was given and has not stored yet. */
  readonly unstored = new Map<number, string>();
  /** Somebody has signed out in this very tab. */
  signedOutHere = false;
  /** They did so before the session was known. */
  signsOutAnybody = false;
  /** Families that somebody signed in to in this tab. */
  readonly signIns = new Set<number>();
  /** Sign-ins in this tab that are not stored yet. */
  signInsUnderWay = 0;
  /** When the last one of them was, in virtual time. */
  signedInAt = -1;
  /** Until when this tab leaves the storage alone, because it failed. */
  failedUntil = 0;
  /** The sign-in that calls of this tab wait for, because the API wants a newer one. */
  steppingUp: Promise<void> | undefined;
  /** When it was last told to look whether the world has changed, in virtual time. */
  wokenAt = -Infinity;
  /** When this tab last looked into the storage. */
  lastReadAt = -1;
  snapshot: SessionSnapshot;
  readonly #scheduler: Scheduler;
  readonly #wall: WallClock;

  constructor(
    index: number,
    scheduler: Scheduler,
    wall: WallClock,
    createParts: (tab: Tab) => TabParts,
  ) {
    this.index = index;
    this.#scheduler = scheduler;
    this.#wall = wall;
    this.openedAt = scheduler.now;
    const { coordinator, interceptor, ports } = createParts(this);
    this.ports = ports;
    this.coordinator = coordinator;
    this.interceptor = interceptor;
    this.snapshot = coordinator.getSnapshot();
  }

  /** Ends a sign-in here, and remembers when that was. */
  async establish(...signIn: Parameters<RefreshCoordinator["establish"]>): Promise<boolean> {
    this.signInsUnderWay++;
    const established = await this.coordinator.establish(...signIn);
    this.signInsUnderWay--;
    this.signedInAt = this.#scheduler.now;
    return established;
  }

  /** What `Date.now()` says here. */
  now(): number {
    return this.#wall.offsetMs + this.#scheduler.now;
  }

  /** Virtual time, which never jumps. */
  time(): number {
    return this.#scheduler.now;
  }

  /** `setTimeout`: whole milliseconds, at least one; late on a frozen page. */
  after(delayMs: number, callback: () => void): () => void {
    return this.#scheduler.after(Math.max(1, Math.floor(delayMs)), callback, this);
  }

  frozen(): boolean {
    return this.frozenUntil > this.#scheduler.now;
  }

  /** A call leaves with a token of this family. */
  uses(family: Family): void {
    const { establishedAt = Infinity } = this.newestUsed ?? { establishedAt: -1 };
    if ((family.establishedAt ?? -1) > establishedAt) this.newestUsed = family;
  }

  /** A record of this family came into this tab. */
  saw(family: number): void {
    if (this.families.at(-1) === family) return;
    this.families.push(family);
    if (this.families.length > 8) this.families.shift();
  }
}
