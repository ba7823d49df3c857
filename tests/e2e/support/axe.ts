import { AxeBuilder } from "@axe-core/playwright";
import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds in both themes, one line a finding. */
export async function findings(page: Page): Promise<string[]> {
  const all: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    // On its way from one theme to the other a colour has the contrast of neither.
    await expect.poll(() => page.evaluate(countTransitions)).toBe(0);
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    for (const { id, nodes } of violations) {
      all.push(...nodes.map(({ target }) => `${colorScheme}, ${id}: ${String(target)}`));
    }
  }
  return all;
}

function countTransitions(): number {
  return document.getAnimations().filter((each) => each instanceof CSSTransition).length;
}
