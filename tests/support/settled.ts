import type { Page } from "@playwright/test";

/** What the page has now is painted, and what waited for an idle moment is done and painted, too. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) =>
        requestIdleCallback(() =>
          requestAnimationFrame(() => requestIdleCallback(() => resolve())),
        ),
      ),
  );
}
