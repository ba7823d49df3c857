import { describe, expect, it } from "vitest";
import { edit, withTls } from "../../interop/support/edits.ts";

describe("edit", () => {
  it("replaces the last word before a mark, and leaves brackets and semicolons", () => {
    const text = [
      "port_value: 8081 # EDIT port",
      "- match: { path: /a } # EDIT path",
      "listen 127.0.0.1:80; # EDIT listen",
      "other: 1",
    ].join("\n");
    expect(edit(text, { port: 9, path: "/b", listen: "127.0.0.1:9" })).toBe(
      [
        "port_value: 9 # EDIT port",
        "- match: { path: /b } # EDIT path",
        "listen 127.0.0.1:9; # EDIT listen",
        "other: 1",
      ].join("\n"),
    );
  });

  it("replaces every place of a name, and no place of a longer name", () => {
    const text = "a 1 # EDIT issuer\nb 2 # EDIT issuer\nc 3 # EDIT issuer-port";
    expect(edit(text, { issuer: 7 })).toBe(
      "a 7 # EDIT issuer\nb 7 # EDIT issuer\nc 3 # EDIT issuer-port",
    );
  });

  it("does not take a value for a pattern", () => {
    expect(edit("a 1 # EDIT x", { x: "$&$1" })).toBe("a $&$1 # EDIT x");
  });

  it("refuses a name that marks nothing", () => {
    expect(() => edit("a 1 # EDIT x", { y: 1 })).toThrow('Nothing is marked "# EDIT y".');
  });
});

describe("withTls", () => {
  it("uncovers the lines for TLS with their indentation", () => {
    expect(withTls("  #tls a:\n  #tls   b: 1\nc: 2")).toBe("  a:\n    b: 1\nc: 2");
  });
});
