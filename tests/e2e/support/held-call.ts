import type { Page, Route } from "@playwright/test";
import type { Stack } from "./stack.ts";

/** A call that has left the page and does not get anywhere yet. */
export interface HeldCall {
  /** Resolves when the page has made the call. */
  readonly made: Promise<void>;
  /** Lets it go on. Resolves when it has been answered, or when the page had given it up. */
  release(): Promise<void>;
}

/** Holds the next call of a method whose request has `text` in it; all others go through. */
export async function holdCall(
  page: Page,
  stack: Stack,
  method: string,
  text: string | Buffer = "",
): Promise<HeldCall> {
  const made = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const gone = Promise.withResolvers<void>();
  const url = `${stack.apiUrl}/user.v1.UserService/${method}`;
  let held = false;
  const handler = async (route: Route) => {
    const request = route.request();
    const matches = request.postDataBuffer()?.includes(text) ?? false;
    if (held || request.method() !== "POST" || !matches) return route.fallback();
    held = true;
    made.resolve();
    await released.promise;
    const response = await route.fetch().catch(() => undefined);
    const answer = response === undefined ? route.abort() : route.fulfill({ response });
    // The page may have given the call up, and then nobody can be answered.
    await answer.catch(() => undefined);
    gone.resolve();
    return undefined;
  };
  await page.route(url, handler);
  return {
    made: made.promise,
    release() {
      released.resolve();
      return gone.promise;
    },
  };
}
