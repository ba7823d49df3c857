/** A request as a page can make it. */
export interface LookRequest {
  /** `GET` unless given. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
}

/** An answer, as far as a page of the site may read it. */
export interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Whether a page may read this header; undefined where that cannot be known. */
  readonly exposes: (name: string) => boolean | undefined;
  /** The `Date` of the answer, also where a page may not read it. */
  readonly date: string | undefined;
}

/** What a page sees of another server. */
export type Sight =
  | Answer
  /** There was an answer, but not for pages of this origin (CORS). `why`: in words, if known. */
  | { readonly kind: "refused"; readonly why: string }
  /** The page's own Content-Security-Policy forbids to ask. */
  | { readonly kind: "blocked" }
  /** Nothing answered. */
  | { readonly kind: "silent"; readonly why: string };

/** Asks as a page of the site would, and follows no redirect. Never rejects. */
export type Look = (url: string, request?: LookRequest) => Promise<Sight>;

/** What the doctor needs of its surroundings. */
export interface DoctorPorts {
  readonly look: Look;
  /** Opens an address as a person does, without CORS. Only where that can be seen. */
  readonly open?: Look;
  /** `h2`, `http/1.1` …: what a server speaks; undefined when that cannot be known. */
  readonly protocol?: (url: string) => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The text of an answer. */
export function textOf(answer: Answer): string {
  return new TextDecoder().decode(answer.body);
}

/** The JSON object of an answer; undefined when it is none. */
export function jsonOf(answer: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(textOf(answer));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `value` is an object with keys, and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How a sight that is no answer is told. */
export function toldOf(sight: Exclude<Sight, Answer>): string {
  if (sight.kind === "blocked") return "the page's own policy forbids to ask";
  return sight.why;
}
