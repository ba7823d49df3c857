import type { FindingCode, SiteConfig } from "../../../src/site/index.ts";
import type { Fault, ProxiedAnswer } from "./fault-proxy.ts";

/** Something that goes wrong in a deployment, and what the doctor must call it. */
export interface SeededFault {
  readonly code: FindingCode;
  /** What was done wrong. */
  readonly what: string;
  readonly at: "issuer" | "api" | "site";
  readonly fault: Fault;
  /** What the configuration says, here and in the site, instead. */
  readonly config?: Partial<SiteConfig>;
}

const isDiscovery = (url: string) => url.startsWith("/.well-known/");

/** Changes the JSON that the issuer publishes about itself. */
export function discovery(change: (metadata: Record<string, unknown>) => void): Fault {
  return {
    answer(answer, { url }) {
      if (!isDiscovery(url)) return;
      const metadata = JSON.parse(answer.body.toString()) as Record<string, unknown>;
      change(metadata);
      answer.body = Buffer.from(JSON.stringify(metadata));
    },
  };
}

/** Changes what is answered at the paths that `pattern` matches. */
export function at(
  pattern: RegExp,
  change: (answer: ProxiedAnswer, method: string) => void,
): Fault {
  return {
    answer(answer, { url, method }) {
      if (pattern.test(url.split("?", 1)[0] ?? "")) change(answer, method);
    },
  };
}

/** Takes headers away. */
export function without(...names: string[]) {
  return (answer: ProxiedAnswer) => {
    for (const name of names) delete answer.headers[name];
  };
}

/** Changes a header that is there. */
export function header(name: string, change: (value: string) => string) {
  return (answer: ProxiedAnswer) => {
    const value = answer.headers[name];
    if (typeof value === "string") answer.headers[name] = change(value);
  };
}

/** A list without one entry. */
export const lacking = (name: string) => (value: string) =>
  value
    .split(", ")
    .filter((each) => each.toLowerCase() !== name.toLowerCase())
    .join(", ");

/** Refusals as a proxy writes them: the status in the headers, no body, nothing exposed. */
export const spoilBareRefusals: Fault = {
  answer(answer, { method }) {
    if (method !== "POST") return;
    answer.headers["grpc-status"] = "16";
    answer.headers["access-control-expose-headers"] = "x-request-id";
    answer.body = Buffer.alloc(0);
  },
};
