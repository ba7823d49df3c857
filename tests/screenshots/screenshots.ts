/**
 * Photographs the built dashboard. Without arguments those that `docs/screenshots`
 * shows; otherwise `node tests/screenshots/screenshots.ts FOLDER [SCENE,…|all] [LOOK,…|all]`.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import type { Browser } from "@playwright/test";
import { findBrowser } from "../../scripts/find-browser.mjs";
import { signIn } from "../e2e/support/fixtures.ts";
import { startStack } from "../e2e/support/stack.ts";
import type { Stack } from "../e2e/support/stack.ts";
import { settled } from "../support/settled.ts";
import { looks } from "./looks.ts";
import type { Look } from "./looks.ts";
import { scenes } from "./scenes.ts";
import type { Scene } from "./scenes.ts";

/** What `docs/screenshots` shows. */
const documented: readonly (readonly [scene: string, look: string])[] = [
  ["user", "wide-light"],
  ["user", "wide-dark"],
  ["home", "wide-light"],
  ["palette", "wide-dark"],
  ["call", "wide-light"],
  ["inspector", "wide-dark"],
  ["ended", "wide-light"],
  ["error", "wide-dark"],
  ["many", "wide-light"],
  ["results", "narrow-light"],
  ["page", "narrow-dark"],
  ["call", "320"],
  ["user", "forced"],
  ["user", "4k"],
];

const [folder = "docs/screenshots", ...chosen] = process.argv.slice(2);
const wanted = process.argv.length > 2 ? every(chosen[0], chosen[1]) : documented;
await mkdir(folder, { recursive: true });
const stack = await startStack({ accessTokenTtlSeconds: 8 });
const executablePath = findBrowser();
const browser = await chromium.launch({
  args: ["--no-sandbox"],
  ...(executablePath === undefined ? {} : { executablePath }),
});
try {
  for (const [scene, look] of wanted) {
    await photograph(browser, stack, named(scenes, scene), named(looks, look));
  }
} finally {
  await browser.close();
  await stack.close();
}

async function photograph(
  within: Browser,
  product: Stack,
  scene: Scene,
  look: Look,
): Promise<void> {
  const context = await within.newContext({
    baseURL: product.dashboardUrl,
    viewport: { width: look.width, height: look.height },
    colorScheme: look.colorScheme,
    forcedColors: look.forcedColors ?? "none",
    locale: "en-GB",
  });
  const page = await context.newPage();
  const path = join(folder, `${scene.name}-${look.name}.png`);
  try {
    if (scene.person === undefined) await page.goto("/");
    else await signIn(page, scene.person);
    await scene.prepare(page, product);
    if (/eyJ[\w-]{8}/.test(await page.content())) throw new Error("There is a token on the page.");
    await settled(page);
    await page.screenshot({ path, animations: "disabled" });
    await scene.clear?.(page, product);
    console.log(path);
  } catch (reason) {
    await page.screenshot({ path: `${path}.failed.png` });
    throw new Error(`Could not photograph ${path}.`, { cause: reason });
  } finally {
    await context.close();
  }
}

function every(sceneNames = "all", lookNames = "all"): (readonly [string, string])[] {
  const names = (all: readonly { readonly name: string }[], text: string) =>
    text === "all" ? all.map(({ name }) => name) : text.split(",");
  return names(looks, lookNames).flatMap((look) =>
    names(scenes, sceneNames).map((scene) => [scene, look] as const),
  );
}

function named<T extends { readonly name: string }>(all: readonly T[], wantedName: string): T {
  const found = all.find(({ name }) => name === wantedName);
  if (found !== undefined) return found;
  throw new Error(`There is no ${wantedName} among ${all.map(({ name }) => name).join(", ")}.`);
}
