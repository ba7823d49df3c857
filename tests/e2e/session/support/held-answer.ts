import type { Page } from "@playwright/test";
import type { Stack } from "../../support/stack.ts";

/** A token request that the issuer has carried out, and whose answer is on its way. */
export interface HeldAnswer {
  /** Resolves with the answer when the issuer has given it. */
  readonly carriedOut: Promise<{ readonly refresh_token: string }>;
  /** Lets the answer arrive. */
  release(): void;
}

/** Holds the answer to the next token request of this page; later ones go through. */
export async function holdNextAnswer(page: Page, stack: Stack): Promise<HeldAnswer> {
  const answered = Promise.withResolvers<{ readonly refresh_token: string }>();
  const released = Promise.withResolvers<void>();
  const handler = async (route: Parameters<Parameters<Page["route"]>[1]>[0]) => {
    const response = await route.fetch();
    answered.resolve(await response.json());
    await released.promise;
    // The page may be gone, or the request given up.
    await route.fulfill({ response }).catch(() => undefined);
  };
  await page.route(`${stack.issuerUrl}/token`, handler, { times: 1 });
  return { carriedOut: answered.promise, release: () => released.resolve() };
}
