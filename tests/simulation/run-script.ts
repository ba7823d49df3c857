import { describeFact } from "./facts.ts";
import type { Fact } from "./facts.ts";
import { findViolation } from "./invariants.ts";
import { describeAction } from "./script.ts";
import type { Action, Script } from "./script.ts";
import type { Subject } from "./subject.ts";
import type { Call, CallPlan } from "./world/call.ts";
import type { Tab } from "./world/tab.ts";
import { World } from "./world/world.ts";

/** What came of one run. */
export interface RunResult {
  /** The first invariant that did not hold, and how. */
  readonly violation: string | undefined;
  readonly calls: number;
}

/** Plays a script, stops all faults, and looks whether everything works again. */
export async function runScript(
  script: Script,
  subject: Subject,
  trace?: (line: string) => void,
): Promise<RunResult> {
  const run = new Run(script, subject, trace);
  await run.play();
  const { callCount } = run.world;
  return { violation: run.violation, calls: callCount };
}

const longestBackoffMs = 80_000;
const longestCallMs = 31_000;

class Run {
  readonly world: World;
  readonly #script: Script;
  readonly #trace: ((line: string) => void) | undefined;
  violation: string | undefined;

  constructor(script: Script, subject: Subject, trace?: (line: string) => void) {
    this.#script = script;
    this.#trace = trace;
    this.world = new World(script, subject, (fact, world) => this.#judge(fact, world));
  }

  async play(): Promise<void> {
    const { world } = this;
    for (let index = 0; index < this.#script.tabs; index++) world.open(index);
    const first = world.tabs[0];
    if (first !== undefined) void world.signIn(first, person(0));
    if (!(await this.#advance(1_000))) return;
    for (const { waitMs, action } of this.#script.steps) {
      if (!(await this.#advance(waitMs))) return;
      this.#trace?.(
        `${world.scheduler.now.toFixed(1).padStart(9)} ms  --- ${describeAction(action)}`,
      );
      act(world, action);
    }
    await this.#recover();
  }

  /** Stops all faults; then calls must succeed, at the latest after a new sign-in. */
  async #recover(): Promise<void> {
    const { world } = this;
    heal(world);
    if (!(await this.#advance(longestBackoffMs))) return;
    for (const call of world.calls) this.#judge({ type: "call-left-over", call }, world);
    if (!(await this.#expectCalls(false))) return;
    world.watches.judge();
    const [tab] = world.tabs;
    if (tab !== undefined)
      void world.signIn(tab, tab.coordinator.getSnapshot().subject ?? person(0));
    if (!(await this.#advance(2_000))) return;
    if (!(await this.#expectCalls(true))) return;
    world.watches.judge();
    world.watches.leaveAll();
    await this.#advance(100);
  }

  async #expectCalls(freshSession: boolean): Promise<boolean> {
    const { world } = this;
    world.feed.publish();
    const plan = { stream: false, deadlineMs: 30_000 };
    const calls: Call[] = [];
    for (const tab of world.tabs) {
      world.call(tab, { ...plan, cancelAfterMs: 1 });
      calls.push(world.call(tab, { ...plan, cancelAfterMs: undefined }));
    }
    if (!(await this.#advance(longestCallMs))) return false;
    for (const call of calls) this.#judge({ type: "call-after-faults", call, freshSession }, world);
    return this.violation === undefined;
  }

  #advance(ms: number): Promise<boolean> {
    const { scheduler } = this.world;
    return scheduler.runUntil(scheduler.now + ms, (owner) => {
      this.world.afterStep(owner as Tab | undefined);
      return this.violation === undefined;
    });
  }

  #judge(fact: Fact, world: World): void {
    if (this.violation !== undefined) return;
    this.#trace?.(`${world.scheduler.now.toFixed(1).padStart(9)} ms  ${describeFact(fact)}`);
    const wrong = findViolation(fact, world);
    if (wrong !== undefined) this.violation = `at ${Math.round(world.scheduler.now)} ms: ${wrong}`;
  }
}

const people = ["alice", "bob"];

function person(index: number): string {
  return people[index] ?? "alice";
}

function heal(world: World): void {
  world.endpoint.heal();
  world.api.heal();
  world.feed.heal();
  world.store.heal();
  world.offlineUntil = 0;
  for (const tab of world.tabs) tab.frozenUntil = Math.min(tab.frozenUntil, world.scheduler.now);
  world.scheduler.thaw();
  if (world.tabs.length === 0) world.open(0);
}

function act(world: World, action: Action): void {
  const { scheduler, dice } = world;
  // Tabs by number, counted round among those that are open.
  const tab = "tab" in action ? pick(world.tabs, action.tab) : undefined;
  switch (action.type) {
    case "token-trouble":
      return world.endpoint.trouble(action.trouble, action.requests);
    case "api-trouble":
      return world.api.trouble(action.calls);
    case "key-change":
      world.issuer.key++;
      return;
    case "step-up":
      return world.api.demandNewSignIn();
    case "revoke":
      return world.issuer.revokeAllOf(person(action.person));
    case "publish":
      for (let change = 0; change < action.changes; change++) world.feed.publish();
      return;
    case "stream-trouble":
      return world.feed.breakAll(action.trouble);
    case "mute":
      return world.feed.mute(action.streams);
    case "clock-jump":
      return world.jump(action.tab === undefined ? undefined : tab?.index, action.byMs);
    case "store-trouble":
      return world.store.trouble(
        action.tab === undefined ? undefined : tab?.index,
        action.trouble,
        action.forMs,
      );
    case "offline":
      world.offlineUntil = scheduler.now + action.forMs;
      world.offlineKnown = action.known;
      world.feed.breakAll("reset");
      scheduler.after(action.forMs, () => world.tabs.forEach((each) => wake(world, each)));
      return;
    case "sleep":
      world.endpoint.breakConnections();
      world.feed.breakAll("reset");
      for (const each of world.tabs) freeze(world, each, action.forMs, dice.next() < 0.7);
      return;
    default:
      if (tab !== undefined) actIn(world, tab, action);
  }
}

type TabAction = Extract<Action, { readonly tab: number }>;

function actIn(world: World, tab: Tab, action: Extract<Action, { tab: unknown }>): void {
  switch (action.type) {
    case "calls":
      return makeCalls(world, tab, action);
    case "watch":
      return runIn(world, tab, () => world.watches.start(tab, action));
    case "get-token":
      return void tab.coordinator.getToken({ scopes: [action.scope] }).catch(() => undefined);
    case "stall":
      return freeze(world, tab, action.forMs, false);
    case "freeze":
      freeze(world, tab, action.forMs, true);
      tab.deaf = true;
      return;
    case "wake":
      return wake(world, tab);
    case "close":
      return world.kill(tab);
    case "reload":
      world.kill(tab);
      world.open(tab.index);
      return;
    case "sign-out":
      return runIn(world, tab, () => world.signOut(tab, action.revokes));
    case "sign-in":
      if (action.unstored) world.store.trouble(tab.index, "fails", 15_000);
      return runIn(world, tab, () => {
        void world.signIn(tab, person(action.person), action.raced);
      });
    case "clock-jump":
    case "store-trouble":
  }
}

function makeCalls(world: World, tab: Tab, action: Extract<TabAction, { type: "calls" }>): void {
  const { count, spreadMs, deadlineMs, stream, cancelAfterMs } = action;
  for (let number = 0; number < count; number++) {
    // Only the first of them leaves early: the others must not notice.
    const plan: CallPlan = {
      stream,
      deadlineMs,
      cancelAfterMs: number === 0 ? cancelAfterMs : undefined,
    };
    const delayMs = count === 1 ? 0 : (number * spreadMs) / (count - 1);
    world.scheduler.after(delayMs, () => void world.call(tab, plan), tab);
  }
}

function freeze(world: World, tab: Tab, forMs: number, wakes: boolean): void {
  tab.frozenUntil = Math.max(tab.frozenUntil, world.scheduler.now + forMs);
  tab.deaf = false;
  if (wakes) world.scheduler.after(forMs, () => wake(world, tab), tab);
}

function wake(world: World, tab: Tab): void {
  runIn(world, tab, () => {
    for (const listener of tab.wakeListeners) listener();
  });
}

function runIn(world: World, tab: Tab, run: () => void): void {
  world.scheduler.after(0, run, tab);
}

function pick(tabs: readonly Tab[], index: number | undefined): Tab | undefined {
  return index === undefined ? tabs[0] : tabs[index % Math.max(1, tabs.length)];
}
