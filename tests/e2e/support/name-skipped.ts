import type { Reporter } from "@playwright/test/reporter";
import { otherBrowsers } from "./other-browsers.ts";

/** Names the browsers in which nothing was tried, one a line. */
class NameSkipped implements Reporter {
  onEnd(): void {
    for (const { name, present } of otherBrowsers) {
      if (!present) console.log(`skipped  ${name}: Playwright has no such browser here`);
    }
  }
}

// Playwright takes the reporter of a file from its default export.
// oxlint-disable-next-line import/no-default-export
export default NameSkipped;
