import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { compareTrees } from "../../../../scripts/test/generated.ts";

test("every generated file that differs, is missing or is left over is named", () => {
  const committed = tree({
    "a.ts": "1",
    "user/b.ts": "old",
    "gone.ts": "1",
    "tsconfig.json": "{}",
  });
  const fresh = tree({ "a.ts": "1", "user/b.ts": "new", "c.ts": "1" });
  expect(compareTrees(committed, fresh)).toEqual([
    "c.ts is missing.",
    "gone.ts is no longer generated: remove it.",
    "user/b.ts differs.",
  ]);
});

test("what people keep beside the generated files is no difference", () => {
  expect(compareTrees(tree({ "a.ts": "1", "tsconfig.json": "{}" }), tree({ "a.ts": "1" }))).toEqual(
    [],
  );
});

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "generated-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
