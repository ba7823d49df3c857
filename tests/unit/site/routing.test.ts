import { expect, test } from "vitest";
import { resolveSitePath } from "../../../src/site/index.ts";

const files = new Set([
  "/index.html",
  "/favicon.svg",
  "/assets/index-1a2b.js",
  "/assets/index-1a2b.js.map",
  "/assets/with space.svg",
  "/.vite/manifest.json",
]);

test.each(["/favicon.svg", "/assets/index-1a2b.js"])("%s is a file", (path) => {
  expect(resolveSitePath(path, files)).toEqual({ kind: "file", path });
});

test("a path is decoded before it is looked up", () => {
  expect(resolveSitePath("/assets/with%20space.svg", files)).toEqual({
    kind: "file",
    path: "/assets/with space.svg",
  });
});

test.each([
  "/",
  "/index.html",
  "/callback",
  "/users/user123",
  "/users/j.doe%40example.com",
  "/users/notes.map",
  "/users/a%2Fb",
  "/many",
  "/doctor",
])("%s is the page", (path) => {
  expect(resolveSitePath(path, files)).toEqual({ kind: "page", path: "/index.html" });
});

test.each([
  "/assets/gone-1a2b.js",
  "/assets",
  "/robots.txt",
  "/nowhere",
  "/users",
  "/many/more",
  "/assets/index-1a2b.js.map",
  "/.vite/manifest.json",
  "/.env",
  "/.well-known/security.txt",
  "/../etc/passwd",
  "/users/../../etc/passwd",
  "/users/%2e%2e",
  "/assets/../../etc/passwd",
  "/%2e%2e/etc/passwd",
  "/assets/..%2f..%2fetc/passwd",
  "/assets/..%5c..%5cwin.ini",
  "/%",
  "/%ff",
  "/a%00b",
  "",
  "*",
  "//.env",
])("%s is missing", (path) => {
  expect(resolveSitePath(path, files)).toEqual({ kind: "missing" });
});
