import {
  counters,
  events,
  expect,
  expectState,
  expireToken,
  getUser,
  openTab,
  patience,
  resetCounters,
  signIn,
  snapshot,
  test,
  userName,
} from "./support/session.ts";
import { holdNextAnswer } from "./support/held-answer.ts";

test.describe.configure({ timeout: 120_000 });

test("offline across an expiry calls fail as unavailable, and it goes on by itself", async ({
  page,
  context,
}) => {
  await signIn(page);
  expect(await getUser(page)).toBe(userName);
  await context.setOffline(true);
  await expireToken(page);
  expect(await getUser(page)).toBe("Unavailable: unavailable");
  expect(await snapshot(page)).toMatchObject({ state: "signed-in", subject: "support" });
  const renewals = async () => (await events(page)).filter(({ type }) => type === "renewed").length;
  const before = await renewals();
  await context.setOffline(false);
  // No call asks for it: the browser says that the network is back.
  await expect.poll(renewals, patience).toBeGreaterThan(before);
  expect(await getUser(page)).toBe(userName);
});

test("a reload while the issuer is slow keeps the session", async ({ page, stack }) => {
  await signIn(page);
  await expireToken(page);
  await stack.demo("trouble", { token: "slow", delayMs: 4_000, forMs: 3_000 });
  const asked = page.waitForRequest(`${stack.issuerUrl}/token`);
  await page.evaluate(() => void window.harness.getUser());
  await asked;
  await page.reload();
  await expectState(page, "signed-in");
  await expect.poll(() => getUser(page), patience).toBe(userName);
  await stack.demo("trouble", { token: "ok" });
});

test("a reload that loses the answer of a refresh keeps the session", async ({ page, stack }) => {
  await signIn(page);
  await expireToken(page);
  await resetCounters(stack);
  const held = await holdNextAnswer(page, stack);
  await page.evaluate(() => void window.harness.getUser());
  await held.carriedOut;
  await openTab(page);
  held.release();
  await expectState(page, "signed-in");
  await expect.poll(() => getUser(page), patience).toBe(userName);
  expect((await events(page)).map(({ type }) => type)).not.toContain("interaction-required");
  expect((await counters(stack)).reuseDetections).toBe(0);
});

test("a tab that is closed in the middle of a refresh does not hold up the others", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  const other = await openTab(await context.newPage());
  await expireToken(page);
  const held = await holdNextAnswer(page, stack);
  await page.evaluate(() => void window.harness.getUser());
  await held.carriedOut;
  await page.close();
  held.release();
  await expect.poll(() => getUser(other), patience).toBe(userName);
});
