import { expect, test } from "vitest";
import { createSimulatedPage } from "../../../../src/site/index.ts";

const origin = "https://lookup.example.com";
const api = "https://api.example.com/call";

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A page, and a server that answers everything with these headers. */
function page(headers: Record<string, string>, status = 200) {
  const sent: Sent[] = [];
  const look = createSimulatedPage({
    origin,
    fetch: (_url, init) => {
      sent.push({ method: init.method ?? "", headers: init.headers as Record<string, string> });
      return Promise.resolve(new Response(null, { status, headers }));
    },
    reasonOf: String,
  });
  return { look, sent };
}

const bearer = { method: "POST", headers: { Authorization: "Bearer x", "X-Grpc-Web": "1" } };

test("a request with headers of its own is asked for first", async () => {
  const { look, sent } = page({
    "Access-Control-Allow-Origin": origin,
    "Access-Control-Allow-Headers": "authorization, X-GRPC-Web",
  });
  expect((await look(api, bearer)).kind).toBe("answer");
  expect(sent.map(({ method }) => method)).toEqual(["OPTIONS", "POST"]);
  expect(sent[0]?.headers).toEqual({
    Origin: origin,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,x-grpc-web",
  });
});

test("what is no address is not answered", async () => {
  const { look, sent } = page({});
  expect(await look("/token")).toEqual({ kind: "silent", why: "this is no address" });
  expect(sent).toEqual([]);
});

test("a form is not asked for first", async () => {
  const { look, sent } = page({ "Access-Control-Allow-Origin": "*" });
  const headers = { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" };
  await look(api, { method: "POST", headers, body: "a=b" });
  expect(sent.map(({ method }) => method)).toEqual(["POST"]);
});

test.each([
  [{}, /Access-Control-Allow-Origin is missing/],
  [{ "Access-Control-Allow-Origin": "https://lookup.example.com/" }, /is https:\/\/lookup/],
  [{ "Access-Control-Allow-Origin": origin }, /does not allow authorization, x-grpc-web/],
  [
    { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" },
    /does not allow authorization$/,
  ],
])("a browser refuses a preflight answered with %j", async (headers: object, why) => {
  const sight = await page(headers as Record<string, string>).look(api, bearer);
  expect(sight).toEqual({ kind: "refused", why: expect.stringMatching(why) });
});

test("a preflight that is redirected is refused", async () => {
  const { look } = page({ "Access-Control-Allow-Origin": "*", Location: "/login" }, 302);
  expect(await look(api, bearer)).toEqual({
    kind: "refused",
    why: "the preflight was answered 302",
  });
});

test("what is not exposed cannot be read", async () => {
  const { look } = page({
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Grpc-Message",
    "Content-Type": "application/grpc-web+proto",
    "Grpc-Message": "no",
    "Grpc-Status": "16",
    Date: "Sun, 22 Nov 2026 01:00:00 GMT",
  });
  const sight = await look(api);
  if (sight.kind !== "answer") throw new Error("There is no answer.");
  expect([...sight.headers.keys()]).toEqual(["content-type", "grpc-message"]);
  expect(sight.exposes("grpc-status")).toBe(false);
  expect(sight.date).toBe("Sun, 22 Nov 2026 01:00:00 GMT");
});

test("of its own origin a page may read everything", async () => {
  const { look, sent } = page({ "X-Frame-Options": "DENY" });
  const sight = await look(`${origin}/`, { headers: { "X-Own": "1" } });
  expect(sight.kind === "answer" && sight.headers.get("x-frame-options")).toBe("DENY");
  expect(sent).toHaveLength(1);
});
