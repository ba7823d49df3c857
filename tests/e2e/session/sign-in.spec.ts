import {
  choosePerson,
  counters,
  events,
  expect,
  expectState,
  getUser,
  openTab,
  patience,
  resetCounters,
  signIn,
  snapshot,
  test,
  userName,
} from "./support/session.ts";

test.describe.configure({ timeout: 120_000 });

test("in StrictMode the callback is processed once, with one token request", async ({
  page,
  stack,
}) => {
  await resetCounters(stack);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await signIn(page);
  expect(await counters(stack)).toMatchObject({
    tokenRequests: 1,
    byGrantType: { authorization_code: { success: 1 } },
  });
  expect((await events(page)).map(({ type }) => type)).toEqual(["signed-in"]);
  expect(page.url()).toBe(`${stack.dashboardUrl}/`);
  await expect(page.getByRole("alert")).toBeEmpty();
  expect(problems).toEqual([]);
});

test("a revoked session keeps page and input, and goes on after a sign-in in another tab", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  await page.getByLabel("Note").fill("half a sentence");
  await stack.demo("revoke", {});
  await expect.poll(() => getUser(page), patience).toBe("Unauthenticated: interaction-required");
  expect(await snapshot(page)).toMatchObject({
    state: "interaction-required",
    subject: "support",
  });
  await context.clearCookies();
  const opened = context.waitForEvent("page");
  await page.getByRole("button", { name: "Sign in in another tab" }).click();
  const tab = await opened;
  const closed = tab.waitForEvent("close", patience);
  await choosePerson(tab, "support");
  await closed;
  await expectState(page, "signed-in");
  await expect(page.getByLabel("Note")).toHaveValue("half a sentence");
  expect(await getUser(page)).toBe(userName);
  await expect(page.getByRole("alert")).toBeEmpty();
});

test("another person who signs in in the other tab gets nothing of the first one's", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  const stream = page.evaluate(() => window.harness.watchUser());
  await expect.poll(() => page.evaluate(() => window.harness.watched())).toBeGreaterThan(0);
  await page.route(`${stack.apiUrl}/**`, () => undefined, { times: 1 });
  const call = getUser(page);
  await context.clearCookies();
  const other = await openTab(await context.newPage());
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await choosePerson(other, "supervisor");
  await expectState(other, "signed-in");
  await expect(page.getByTestId("subject")).toHaveText("supervisor", patience);
  expect(await call).toBe("Unauthenticated: signed-out");
  expect(await stream).toBe("Unauthenticated: signed-out");
  expect(await snapshot(page)).toMatchObject({ state: "signed-in", subject: "supervisor" });
  expect(await getUser(page)).toBe(userName);
});
