import {
  choosePerson,
  configure,
  counters,
  events,
  expect,
  expectState,
  expireToken,
  getUser,
  openTab,
  openTabs,
  patience,
  resetCounters,
  signIn,
  test,
  userName,
} from "./support/session.ts";
import { holdNextAnswer } from "./support/held-answer.ts";

// Long enough that no tab renews for the second time while the last one is still calling.
test.use({ accessTokenTtlSeconds: 20 });
test.describe.configure({ timeout: 180_000 });

test("ten tabs with twenty calls each at expiry make one token request", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  const tabs = [page, ...(await openTabs(context, 9))];
  await expireToken(page);
  await resetCounters(stack);
  const outcomes = await Promise.all(
    tabs.map((tab) =>
      tab.evaluate(() => Promise.all(Array.from({ length: 20 }, () => window.harness.getUser()))),
    ),
  );
  expect(outcomes.flat()).toEqual(Array.from({ length: 200 }, () => userName));
  expect(await counters(stack)).toMatchObject({ tokenRequests: 1, refreshes: 1 });
  const told = (await Promise.all(tabs.map(events))).flat();
  expect(told.filter(({ type }) => type === "renewed")).toHaveLength(1);
  expect(told.filter(({ type }) => type === "adopted")).toHaveLength(9);
});

test("a tab that stalls with the lock holds the others up for a while and costs nobody the session", async ({
  page,
  context,
  stack,
}) => {
  await configure(context, { renewalTimeoutMs: 3_000 });
  await signIn(page);
  const [other] = await openTabs(context, 1);
  if (other === undefined) throw new Error("No tab was opened.");
  await expireToken(page);
  await resetCounters(stack);
  const held = await holdNextAnswer(page, stack);
  await page.evaluate(() => void window.harness.getUser());
  await held.carriedOut;
  const debug = await context.newCDPSession(page);
  await debug.send("Debugger.enable");
  const paused = new Promise((resolve) => debug.once("Debugger.paused", resolve));
  await debug.send("Debugger.pause");
  held.release();
  await paused;

  expect(await getUser(other)).toBe(userName);
  expect((await events(other)).map((event) => event.type)).toContain("renewed");
  expect(await events(other)).toContainEqual(
    expect.objectContaining({ type: "warning", about: "lock" }),
  );

  await debug.send("Debugger.resume");
  await debug.detach();
  await expect.poll(() => getUser(page), patience).toBe(userName);
  await expectState(page, "signed-in");
  await expectState(other, "signed-in");
  expect((await counters(stack)).reuseDetections).toBe(0);
});

test("a duplicated tab is one more tab of the same session", async ({ page, context, stack }) => {
  await signIn(page);
  await resetCounters(stack);
  const opened = context.waitForEvent("page");
  // A window with an opener begins with a copy of the session storage, as a duplicated tab does.
  await page.evaluate(() => void window.open(location.href));
  const duplicate = await opened;
  await expectState(duplicate, "signed-in");
  expect((await counters(stack)).tokenRequests).toBe(0);
  // Nobody has called yet: a tab that does renews before the token expires.
  await expireToken(page);
  expect(await Promise.all([getUser(page), getUser(duplicate)])).toEqual([userName, userName]);
  expect((await counters(stack)).tokenRequests).toBe(1);
});

test("a duplicate of a tab in the middle of its sign-in takes part in it", async ({
  page,
  context,
  stack,
}) => {
  await openTab(page);
  await resetCounters(stack);
  const held = await holdNextAnswer(page, stack);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await choosePerson(page, "support");
  await held.carriedOut;
  const opened = context.waitForEvent("page");
  await page.evaluate(() => void window.open(location.href));
  const duplicate = await opened;
  await expectState(duplicate, "signed-out");
  await expect(page.getByRole("status")).toHaveText("loading");
  held.release();
  await expectState(page, "signed-in");
  await expectState(duplicate, "signed-in");
  expect(await Promise.all([getUser(page), getUser(duplicate)])).toEqual([userName, userName]);
  expect((await counters(stack)).tokenRequests).toBe(1);
});
