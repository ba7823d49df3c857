import { describe, expect, test } from "vitest";
import { createCommandRegistry } from "../../../../src/dashboard/features/commands/command-registry.ts";
import { paletteItems } from "../../../../src/dashboard/features/commands/palette-items.ts";
import { createRecents } from "../../../../src/dashboard/lib/recents.ts";

describe("the registry of commands", () => {
  test("does what somebody offers, and says when nobody does", () => {
    const commands = createCommandRegistry();
    const done: string[] = [];
    expect(commands.can("copy-id")).toBe(false);
    expect(commands.run("copy-id")).toBe(false);
    const withdraw = commands.provide({ "copy-id": () => done.push("copied") });
    expect(commands.can("copy-id")).toBe(true);
    expect(commands.run("copy-id")).toBe(true);
    withdraw();
    expect(commands.run("copy-id")).toBe(false);
    expect(done).toEqual(["copied"]);
  });

  test("asks who came last, and falls back to who came before", () => {
    const commands = createCommandRegistry();
    const done: string[] = [];
    commands.provide({ "export-csv": () => done.push("page") });
    const withdraw = commands.provide({ "export-csv": () => done.push("list") });
    commands.provide({ "export-csv": undefined });
    commands.run("export-csv");
    withdraw();
    commands.run("export-csv");
    expect(done).toEqual(["list", "page"]);
  });

  test("looks at what can be done only when it is asked", () => {
    const commands = createCommandRegistry();
    let failed = false;
    commands.provide({
      get "show-failed-call"() {
        return failed ? () => undefined : undefined;
      },
    });
    expect(commands.can("show-failed-call")).toBe(false);
    failed = true;
    expect(commands.can("show-failed-call")).toBe(true);
  });
});

describe("the palette", () => {
  const setUp = () => {
    const commands = createCommandRegistry();
    commands.provide({ "sign-out": () => undefined, "theme-dark": () => undefined });
    const recents = createRecents(undefined, () => "support");
    for (const id of ["user1", "user2"]) recents.add(id);
    const gone: string[] = [];
    const context = {
      commands,
      recents,
      path: "/users/user1",
      goTo: (path: string) => void gone.push(path),
    };
    const items = (text: string) => paletteItems(text, context);
    return { items, gone, titles: (text: string) => items(text).map(({ title }) => title) };
  };

  test("offers users opened last, except the one that is open, and what can be done", () => {
    expect(setUp().titles("")).toEqual(["Open user2", "Theme: dark", "Sign out"]);
  });

  test("offers a search for whatever was typed, after what fits it", () => {
    const { titles, items, gone } = setUp();
    expect(titles("user")).toEqual(["Open user2", "Search users for “user”"]);
    expect(titles(" ada lov ")).toEqual(["Search users for “ada lov”"]);
    expect(titles("log out")).toEqual(["Sign out", "Search users for “log out”"]);
    items("user").forEach(({ run }) => run());
    expect(gone).toEqual(["/users/user2", "/?q=user"]);
  });
});
