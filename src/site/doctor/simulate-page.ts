import type { Answer, Look, LookRequest, Sight } from "./ports.ts";

/** What a simulated page needs. */
export interface SimulatedPageOptions {
  /** Must follow no redirect; rejects when there is no answer. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The origin of the page; without one nothing is kept from it. */
  readonly origin?: string;
  /** Says why there was no answer. */
  readonly reasonOf: (error: unknown) => string;
}

const plainRequestHeaders = new Set(["accept", "accept-language", "content-language"]);
const plainContentTypes =
  /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(;|$)/;
const plainAnswerHeaders = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
]);

/**
 * Sees what a page of `origin` would (Fetch standard, CORS protocol): asks with
 * `Origin`, before that with a preflight where a browser would, and keeps back
 * what is not exposed.
 */
export function createSimulatedPage(options: SimulatedPageOptions): Look {
  return async (url, request = {}) => {
    const { origin } = options;
    if (!URL.canParse(url)) return { kind: "silent", why: "this is no address" };
    const isForeign = origin !== undefined && new URL(url).origin !== origin;
    if (isForeign) {
      const refusal = await preflight(options, origin, url, request);
      if (refusal !== undefined) return refusal;
    }
    const from = isForeign ? { Origin: origin } : {};
    const sent = await send(options, url, { ...request, headers: { ...request.headers, ...from } });
    if (sent.kind !== "answer" || !isForeign) return sent;
    const why = originProblem(sent.headers, origin);
    return why === undefined ? keepBack(sent) : { kind: "refused", why };
  };
}

async function preflight(
  options: SimulatedPageOptions,
  origin: string,
  url: string,
  request: LookRequest,
): Promise<Sight | undefined> {
  const special = specialHeaders(request.headers ?? {});
  if (special.length === 0) return undefined;
  const answer = await send(options, url, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": request.method ?? "GET",
      "Access-Control-Request-Headers": special.join(","),
    },
  });
  if (answer.kind !== "answer") return answer;
  const why = originProblem(answer.headers, origin) ?? preflightProblem(answer, special);
  return why === undefined ? undefined : { kind: "refused", why };
}

function preflightProblem(answer: Answer, special: readonly string[]): string | undefined {
  if (answer.status < 200 || answer.status > 299)
    return `the preflight was answered ${answer.status}`;
  const allowed = listOf(answer.headers, "access-control-allow-headers");
  // The Fetch standard takes Authorization out of what * stands for.
  const lacking = special.filter(
    (name) => !allowed.includes(name) && (name === "authorization" || !allowed.includes("*")),
  );
  return lacking.length === 0 ? undefined : `the preflight does not allow ${lacking.join(", ")}`;
}

function originProblem(headers: Headers, origin: string): string | undefined {
  const allowed = headers.get("access-control-allow-origin");
  if (allowed === "*" || allowed === origin) return undefined;
  return `Access-Control-Allow-Origin is ${allowed ?? "missing"}`;
}

/** The headers for which a browser asks first. */
function specialHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name, value]) =>
      name === "content-type" ? !plainContentTypes.test(value) : !plainRequestHeaders.has(name),
    )
    .map(([name]) => name)
    .toSorted();
}

function keepBack(answer: Answer): Answer {
  const exposed = listOf(answer.headers, "access-control-expose-headers");
  const exposes = (name: string) =>
    plainAnswerHeaders.has(name.toLowerCase()) ||
    exposed.includes("*") ||
    exposed.includes(name.toLowerCase());
  const readable = [...answer.headers].filter(([name]) => exposes(name));
  return { ...answer, headers: new Headers(readable), exposes };
}

function listOf(headers: Headers, name: string): string[] {
  const entries = (headers.get(name) ?? "").split(",");
  return entries.map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== "");
}

async function send(
  { fetch, reasonOf }: SimulatedPageOptions,
  url: string,
  { method = "GET", headers = {}, body }: LookRequest,
): Promise<Sight> {
  try {
    const init = { method, headers, redirect: "manual" as const };
    const response = await fetch(url, body === undefined ? init : { ...init, body });
    return {
      kind: "answer",
      status: response.status,
      headers: response.headers,
      body: new Uint8Array(await response.arrayBuffer()),
      exposes: () => true,
      date: response.headers.get("date") ?? undefined,
    };
  } catch (error) {
    return { kind: "silent", why: reasonOf(error) };
  }
}
