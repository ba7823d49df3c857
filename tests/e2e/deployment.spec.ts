import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, lookUp, signIn, test as base } from "./support/fixtures.ts";

const test = base.extend<{
  /** Changes the site that is served, and serves it. */
  readonly deploy: (change: (folder: string) => Promise<void>) => Promise<void>;
}>({
  deploy: async ({ stack, page }, provide) => {
    const folder = await mkdtemp(join(tmpdir(), "deployed-"));
    await cp("dist/site", folder, { recursive: true });
    await provide(async (change) => {
      await partsAreThere(page);
      await change(folder);
      await stack.deploy(folder);
    });
    // It may still be asking for the version that is there, and would reload into the next.
    await page.close();
    await stack.deploy();
    await rm(folder, { recursive: true });
  },
});

/**
 * The parts that the page fetches a second after it has opened: when one of them is gone,
 * it opens the new version before anybody has clicked.
 */
async function partsAreThere(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
    return ["palette", "shortcut-sheet", "inspector"].every((part) =>
      fetched.some((name) => name.includes(`/assets/${part}-`)),
    );
  });
}

/** The next version: every script has another name, and the old ones are gone. */
async function renameAssets(folder: string): Promise<void> {
  const assets = join(folder, "assets");
  const names = await readdir(assets);
  const files = [join(folder, "index.html"), ...names.map((name) => join(assets, name))];
  for (const file of files) {
    let text = await readFile(file, "utf8");
    for (const name of names) text = text.replaceAll(name, next(name));
    await writeFile(file, text);
  }
  for (const name of names) await rename(join(assets, name), join(assets, next(name)));
}

function next(name: string): string {
  return name.replace(/.{4}(\.\w+)$/, "Next$1");
}

function withoutScript(pattern: RegExp) {
  return async (folder: string): Promise<void> => {
    const assets = join(folder, "assets");
    for (const name of await readdir(assets)) if (pattern.test(name)) await rm(join(assets, name));
  };
}

/** How often the page was opened. */
function countLoads(page: Page): () => number {
  let loads = 0;
  page.on("load", () => (loads += 1));
  return () => loads;
}

const exportButton = (page: Page) => page.getByRole("button", { name: "Export CSV" });

test("an old tab opens the new version once, and goes on where it was", async ({
  page,
  deploy,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const loads = countLoads(page);
  await deploy(renameAssets);
  await exportButton(page).click();
  await expect.poll(loads).toBe(1);
  await expect(page.getByRole("searchbox")).toHaveValue("ada lov");
  await expect(page.getByRole("row").filter({ hasText: "Ada Lovelace" }).first()).toBeVisible();
  await exportButton(page).click();
  await expect(page.getByText(/could not be loaded/)).toHaveCount(0);
  expect(loads()).toBe(1);
});

test("a script that is missing in the new version, too, is told and not asked for again", async ({
  page,
  deploy,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const loads = countLoads(page);
  await deploy(async (folder) => {
    await renameAssets(folder);
    await withoutScript(/^export-card/)(folder);
  });
  await exportButton(page).click();
  await expect.poll(loads).toBe(1);
  await expect(page.getByRole("searchbox")).toHaveValue("ada lov");
  await exportButton(page).click();
  await expect(page.getByText(/could not be loaded/)).toBeVisible();
  expect(loads()).toBe(1);
});

test("a script that is away for another reason opens nothing again", async ({ page, deploy }) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const loads = countLoads(page);
  await deploy(withoutScript(/^export-card/));
  await exportButton(page).click();
  await expect(page.getByText(/could not be loaded/)).toBeVisible();
  expect(loads()).toBe(0);
});

test("a host that serves the old page as well as the new one is not asked for ever", async ({
  page,
  deploy,
}) => {
  await signIn(page);
  await lookUp(page, "ada lov", "Ada Lovelace");
  const loads = countLoads(page);
  await deploy(withoutScript(/^export-card/));
  // What is asked for by a script is the new version, what a person opens the old one.
  await page.route("/", (route) =>
    route.request().resourceType() === "fetch"
      ? route.fulfill({ body: "<!doctype html>", contentType: "text/html" })
      : route.fallback(),
  );
  await exportButton(page).click();
  await expect.poll(loads).toBe(1);
  await expect(page.getByRole("searchbox")).toHaveValue("ada lov");
  await exportButton(page).click();
  await expect(page.getByText(/could not be loaded/)).toBeVisible();
  expect(loads()).toBe(1);
});

test("a part that is gone before the page has opened opens the new version, once", async ({
  page,
  complaints,
}) => {
  const loads = countLoads(page);
  let missing = true;
  await page.route("/assets/main-*.js", (route) =>
    missing ? route.fulfill({ status: 404, body: "" }) : route.fallback(),
  );
  await page.route("/", (route) =>
    route.request().resourceType() === "fetch"
      ? route.fulfill({ body: "<!doctype html>", contentType: "text/html" })
      : route.fallback(),
  );
  await page.goto("/");
  await expect.poll(loads).toBe(2);
  // What is missing again is not asked for ever; the page says what to do.
  await expect(page.getByRole("alert")).toContainText("Load the page again.");
  // Whoever watches the page's errors hears of the cause.
  await expect.poll(() => complaints.pageErrors.join()).toContain("/assets/main-");
  complaints.pageErrors.length = 0;
  missing = false;
  await page.reload();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  expect(loads()).toBe(3);
});

test("a list that is being written is not lost to a new version", async ({ page, deploy }) => {
  await signIn(page);
  await page.goto("/many");
  const list = page.getByRole("textbox");
  await list.fill("user123");
  const loads = countLoads(page);
  await deploy(renameAssets);
  const asked = page.waitForResponse((response) => new URL(response.url()).pathname === "/");
  await page.evaluate(() => dispatchEvent(new Event("vite:preloadError")));
  await expect(list).toHaveValue("user123");
  // With nothing to lose it is asked for, and so would have been before.
  await list.fill("");
  await page.evaluate(() => dispatchEvent(new Event("vite:preloadError")));
  await asked;
  await expect.poll(loads).toBe(1);
  await expect(list).toBeVisible();
});
