import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, userKeys } from "../../../../src/backend/users/fold.ts";
import { seedUser } from "../../../../src/backend/users/seed-user.ts";
import { listAll, listPage, newUser, storeOf } from "../../../support/users.ts";

const nowMs = Date.UTC(2026, 0, 1);
const people = Array.from({ length: 1_600 }, (_, index) =>
  seedUser(index + 1, `user${index + 1}`, nowMs),
);
const crowd = storeOf(people);

async function idsFor(query: string, users = crowd.store) {
  return (await listAll(users, { query, pageSize: 200 })).map(({ id }) => id);
}

// The rule of the contract, said once more without an index.
function matches(user: { id: string; name: string; email: string }, query: string): boolean {
  const { searchKey } = userKeys(user);
  return fold(query)
    .split(" ")
    .every((word) =>
      Array.from(word).length > 2
        ? searchKey.includes(word)
        : searchKey.includes(` ${word}`) || searchKey.includes(`\n${word}`),
    );
}

describe("searching users", () => {
  it("puts exact id or address first, then names, then words of names, then addresses and ids, then the rest", async () => {
    const { store } = storeOf([
      newUser({ id: "rest", name: "Joanna", email: "1@example.com" }),
      newUser({ id: "anna-by-id", name: "Z", email: "2@example.com" }),
      newUser({ id: "address", name: "Y", email: "anna@example.com" }),
      newUser({ id: "word", name: "Maria-Anna", email: "3@example.com" }),
      newUser({ id: "name", name: "Annabel", email: "4@example.com" }),
      newUser({ id: "exact-address", name: "X", email: "anna" }),
      newUser({ id: "anna", name: "W", email: "5@example.com" }),
      newUser({ id: "nobody", name: "Otto", email: "6@example.com" }),
    ]);
    expect(await idsFor("ANNA", store)).toEqual([
      "anna",
      "exact-address",
      "name",
      "word",
      "address",
      "anna-by-id",
      "rest",
    ]);
  });

  it("brings a user once although several words of the name begin so", async () => {
    const { store } = storeOf([newUser({ id: "1", name: "Zoe Ada Adams Adair", email: "a@b.c" })]);
    expect(await idsFor("ad", store)).toEqual(["1"]);
  });

  it("loses nobody behind second words that begin so as well", async () => {
    const twice = ["1", "2", "3"].map((id) => newUser({ id, name: "Q Ada Adb", email: `q${id}` }));
    const { store } = storeOf([...twice, newUser({ id: "4", name: "Q Adc", email: "q4" })]);
    const users = await listAll(store, { query: "ad", pageSize: 2 });
    expect(users.map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
  });

  it("finds accents without accents, and without case", async () => {
    const { store } = storeOf([newUser({ id: "1", name: "Élodie Ångström" })]);
    for (const query of ["elod", "ÉLODIE", "angstrom", "Ångstr", "é"]) {
      expect(await idsFor(query, store)).toEqual(["1"]);
    }
  });

  it("needs every word, in any order", async () => {
    const { store } = storeOf([
      newUser({ id: "1", name: "Ada Lovelace" }),
      newUser({ id: "2", name: "Ada Byron" }),
    ]);
    expect(await idsFor("lovelace ada", store)).toEqual(["1"]);
    expect(await idsFor("love ad example.com", store)).toEqual(["1"]);
    expect(await idsFor("ada", store)).toEqual(["2", "1"]);
  });

  it.each(["id", "email", "name"] as const)(
    "searches only the %s when it is told to",
    async (searchField) => {
      for (const query of ["us", "user12", "an", "ann", "ma", "exa", "lov ada", "o", "-"]) {
        const found = await listAll(crowd.store, { query, searchField, pageSize: 200 });
        const expected = people.filter((user) => {
          const only = { id: "", email: "", name: "", [searchField]: user[searchField] };
          return matches(only, query);
        });
        expect(found.map(({ id }) => id).toSorted(), query).toEqual(
          expected.map(({ id }) => id).toSorted(),
        );
        const { total } = await listPage(crowd.store, { query, searchField, pageSize: 1 });
        expect(total.size).toBe(expected.length);
        const order = { field: "email", descending: true } as const;
        const ordered = await listAll(crowd.store, { query, searchField, order, pageSize: 200 });
        expect(ordered).toHaveLength(expected.length);
      }
    },
  );

  it.each(["e", "ma", "user1"])(
    "finds whom %j finds also when it is typed twice",
    async (query) => {
      const twice = await idsFor(`${query} ${query.toUpperCase()}`);
      expect(twice.toSorted()).toEqual((await idsFor(query)).toSorted());
    },
  );

  it.each([
    "%",
    "_",
    "*",
    '"',
    "''",
    '" OR "',
    "ada*",
    "NEAR(a b)",
    "a AND",
    "name:ada",
    "\\",
    "^a",
    "-",
    "(",
    "\u0000",
  ])("takes %j as it is written", async (query) => {
    const expected = people.filter((user) => matches(user, query)).map(({ id }) => id);
    const found = await idsFor(query);
    if (fold(query) === "") expect(found).toHaveLength(people.length);
    else expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it("finds exactly who matches, each once, whatever is typed", async () => {
    const pieces = people.flatMap(({ id, name, email }) => [id, name, email]);
    const part = fc
      .tuple(fc.constantFrom(...pieces), fc.nat(20), fc.integer({ min: 1, max: 7 }))
      .map(([text, start, length]) =>
        text.slice(start % text.length, (start % text.length) + length),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 3 }), async (parts) => {
        const query = parts.join(" ");
        fc.pre(fold(query) !== "");
        const found = await idsFor(query);
        const expected = people.filter((user) => matches(user, query)).map(({ id }) => id);
        expect(found.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 50 },
    );
  });

  it.each(["ma", "example", "s", "ann", "user1", "e r"])(
    "gives %j on small pages what it gives on large ones, and says how many",
    async (query) => {
      const large = await idsFor(query);
      const small = await listAll(crowd.store, { query, pageSize: 23 });
      expect(small.map(({ id }) => id)).toEqual(large);
      const { total } = await listPage(crowd.store, { query, pageSize: 1 });
      expect(total).toEqual({ size: large.length, isEstimated: false });
    },
  );
});
