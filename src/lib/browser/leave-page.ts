import type { Clock } from "../core/ports.ts";
import { sleep } from "../core/wait.ts";
import type { Page } from "./page.ts";

/** A browser that is still here by then has gone nowhere: stopped by the person, or not answered. */
const timeoutMs = 10_000;

/**
 * Leaves the page. Resolves when it is here all the same: Back has brought it, or
 * the browser went nowhere for ten seconds. Rejects when the browser refuses the address.
 */
export function leavePage(
  { page, clock }: { readonly page: Page; readonly clock: Clock },
  href: string,
): Promise<void> {
  const { done, interrupt } = sleep(clock, timeoutMs);
  return Promise.race([page.leaveFor(href), done]).finally(interrupt);
}
