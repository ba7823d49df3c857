import { describe, expect, test } from "vitest";
import { interpretSearch, linesOf } from "../../../../src/dashboard/lib/search-intent.ts";

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = (claims: object) => `${encode({ alg: "RS256" })}.${encode(claims)}.c2lnbmF0dXJl`;

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
    expect(interpretSearch(token)).toEqual({ kind: "empty" });
    expect(interpretSearch(token, "name")).toEqual({ kind: "empty" });
  });

  test("many keys when there are several lines, without blanks and repetitions", () => {
    expect(interpretSearch("user123\r\n\n grace@navy.example \nuser123\n")).toEqual({
      kind: "many",
      keys: ["user123", "grace@navy.example"],
    });
  });

  test("many keys out of a list of addresses in one line, but a name with a comma stays one", () => {
    expect(linesOf("a@x.example, b@x.example; c@x.example")).toHaveLength(3);
    expect(linesOf("a@x.example, b@x.example")).toEqual(["a@x.example", "b@x.example"]);
    expect(interpretSearch("Lovelace, Ada").kind).toBe("name");
  });

  test("many keys of which a token gives only its subject", () => {
    const keys = ["user123", "user9"];
    expect(interpretSearch(`user123\n${jwt({ sub: "user9" })}`)).toEqual({ kind: "many", keys });
  });
});
