import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestBackend } from "../support/backend.ts";
import type { TestBackend } from "../support/backend.ts";
import { runCli } from "../support/cli.ts";

let backend: TestBackend;
beforeAll(async () => {
  backend = await startTestBackend({ seedUsers: 5 });
});
afterAll(() => backend.remove());

const lookup = (args: readonly string[]) =>
  runCli(["--issuer", backend.issuerUrl, "--api", backend.apiUrl, ...args]);

// A label of more than 63 characters is refused by the resolver of this machine, so
// that no question leaves it.
const unknownHost = `${"nope".repeat(17)}.invalid`;

describe("bad input is told in one sentence", () => {
  const cases: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    [
      "a wrong secret",
      ["--client-id", "test-client", "--client-secret", "s3cret"],
      3,
      /401 invalid_client ".+"; check --client-id and the client's secret\.$/,
    ],
    [
      "a scope that is refused",
      ["--scope", "users.contact"],
      3,
      /400 invalid_scope ".+"; ask for other scopes/,
    ],
    [
      "an unknown host",
      ["--issuer", `https://${unknownHost}`, "--client-id", "a", "--client-secret", "s3cret"],
      4,
      /nope\.invalid .*no answer \((ENOTFOUND|EAI_AGAIN)\); check that the issuer runs/,
    ],
    [
      "an API where nobody listens",
      ["--api", "http://localhost:1"],
      4,
      /localhost:1 for users: it answered UNAVAILABLE "connect ECONNREFUSED.*"; check that the API runs/,
    ],
    [
      "a resource that the issuer does not know",
      ["--resource", "https://other.example"],
      3,
      /invalid_target/,
    ],
    [
      "an issuer of another name",
      ["--issuer", "http://127.0.0.1:PORT"],
      3,
      /not the metadata of this issuer/,
    ],
    [
      "an API over plain http elsewhere",
      ["--api", "http://192.0.2.1"],
      2,
      /--api is plain http to another machine.*Use https/,
    ],
    [
      "no credentials",
      ["--issuer", "https://login.example.com"],
      2,
      /no credentials for .* user-lookup login/,
    ],
    [
      "a grant without its file",
      ["--grant", "jwt-bearer", "--client-id", "a"],
      2,
      /--assertion FILE or --key FILE/,
    ],
    [
      "a file that is not there",
      ["--assertion", "/nonexistent/file"],
      2,
      /\/nonexistent\/file of --assertion cannot be read \(ENOENT\)/,
    ],
    ["an unknown option", ["--client-secert=s3cret"], 2, /'--client-secert'.*--help/],
    [
      "an unknown grant",
      ["--grant", "password"],
      2,
      /client-credentials, jwt-bearer, refresh-token/,
    ],
    ["a timeout that is none", ["--timeout", "soon"], 2, /--timeout is "soon"/],
    ["an address that is none", ["--api", "localhost:50051"], 2, /--api is no address/],
    ["two kinds of lookup", ["--query", "ada"], 2, /not both/],
    [
      "a refresh token that is not there",
      ["--grant", "refresh-token"],
      3,
      /There is no refresh token .*user-lookup login/,
    ],
  ];

  test.each(cases)("%s", async (_name, args, code, sentence) => {
    const port = new URL(backend.issuerUrl).port;
    const result = await lookup([...args.map((each) => each.replace("PORT", port)), "user123"]);
    expect(result.out).toEqual([]);
    expect(result.err).toHaveLength(1);
    expect(result.err[0]).toMatch(sentence);
    expect(result.err[0]).not.toContain("s3cret");
    expect(result.code).toBe(code);
  });

  test.each([
    [
      200,
      "text/html",
      "<!doctype html><p>Welcome",
      3,
      /answered 200, which is not a token endpoint's answer; check --issuer and --token-url/,
    ],
    [503, "text/html", "<!doctype html><p>Sorry", 4, /answered 503; check that the issuer runs/],
  ])("a token endpoint that answers %i with HTML", async (status, type, body, code, sentence) => {
    const server = createServer((_request, response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const result = await lookup(["--token-url", `http://127.0.0.1:${port}/token`, "user123"]);
    expect(result).toMatchObject({ code, out: [] });
    expect(result.err.join()).toMatch(sentence);
    server.closeAllConnections();
    server.close();
  });

  test("a token endpoint that never answers, within the timeout", async () => {
    const server = createServer(() => {}).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const where = ["--token-url", `http://127.0.0.1:${port}/token`, "--timeout", "0.2"];
    const { code, err } = await lookup([...where, "user123"]);
    expect(code).toBe(4);
    expect(err).toHaveLength(1);
    server.closeAllConnections();
    server.close();
  });
});
