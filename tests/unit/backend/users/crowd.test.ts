import { describe, expect, it } from "vitest";
import { createUserStore } from "../../../../src/backend/users/store.ts";
import type { OrderField } from "../../../../src/backend/users/user-order.ts";
import { listAll, listPage, newUser, storeOf } from "../../../support/users.ts";

const none = { statuses: [], roles: [] };
const size = 24_000;

// Half are "dense" everywhere; the last third by name are "zebra"; one in a thousand has a rare role.
const people = Array.from({ length: size }, (_, index) => {
  const number = (index * 7_919) % size;
  const isLate = number >= size - 8_000;
  const id = `u${String(number).padStart(5, "0")}`;
  return newUser({
    id,
    name: `${isLate ? "Zebra" : "Early"} ${id} ${number % 2 === 0 ? "Densely" : "Other"}`,
    createTimeMs: 1_000 + number,
    lastSignInTimeMs: (number * 31) % 500,
    roles: number % 1_000 === 3 ? ["rare"] : [],
    status: number % 3 === 0 ? 2 : 1,
  });
});
const { store, database } = storeOf(people);

describe("listing some of a crowd in an order", () => {
  const orders = (["name", "create_time", "last_sign_in_time"] as const).flatMap((field) =>
    [false, true].map((descending) => ({ field, descending })),
  );

  function sorted(field: OrderField, descending: boolean, isWanted: (id: string) => boolean) {
    const ascending = people
      .filter(({ id }) => isWanted(id))
      .toSorted((a, b) => {
        const [left, right] =
          field === "last_sign_in_time"
            ? [a.lastSignInTimeMs, b.lastSignInTimeMs]
            : field === "create_time"
              ? [a.createTimeMs, b.createTimeMs]
              : [a.name.toLowerCase(), b.name.toLowerCase()];
        if (left !== right) return left < right ? -1 : 1;
        return a.id < b.id ? -1 : 1;
      })
      .map(({ id }) => id);
    return descending ? ascending.toReversed() : ascending;
  }

  const number = (id: string) => Number(id.slice(1));
  const cases = [
    ["those who are everywhere", { query: "densely" }, (id: string) => number(id) % 2 === 0],
    ["those who are at one end", { query: "zebra" }, (id: string) => number(id) >= size - 8_000],
    [
      "two words of which each is frequent",
      { query: "zebra densely" },
      (id: string) => number(id) >= size - 8_000 && number(id) % 2 === 0,
    ],
    ["all of whom a text tells", { query: "example" }, () => true],
    [
      "those of a text and a filter",
      { query: "densely", filter: { ...none, statuses: [2] } },
      (id: string) => number(id) % 6 === 0,
    ],
    [
      "the few of a filter",
      { filter: { ...none, roles: ["rare"] } },
      (id: string) => number(id) % 1_000 === 3,
    ],
    [
      "the few of a filter and a text that all match",
      { query: "example", filter: { ...none, roles: ["rare"] } },
      (id: string) => number(id) % 1_000 === 3,
    ],
  ] as const;

  it.each(cases)("lists %s, each once", async (_, request, isWanted) => {
    for (const order of orders) {
      const expected = sorted(order.field, order.descending, isWanted);
      const listed = await listAll(store, { ...request, order, pageSize: 1_500 });
      expect(listed.map(({ id }) => id)).toEqual(expected);
    }
  });

  it.each(cases)("says how many %s are", async (_, request, isWanted) => {
    const count = people.filter(({ id }) => isWanted(id)).length;
    for (const order of [undefined, ...orders]) {
      const page = await listPage(createUserStore(database), { ...request, order, pageSize: 3 });
      expect(Math.abs(page.total.size - count)).toBeLessThanOrEqual(count * 0.05);
      if (count <= 10_000) expect(page.total).toEqual({ size: count, isEstimated: false });
    }
  });

  it("lists few by relevance, each once, when they are found by the last piece", async () => {
    // After three pages of them, the first piece of an index has exactly the 64 who are left.
    const few = Array.from({ length: 625 }, (_, index) =>
      newUser({ id: `n${index}`, name: "Pxzedx", status: index % 40 === 0 ? 2 : 1 }),
    );
    const request = { query: "xzedx", filter: { ...none, statuses: [2] }, pageSize: 5 };
    const listed = await listAll(storeOf(few).store, request);
    expect(listed.map(({ id }) => id)).toEqual(
      few.filter(({ status }) => status === 2).map(({ id }) => id),
    );
  });
});
