import type { BrowserContext } from "@playwright/test";
import {
  events,
  expect,
  expectState,
  expireToken,
  getUser,
  openTab,
  signIn,
  signOut,
  test,
  userName,
} from "./support/session.ts";
import { holdNextAnswer } from "./support/held-answer.ts";
import { readDatabases } from "./support/stored.ts";

test.describe.configure({ timeout: 120_000 });

test("a sign-out in another tab in the middle of a refresh is final", async ({
  page,
  context,
  stack,
}) => {
  await signIn(page);
  const other = await openTab(await context.newPage());
  await expireToken(page);
  const held = await holdNextAnswer(page, stack);
  const pending = getUser(page);
  const { refresh_token: successor } = await held.carriedOut;
  const leaving = signOut(other);
  await expectState(page, "signed-out");
  expect(await pending).toBe("Unauthenticated: signed-out");
  const calls = collectCalls(context, stack.apiUrl);

  held.release();
  await leaving;
  expect(await getUser(page)).toBe("Unauthenticated: signed-out");
  expect((await events(page)).map(({ type }) => type)).not.toContain("renewed");
  const records = (await readDatabases(page)).flatMap((database) => database.records);
  expect(records).toHaveLength(1);
  expect(records[0]).not.toHaveProperty("sealed");
  await page.reload();
  await expectState(page, "signed-out");
  expect(calls).toEqual([]);
  expect(await refresh(stack.issuerUrl, successor)).toBe("invalid_grant");
});

test("a sign-out reaches calls and streams in flight in every tab", async ({ page, context }) => {
  await signIn(page);
  const other = await openTab(await context.newPage());
  const stream = other.evaluate(() => window.harness.watchUser());
  await expect.poll(() => other.evaluate(() => window.harness.watched())).toBeGreaterThan(0);
  expect(await getUser(page)).toBe(userName);
  await page.getByRole("button", { name: "Sign out" }).click();
  expect(await stream).toBe("Unauthenticated: signed-out");
  await expectState(other, "signed-out");
  expect(await events(other)).toContainEqual(
    expect.objectContaining({ type: "signed-out", by: "another-tab" }),
  );
});

/** The calls to the API from now on, in all tabs. */
function collectCalls(context: BrowserContext, apiUrl: string): string[] {
  const calls: string[] = [];
  context.on("request", (request) => {
    if (request.url().startsWith(apiUrl)) calls.push(new URL(request.url()).pathname);
  });
  return calls;
}

async function refresh(issuerUrl: string, token: string): Promise<unknown> {
  const response = await fetch(`${issuerUrl}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "user-lookup",
      refresh_token: token,
    }),
  });
  const answer = (await response.json()) as { readonly error?: string };
  return answer.error;
}
