import type { Channel, ChannelMessage } from "../../../src/lib/core/ports.ts";
import type { Fact } from "../facts.ts";
import type { Script } from "../script.ts";
import type { Subject } from "../subject.ts";
import { Api } from "./api.ts";
import { Call } from "./call.ts";
import type { CallPlan } from "./call.ts";
import { toTokenResponse } from "./exchange.ts";
import { Issuer } from "./issuer.ts";
import type { Family } from "./issuer.ts";
import { Feed } from "./feed.ts";
import { Dice } from "./random.ts";
import { Scheduler } from "./scheduler.ts";
import { greatestDelayMs, SharedChannel } from "./shared-channel.ts";
import { SharedLock } from "./shared-lock.ts";
import { SharedStore } from "./shared-store.ts";
import type { StoredSession } from "./shared-store.ts";
import { Succession } from "./succession.ts";
import { Tab } from "./tab.ts";
import { createTabParts, holdTimeoutMs } from "./tab-parts.ts";
import type { WallClock } from "./tab.ts";
import { Watches } from "./watches.ts";
import { TokenEndpoint } from "./token-endpoint.ts";

const beginningMs = Date.UTC(2030, 0, 1);

/** Machine, network, issuer and API of one run, and the tabs in it. */
export class World {
  readonly script: Script;
  readonly scheduler = new Scheduler();
  readonly issuer: Issuer;
  readonly endpoint: TokenEndpoint;
  readonly api: Api;
  readonly store: SharedStore;
  readonly lock = new SharedLock(this.scheduler, holdTimeoutMs);
  readonly feed: Feed;
  readonly watches: Watches;
  readonly calls = new Set<Call>();
  /** The open tabs. */
  tabs: Tab[] = [];
  callCount = 0;
  offlineUntil = 0;
  offlineKnown = false;
  /** When a clock was set last, in virtual time; negative when none was. */
  clockJumpedAt = -Infinity;
  readonly dice: Dice;
  readonly #subject: Subject;
  readonly #channel: SharedChannel;
  readonly #walls: WallClock[] = [];
  readonly #sessions = new Map<string, number>();
  readonly succession = new Succession();
  /** Families that nobody can use any more: a tab that opens must not find them. */
  readonly #over = new Set<number>();
  readonly #deadlines: Call[] = [];
  readonly #judge: (fact: Fact, world: World) => void;

  constructor(script: Script, subject: Subject, judge: (fact: Fact, world: World) => void) {
    this.script = script;
    this.#subject = subject;
    this.#judge = judge;
    this.dice = new Dice(script.seed);
    const { scheduler, dice } = this;
    const isOffline = () => this.isOffline();
    this.#channel = new SharedChannel(scheduler, dice);
    this.issuer = new Issuer(script.issuer, (family) =>
      this.report({ type: "reuse-detected", family }),
    );
    this.api = new Api(scheduler, dice, this.issuer, isOffline, (call, token) => {
      call.sent.push(token);
      this.report({ type: "call-sent", call, token });
      call.tab.uses(token.family);
    });
    this.feed = new Feed(scheduler, dice);
    const report = (fact: Fact) => this.report(fact);
    this.watches = new Watches(subject, this.api, this.feed, dice.next, report);
    this.endpoint = new TokenEndpoint(scheduler, dice, this.issuer, isOffline, {
      onAsked: ({ tab, scopes }, family, inFlight) => {
        const byDefault = scopes === undefined;
        // It cannot see what others have done with the refresh token.
        if (family !== undefined && this.store.failsIn(tab)) family.answerLost = true;
        this.report({ type: "token-asked", tab, family, byDefault, inFlight });
      },
      onAnswered: (tab, family, { refreshToken }) => {
        if (refreshToken === undefined) return;
        tab.unstored.set(family.id, refreshToken);
        // The others cannot see it.
        if (this.store.failsIn(tab)) family.answerLost = true;
      },
    });
    this.store = new SharedStore(subject, scheduler, dice, this.issuer, {
      onSeen: (tab, session, writes) => this.#onSeen(tab, session, writes),
      onWritten: (tab, { family, refreshToken }) => {
        const id = family?.id ?? -1;
        if (tab.unstored.get(id) === refreshToken) tab.unstored.delete(id);
      },
      onStored: (family) => this.#onStored(family),
      onLost: () => this.succession.stored.forEach((family) => this.markAnswerLost(family)),
      onKept: (tab, { family }) => this.#onKept(tab, family?.id ?? -1),
      onRemoved: (tab, { family }) => {
        this.succession.remove();
        // A sign-out that came before a sign-in was done, or before the store was read.
        const meant = tab.signsOutAnybody || tab.signIns.has(family?.id ?? -1);
        if (meant) this.#markSignedOut(tab, family?.id);
      },
    });
  }

  isOffline(): boolean {
    return this.offlineUntil > this.scheduler.now;
  }

  report(fact: Fact): void {
    this.#judge(fact, this);
  }

  open(index: number): Tab {
    const wall = (this.#walls[index] ??= { offsetMs: beginningMs });
    const tab = new Tab(index, this.scheduler, wall, (self) =>
      createTabParts(self, this, this.#subject, this.#channelOf(self)),
    );
    this.tabs.push(tab);
    for (const family of this.#over) tab.bygone.add(family);
    tab.coordinator.onEvent((event) =>
      this.report({ type: "told", where: "event", text: JSON.stringify(event) }),
    );
    void tab.coordinator.load();
    return tab;
  }

  kill(tab: Tab): void {
    tab.alive = false;
    this.tabs = this.tabs.filter((other) => other !== tab);
    for (const family of tab.unstored.keys()) this.markAnswerLost(family);
    this.endpoint.forget(tab);
    this.lock.forget(tab);
    this.#channel.forget(tab);
    this.watches.forget(tab);
    for (const call of this.calls) if (call.tab === tab) this.calls.delete(call);
  }

  /** All clocks, or that of one tab, are set. */
  jump(index: number | undefined, byMs: number): void {
    this.clockJumpedAt = this.scheduler.now;
    for (const [at, wall] of this.#walls.entries()) {
      if (index === undefined || index === at) wall.offsetMs += byMs;
    }
  }

  call(tab: Tab, plan: CallPlan): Call {
    const call = new Call(tab, plan);
    this.calls.add(call);
    this.callCount++;
    void call.run(tab.interceptor, this.api, {
      onDeadline: () => void this.#deadlines.push(call),
      onSettled: () => {
        this.calls.delete(call);
        if (tab.alive) this.report({ type: "call-settled", call });
      },
    });
    return call;
  }

  signOut(tab: Tab, revokes: boolean): void {
    const { state } = tab.coordinator.getSnapshot();
    tab.signedOutHere = true;
    const { refreshToken } = tab.coordinator.end();
    const family = this.issuer.familyOf(refreshToken);
    tab.signsOutAnybody ||= state === "loading";
    // Of whom is not known yet: also of whom the storage has lost.
    if (tab.signsOutAnybody && this.store.emptied) this.succession.signOutLast();
    // Without a refresh token only the person is missing; the session is still that one.
    const known = state === "interaction-required" ? tab.families.at(-1) : undefined;
    this.#markSignedOut(tab, family?.id ?? known);
    if (family !== undefined) {
      const since = this.scheduler.now;
      void tab.coordinator.settled().then(() => this.#announcementIsDue(family.id, since));
    }
    if (revokes && refreshToken !== undefined) this.#revokeSoon(refreshToken);
  }

  #revokeSoon(refreshToken: string): void {
    this.scheduler.after(this.dice.between(1, 80), () => {
      if (!this.isOffline()) this.issuer.revoke(refreshToken);
    });
  }

  /** A sign-in in this tab has replaced a session, which is of no use to anybody. */
  revokeReplaced(tab: Tab, refreshToken: string): void {
    const family = this.issuer.familyOf(refreshToken);
    if (family !== undefined) this.report({ type: "session-replaced", tab, family });
    this.#revokeSoon(refreshToken);
  }

  /** Signs in as a person: a while at the issuer, then the tokens. */
  signIn(tab: Tab, subject: string, raced = false): Promise<boolean> {
    const epoch = tab.coordinator.epoch();
    const issue = async () => {
      if (raced) this.#signOutElsewhere(tab);
      const issued = this.issuer.signIn(subject, this.scheduler.now);
      tab.signIns.add(issued.access.family.id);
      const response = toTokenResponse(issued, tab.now() + this.issuer.lifetimeMs);
      const identity = { subject, displayName: undefined };
      const established = await tab.establish(response, identity, epoch);
      if (established) issued.access.family.establishedAt = this.scheduler.now;
      return established;
    };
    const delayMs = this.dice.next() < 0.5 ? this.dice.between(1, 30) : this.dice.between(50, 400);
    return new Promise((resolve) => {
      this.scheduler.after(delayMs, () => void issue().then(resolve), tab);
    });
  }

  /** Another tab, or this one if it is alone, signs out in this very moment. */
  #signOutElsewhere(tab: Tab): void {
    const other = this.tabs.find((each) => each !== tab) ?? tab;
    this.scheduler.after(this.dice.between(0, 6), () => this.signOut(other, false), other);
  }

  /** Runs after every step. */
  afterStep(tab: Tab | undefined): void {
    for (let call = this.#deadlines.pop(); call !== undefined; call = this.#deadlines.pop()) {
      this.report({ type: "deadline-passed", call });
    }
    this.watches.afterStep();
    if (tab === undefined || !tab.alive) return;
    const before = tab.snapshot;
    const after = tab.coordinator.getSnapshot();
    if (before === after) return;
    tab.snapshot = after;
    this.report({ type: "state-changed", tab, before, after });
    this.watches.look(tab);
  }

  markAnswerLost(family: number): void {
    const found = this.issuer.family(family);
    if (found !== undefined) found.answerLost = true;
  }

  #channelOf(tab: Tab): Channel {
    return this.#channel.port(tab, (receiver, message) => this.#onMessage(tab, receiver, message));
  }

  #onSeen(tab: Tab, session: StoredSession, writes: boolean): void {
    const { family, name } = session;
    const known = this.#sessions.get(name);
    const id = family?.id ?? known;
    // What a renewal writes was read before, and may be too late.
    if (id !== undefined && (!writes || tab.signIns.has(id))) tab.saw(id);
    // A record without any token left tells of no family.
    if (family === undefined) return;
    if (known === undefined) this.#sessions.set(name, family.id);
    else if (writes) {
      this.report({ type: "record-written", session, before: this.issuer.family(known) });
    }
  }

  #onStored(family: Family): void {
    if (!this.succession.store(family.id)) this.report({ type: "session-returned", family });
  }

  /** Nobody else can know what happened to the refresh token. */
  #onKept(tab: Tab, family: number): void {
    this.markAnswerLost(family);
    if (!tab.signIns.has(family)) return;
    // Also of another sign-in that is under way here: reads show one or the other meanwhile.
    for (const before of tab.families) this.succession.replace(before, family);
  }

  #onMessage(sender: Tab, receiver: Tab | undefined, message: ChannelMessage): void {
    const family = this.#sessions.get(message.session);
    if (receiver === undefined) {
      this.report({ type: "told", where: "message", text: JSON.stringify(message) });
      // Without a refresh token only the announcement says which session it was.
      const meant = message.type === "signed-out" && sender.signedOutHere;
      if (meant) this.#markSignedOut(sender, family);
      return;
    }
    if (message.type === "signed-out" && family !== undefined) receiver.ended.add(family);
  }

  #markSignedOut(tab: Tab, family: number | undefined): void {
    if (family === undefined) return;
    this.succession.signOut(family);
    tab.ended.add(family);
  }

  /** By now every tab that could listen must have heard. */
  #announcementIsDue(family: number, since: number): void {
    this.scheduler.after(greatestDelayMs + 200, () => {
      // A sign-out that could not be stored is known to the open tabs only.
      if (this.store.session?.family?.id !== family) this.#over.add(family);
      for (const tab of this.tabs) {
        const listened = tab.openedAt < since && tab.frozenUntil < since;
        if (listened) tab.ended.add(family);
      }
    });
  }
}
