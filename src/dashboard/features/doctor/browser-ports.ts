import type { DoctorPorts, LookRequest, Sight } from "../../../site/index.ts";
import { enDoctor } from "../../messages/en-doctor.ts";

const timeoutMs = 15_000;

/** Lets the doctor of `site` see what this browser shows to this page. */
export function createBrowserPorts(): DoctorPorts {
  return { look, protocol, now: () => Date.now() };
}

async function look(url: string, request: LookRequest = {}): Promise<Sight> {
  try {
    const response = await ask(url, toInit(request));
    return {
      kind: "answer",
      // Where a redirect leads is kept from pages, and that it is one is not.
      status: response.type === "opaqueredirect" ? 302 : response.status,
      headers: response.headers,
      body: new Uint8Array(await response.arrayBuffer()),
      exposes: () => undefined,
      date: response.headers.get("date") ?? undefined,
    };
  } catch {
    // A page may send some requests whose answer it may not read: whether one
    // comes tells a server that refuses pages from one that is not there.
    const isThere = await ask(url, { mode: "no-cors" }).then(
      () => true,
      () => false,
    );
    if (isThere) return { kind: "refused", why: enDoctor.notForPages };
    const isBlocked = await isForbidden(url).catch(() => false);
    return isBlocked ? { kind: "blocked" } : { kind: "silent", why: enDoctor.noAnswer };
  }
}

function toInit({ method = "GET", headers = {}, body }: LookRequest): RequestInit {
  const init = { method, headers, redirect: "manual" as const };
  return body === undefined ? init : { ...init, body };
}

function ask(url: string, init: RequestInit): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  return fetch(url, { cache: "no-store", credentials: "omit", signal, ...init });
}

/**
 * Whether the page's own Content-Security-Policy forbids to ask the origin of
 * `url`. The event that says so may come after the failure that it explains.
 */
async function isForbidden(url: string): Promise<boolean> {
  const { headers } = await ask(location.href, { method: "HEAD" });
  const policy = headers.get("content-security-policy") ?? "";
  const allowed = /(?:^|;)\s*connect-src ([^;]*)/.exec(policy)?.[1];
  return allowed !== undefined && !allowed.split(/\s+/).includes(new URL(url).origin);
}

/** What was spoken last with the server; browsers tell it only of servers that allow it. */
function protocol(url: string): Promise<string | undefined> {
  const entries = performance.getEntriesByName(url, "resource");
  const last = entries.findLast((entry) => entry instanceof PerformanceResourceTiming);
  return Promise.resolve(last?.nextHopProtocol);
}
