import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { firstPaintScript } from "./scripts/site-page/first-paint-script.ts";
import { preloadParts } from "./scripts/site-page/preload-parts.ts";

/**
 * A suite of tests that runs in Node: its folder below `tests`. The time limits
 * end what hangs, also on a busy machine; how fast things are, benches say.
 */
function suite(name: string, testTimeoutMs = 60_000, hookTimeoutMs = 60_000) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`tests/${name}/**/*.test.{ts,tsx}`],
      testTimeout: testTimeoutMs,
      hookTimeout: hookTimeoutMs,
      expect: { poll: { timeout: 10_000 } },
    },
  };
}

/** A suite that uses parts of the dashboard, which speaks only when it has a language. */
function withWords(base: ReturnType<typeof suite>) {
  return { ...base, test: { ...base.test, setupFiles: ["tests/support/dashboard/words.ts"] } };
}

export default defineConfig({
  plugins: [
    react(),
    firstPaintScript("src/dashboard/first-paint.ts"),
    preloadParts({
      first: "react-dom/client.js",
      next: ["messages/en.ts", "dashboard/data-provider.tsx", "dashboard/workspace.tsx"],
    }),
  ],
  build: {
    outDir: "dist/site",
    emptyOutDir: true,
    // The page's Content-Security-Policy allows no data: addresses.
    assetsInlineLimit: 0,
    sourcemap: false,
    manifest: true,
  },
  test: {
    // Vitest leaves a core free for a person who watches; nobody does here.
    maxWorkers: 2,
    projects: [
      withWords(suite("unit")),
      suite("contract"),
      suite("simulation", 600_000),
      suite("integration"),
      suite("package", 300_000),
      // A peer may be a Java program that starts on a busy machine.
      suite("interop", 60_000, 300_000),
    ],
  },
});
