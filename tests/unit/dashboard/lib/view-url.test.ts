import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { parseView, viewHref } from "../../../../src/dashboard/lib/view-url.ts";
import {
  COLUMN_NAMES,
  DEFAULT_COLUMNS,
  EMPTY_VIEW,
  SEARCH_KINDS,
  SORT_FIELDS,
  STATUS_NAMES,
} from "../../../../src/dashboard/lib/view.ts";
import type { View } from "../../../../src/dashboard/lib/view.ts";

function roundTrip(view: View): View {
  const url = new URL(viewHref(view), "http://localhost:5173");
  return parseView(url.pathname, url.search);
}

const day = fc
  .date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const inOrder = <T extends string>(all: readonly T[]) =>
  fc.subarray([...all]).map((some) => all.filter((each) => some.includes(each)));
const word = fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.trim());

const views: fc.Arbitrary<View> = fc.record({
  searched: fc.constant(true),
  query: fc.string({ maxLength: 200 }),
  kind: fc.constantFrom(...SEARCH_KINDS),
  statuses: inOrder(STATUS_NAMES),
  roles: fc.uniqueArray(
    word.filter((text) => text !== "" && !text.includes("%2C")),
    { maxLength: 4 },
  ),
  createdFrom: fc.option(day, { nil: undefined }),
  createdTo: fc.option(day, { nil: undefined }),
  signIn: fc.constantFrom<View["signIn"]>(undefined, "never", { dormantDays: 90 }),
  sort: fc.option(fc.record({ field: fc.constantFrom(...SORT_FIELDS), descending: fc.boolean() }), {
    nil: undefined,
  }),
  columns: inOrder(COLUMN_NAMES).map((some) => (some.length === 0 ? DEFAULT_COLUMNS : some)),
  user: fc.option(
    word.filter((text) => text !== "" && text !== "." && text !== ".."),
    { nil: undefined },
  ),
});

describe("the address of a view", () => {
  test("gives the same view back, whatever is in it", () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(roundTrip(view)).toEqual(view);
      }),
    );
  });

  test("of nothing is the bare path", () => {
    expect(viewHref(EMPTY_VIEW)).toBe("/");
    expect(parseView("/", "")).toEqual(EMPTY_VIEW);
  });

  test("of a user beside a list keeps the list, and alone names only the user", () => {
    const view: View = { ...EMPTY_VIEW, searched: true, query: "ada", user: "user123" };
    expect(viewHref(view)).toBe("/users/user123?q=ada");
    expect(viewHref({ ...EMPTY_VIEW, user: "user123" })).toBe("/users/user123");
    expect(parseView("/users/user123", "").searched).toBe(false);
  });

  test("opens ids with every kind of character", () => {
    for (const id of ["a/b", "50%", "a b", "ü?#&", "%41"]) {
      expect(roundTrip({ ...EMPTY_VIEW, user: id }).user).toBe(id);
    }
  });

  test("that was damaged still opens with what can be understood", () => {
    const view = parseView(
      "/users/%",
      "?q=ada&status=asleep,locked&from=yesterday&signin=dormant-0&sort=-shoe&cols=shoe",
    );
    expect(view).toEqual({
      ...EMPTY_VIEW,
      searched: true,
      query: "ada",
      statuses: ["locked"],
      user: "%",
    });
  });

  test("with an empty search asks for everybody, and a filter alone asks for a list", () => {
    expect(parseView("/", "?q=")).toMatchObject({ searched: true, query: "" });
    expect(parseView("/", "?status=locked").searched).toBe(true);
    expect(parseView("/", "?sort=name").searched).toBe(false);
  });
});
