import { afterEach, expect, test, vi } from "vitest";
import { findNginx } from "../../interop/site/nginx.ts";

afterEach(() => vi.restoreAllMocks());

test("an nginx that only root can start is skipped by name", async () => {
  vi.spyOn(process, "getuid").mockReturnValue(1000);
  expect(await findNginx()).toEqual({ missing: expect.stringMatching(/nginx .* as root/) });
});
