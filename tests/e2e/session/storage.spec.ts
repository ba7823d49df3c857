import type { Page } from "@playwright/test";
import {
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
  signOut,
  test,
  userName,
} from "./support/session.ts";
import { readDatabases } from "./support/stored.ts";

test.describe.configure({ timeout: 120_000 });

const database = "connectrpc-oauth-1";

test("a record that a newer build wrote is neither read nor destroyed", async ({ page }) => {
  await signIn(page);
  await writeForeignRecord(page);
  const foreign = await readDatabases(page);
  await openTab(page);
  await expectState(page, "signed-out");
  expect(await events(page)).toContainEqual(
    expect.objectContaining({ type: "warning", about: "store" }),
  );
  // Signing in works all the same, in this tab.
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expectState(page, "signed-in");
  expect(await getUser(page)).toBe(userName);
  await expireToken(page);
  await expect.poll(() => getUser(page), patience).toBe(userName);
  expect(await readDatabases(page)).toEqual(foreign);
});

test("the database of another build lies beside ours, untouched", async ({ page }) => {
  await openTab(page);
  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open("connectrpc-oauth-2", 7);
        opening.addEventListener("upgradeneeded", () => {
          opening.result.createObjectStore("records").put({ revision: "r", note: "new" }, "name");
        });
        opening.addEventListener("error", () => reject(opening.error ?? new Error("IndexedDB")));
        opening.addEventListener("success", () => {
          opening.result.close();
          resolve();
        });
      }),
  );
  await signIn(page);
  await signOut(page);
  const other = (await readDatabases(page)).find(({ name }) => name === "connectrpc-oauth-2");
  expect(other?.records).toEqual([{ revision: "r", note: "new" }]);
});

test("without Web Locks tabs share a session all the same, and say so", async ({
  page,
  context,
  stack,
}) => {
  await context.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
  });
  await signIn(page);
  const tabs = [page, ...(await openTabs(context, 2))];
  await expireToken(page);
  await resetCounters(stack);
  expect(await Promise.all(tabs.map(getUser))).toEqual(tabs.map(() => userName));
  await Promise.all(tabs.map((tab) => expectState(tab, "signed-in")));
  expect((await counters(stack)).reuseDetections).toBe(0);
  const warnings = (await Promise.all(tabs.map(events))).flat();
  expect(warnings).toContainEqual(expect.objectContaining({ type: "warning", about: "lock" }));
});

for (const [how, breakStorage] of [
  ["is forbidden", breakByThrowing],
  ["never answers", breakByHanging],
] as const) {
  test(`a browser whose IndexedDB ${how} keeps the session in memory, and says so`, async ({
    page,
    context,
  }) => {
    await context.addInitScript(breakStorage);
    await signIn(page);
    expect(await getUser(page)).toBe(userName);
    await expireToken(page);
    await expect.poll(() => getUser(page), patience).toBe(userName);
    expect(await events(page)).toContainEqual(
      expect.objectContaining({ type: "warning", about: "store" }),
    );
    await openTab(page);
    await expectState(page, "signed-out");
  });
}

test("a session in memory ends with its page and leaves nothing behind", async ({
  page,
  context,
}) => {
  await configure(context, { store: "memory" });
  await signIn(page);
  expect(await getUser(page)).toBe(userName);
  expect(await readDatabases(page)).toEqual([]);
  await openTab(page);
  await expectState(page, "signed-out");
});

function breakByThrowing(): void {
  Object.defineProperty(window, "indexedDB", {
    get() {
      throw new DOMException("Site data is blocked.", "SecurityError");
    },
  });
}

function breakByHanging(): void {
  IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
}

/** Puts a session of a layout that does not exist yet in the place of ours, sealed as ours is. */
async function writeForeignRecord(page: Page): Promise<void> {
  await page.evaluate(async (name) => {
    const settle = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.addEventListener("success", () => resolve(request.result));
        request.addEventListener("error", () => reject(request.error ?? new Error("IndexedDB")));
      });
    const opened = await settle(indexedDB.open(name));
    const [place] = await settle(opened.transaction("keys").objectStore("keys").getAllKeys());
    if (typeof place !== "string") throw new Error("There is no key.");
    const stored: { key: CryptoKey } = await settle(
      opened.transaction("keys").objectStore("keys").get(place),
    );
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const revision = "of-a-newer-build";
    const additionalData = new TextEncoder().encode(`${place}\n${revision}`);
    const text = new TextEncoder().encode(JSON.stringify({ schema: 2, people: [] }));
    const data = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv, additionalData },
      stored.key,
      text,
    );
    const records = opened.transaction("records", "readwrite").objectStore("records");
    await settle(records.put({ revision, sealed: { iv, data } }, place));
    opened.close();
  }, database);
}
