import { expect, lookUp, searchBox, signIn, test } from "./support/fixtures.ts";
import { openAda } from "./support/people.ts";

/** What web.dev calls good is 0.1; nothing here has a reason to move at all. */
const LIMIT = 0.02;

interface Shift {
  readonly value: number;
  readonly path: string;
  readonly moved: readonly string[];
}

test("on the main path nothing moves by itself: the layout shift stays below 0.02", async ({
  page,
  context,
}) => {
  const shifts: Shift[] = [];
  await context.exposeBinding("shifted", (_source, shift: Shift) => void shifts.push(shift));
  await context.addInitScript(() => {
    interface LayoutShift extends PerformanceEntry {
      readonly value: number;
      readonly hadRecentInput: boolean;
      readonly sources: readonly { readonly node?: Node | null }[];
    }
    const report = (entry: LayoutShift) => {
      // What moves because somebody just did something is no shift (Layout Instability API).
      if (entry.hadRecentInput) return;
      const moved = entry.sources.map(({ node }) =>
        node instanceof Element ? `${node.tagName} ${node.className}` : String(node?.nodeName),
      );
      const { value } = entry;
      const shift = { value, path: location.pathname, moved };
      (window as unknown as { shifted: (shift: unknown) => void }).shifted(shift);
    };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) report(entry as LayoutShift);
    }).observe({ type: "layout-shift", buffered: true });
  });

  await signIn(page);
  await expect(page.getByRole("button", { name: /^Browse all [\d,]+ users/ })).toBeVisible();
  await lookUp(page, "ad", "Ada Lovelace");
  await openAda(page);
  await page.reload();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Close user" }).click();
  await page.goto("/users/user123");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await page.goto("/?q=ad");
  await expect(page.getByRole("link", { name: "Ada Lovelace" }).first()).toBeVisible();
  await expect(searchBox(page)).toHaveValue("ad");

  const total = shifts.reduce((sum, { value }) => sum + value, 0);
  test.info().annotations.push({ type: "layout shift", description: total.toFixed(4) });
  expect(total, JSON.stringify(shifts)).toBeLessThanOrEqual(LIMIT);
});
