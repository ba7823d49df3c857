import { expect, test } from "vitest";
import { differences, parseDocument, renderDocument } from "../../interop/support/document.ts";
import type { PeerRun } from "../../interop/support/rows.ts";

const envoy: PeerRun = {
  peer: "Envoy",
  version: "1.2.3",
  rows: [
    { feature: "a call passes", result: "passes" },
    { feature: "a bare 401 is refreshed", result: "fails", deviation: "It sends no challenge." },
  ],
};
const nginx: PeerRun = {
  peer: "nginx",
  version: "1.0",
  rows: [{ feature: "headers", result: "passes" }],
};
const none: ReadonlyMap<string, string> = new Map();

test("the document tells each feature's result and explains each deviation", () => {
  const text = renderDocument(none, [envoy]);
  expect(text).toContain("## Envoy\n\nVersion 1.2.3.");
  expect(text).toContain("| a call passes | passes |");
  expect(text).toContain("| a bare 401 is refreshed | fails, see 1 |");
  expect(text).toContain("\n1. It sends no challenge.");
  expect(text).toContain("| Envoy | 1.2.3 | 1 | 1 | 1 |");
});

test("a peer that did not run, or is missing, keeps its section", () => {
  const before = parseDocument(renderDocument(none, [nginx, envoy]));
  const after = renderDocument(before, [{ ...nginx, version: "1.1" }]);
  expect(after).toContain("Version 1.1.");
  expect(after).toContain("| a call passes | passes |");
  const gone = { peer: "Envoy", missing: "no pip", rows: [] };
  expect(renderDocument(before, [gone])).toContain("| a call passes | passes |");
  expect(renderDocument(none, [gone])).toContain("Not run: no pip.");
});

test("a difference is a feature, a result or a deviation, and no version", () => {
  const told = parseDocument(renderDocument(none, [envoy, nginx]));
  expect(differences(told, [{ ...envoy, version: "2" }])).toEqual([]);
  expect(differences(told, [{ ...envoy, rows: envoy.rows.slice(0, 1) }])).toEqual([
    "Envoy: - | a bare 401 is refreshed | fails, see 1 |",
    "Envoy: - 1. It sends no challenge.",
  ]);
  const broken: PeerRun = { ...nginx, rows: [{ feature: "headers", result: "fails" }] };
  expect(differences(told, [broken])).toEqual([
    "nginx: + | headers | fails |",
    "nginx: - | headers | passes |",
  ]);
  expect(differences(none, [{ peer: "Envoy", missing: "no pip", rows: [] }])).toEqual([]);
});
