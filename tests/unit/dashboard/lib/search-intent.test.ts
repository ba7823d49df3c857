import { describe, expect, test } from "vitest";
import { interpretSearch, keysOf } from "../../../../src/dashboard/lib/search-intent.ts";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = "c".repeat(86);
const jwt = (claims: object) => `${encode({ alg: "ES256" })}.${encode(claims)}.${signature}`;

describe("what was pasted is taken for", () => {
  test.each([
    ["user123", "id"],
    ["9b2e41c0-5d1f-4a0e-8a46-0f5f4a3f2a11", "id"],
    ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "id"],
    ["4711", "id"],
    ["ada@analytical.example", "email"],
    ["  grace@navy.example ", "email"],
    ["Ada Lovelace", "name"],
    ["ada", "name"],
    ["Ada 2", "name"],
    ["@", "name"],
  ])("%s: %s", (text, kind) => {
    expect(interpretSearch(text)).toEqual({ kind, query: text.trim() });
  });

  test("nothing when there is nothing", () => {
    expect(interpretSearch(" \n ")).toEqual({ kind: "empty" });
  });

  test("what the person chose instead of the guess", () => {
    expect(interpretSearch("user123", "name")).toEqual({ kind: "name", query: "user123" });
  });

  test("the subject of a token, also behind Bearer", () => {
    const token = jwt({ sub: "Jürgen", scope: "openid" });
    expect(interpretSearch(token)).toEqual({ kind: "token", query: "Jürgen" });
    expect(interpretSearch(`Bearer ${token}`)).toEqual({ kind: "token", query: "Jürgen" });
  });

  test.each([
    ["without a subject", jwt({ iss: "x" })],
    ["with an empty subject", jwt({ sub: "" })],
    ["with a subject that is no text", jwt({ sub: 7 })],
    ["that was cut off", jwt({ sub: "user123" }).slice(0, 40)],
    ["that is no JSON", "eyJhbGciOiJub25lIn0.eyJub3Qgand0.x"],
    ["that is encrypted", `${encode({ alg: "dir", enc: "A256GCM" })}..aaaa.bbbb.cccc`],
  ])("nothing at all for a token %s, so that it gets nowhere", (_, token) => {
    expect(interpretSearch(token)).toEqual({ kind: "token", query: undefined });
    expect(interpretSearch(token, "name")).toEqual({ kind: "token", query: undefined });
  });

  test("many keys when there are several lines, without blanks and repetitions", () => {
    expect(interpretSearch("user123\r\n\n grace@navy.example \nuser123\n")).toEqual({
      kind: "many",
      keys: ["user123", "grace@navy.example"],
    });
  });

  test.each([
    ["a JSON answer", (token: string) => `{"access_token":"${token}","token_type":"Bearer"}`],
    ["a header", (token: string) => `  -H 'Authorization: Bearer ${token}'`],
    ["a redirect", (token: string) => `https://app.example/#access_token=${token}&state=1`],
    ["three lines of a terminal", (token: string) => token.replace(/.{70}/g, "$&\n  ")],
  ])("the subject of a token in %s", (_, wrap) => {
    const token = jwt({ sub: "user123", scope: "openid profile users.read", iat: 1 });
    expect(interpretSearch(wrap(token))).toEqual({ kind: "token", query: "user123" });
  });

  test.each([
    ["a mailbox", "Ada Lovelace <ada@analytical.example>", "ada@analytical.example"],
    ["a link to write to", "mailto:ada@analytical.example", "ada@analytical.example"],
    ["quotes and a comma", '"user123",', "user123"],
    ["a link to the user", "https://lookup.example/users/user%7C1?q=ada", "user|1"],
  ])("the key inside of %s", (_, text, query) => {
    expect(interpretSearch(text)).toMatchObject({ query });
  });

  test.each([
    ["addresses in a line", "a@x.example, b@x.example; c@x.example", 3],
    ["mailboxes in a line", "A Bee <a@x.example>; B Cee <b@x.example>", 2],
    ["ids with commas", "user1, user2,user3", 3],
    ["ids with blanks", "user1 ada@x.example", 2],
    ["a table's rows", "user1\tAda\tactive\nuser2\tGrace\tlocked", 2],
    ["rows of a CSV file", '"Ada Lovelace",user1,a@x.example\n"Grace Hopper",user2,g@x.example', 2],
  ])("many keys out of %s", (_, text, count) => {
    const keys = keysOf(text);
    expect(keys).toHaveLength(count);
    for (const key of keys) expect(key).toMatch(/^(user\d|\w+@x\.example)$/);
    expect(interpretSearch(text)).toEqual({ kind: "many", keys });
  });

  test("many keys out of one long line, before anybody could think that the page hangs", () => {
    const keys = Array.from({ length: 10_000 }, (_, index) => `user${index}`);
    expect(keysOf(keys.join(","))).toEqual(keys);
    expect(keysOf(`user1${",".repeat(40_000)}user2`)).toEqual(["user1", "user2"]);
  });

  test("one name although it has a comma, a number or a semicolon", () => {
    for (const name of ["Lovelace, Ada", "Henry 8", "Ada; Countess", "Henry, 8"]) {
      expect(interpretSearch(name).kind).toBe("name");
    }
  });

  test("many keys of which a token gives only its subject", () => {
    const keys = ["user9", "user123"];
    expect(interpretSearch(`${jwt({ sub: "user9" })}\nuser123`)).toEqual({ kind: "many", keys });
    expect(keysOf(`user123\n${jwt({ iss: "x" })}`)).toEqual(["user123"]);
  });

  test("never a piece of a token, wherever its lines were broken", () => {
    const token = jwt({ sub: "user123", name: "Ada", email: "ada@analytical.example" });
    for (let at = 14; at < token.length; at++) {
      const keys = keysOf(`user1\n${token.slice(0, at)}\n${token.slice(at)}`);
      expect(keys).toEqual(["user1", "user123"]);
    }
  });

  test.each([
    ["an encrypted token", `${encode({ alg: "dir", enc: "A256GCM" })}..aaaa.bbbb.cccc`],
    ["a token with a signature of an unknown kind", `${encode({ alg: "X" })}.${encode({})}.cc`],
    ["what only begins like a token", encode({ page: 1 })],
    ["a token whose end is missing", jwt({ iss: "x" }).slice(0, -20)],
  ])("all but a few of the keys that follow %s", (_, token) => {
    const keys = Array.from({ length: 5_000 }, (_each, index) => `user${index}`);
    const found = keysOf([token, ...keys].join("\n"));
    expect(found.length).toBeGreaterThan(4_700);
    expect(found.at(-1)).toBe("user4999");
  });
});
