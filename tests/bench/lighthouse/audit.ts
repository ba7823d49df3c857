import { loadPeer } from "../working-day/peers.ts";

/** What Lighthouse judges, apart from search engines: the page asks them to stay away. */
export const categories = ["performance", "accessibility", "best-practices"] as const;

/** One of {@link categories}. */
export type Category = (typeof categories)[number];

/** One look of Lighthouse at a page. */
export interface Audit {
  /** 0 to 100. */
  readonly scores: Readonly<Record<Category, number>>;
  /** What kept a score below 100, one line each. */
  readonly complaints: readonly string[];
}

/** What of a report is read here. */
interface Report {
  readonly lhr: {
    readonly runtimeError?: { readonly message: string };
    readonly audits: Readonly<
      Record<
        string,
        { readonly score: number | null; readonly title: string; readonly displayValue?: string }
      >
    >;
    readonly categories: Readonly<
      Record<
        string,
        {
          readonly score: number | null;
          readonly auditRefs: readonly { readonly id: string; readonly weight: number }[];
        }
      >
    >;
  };
}

type Lighthouse = (url: string, flags: object, config?: object) => Promise<Report | undefined>;

/** Audits a page in the Chromium at `port`, with what that has stored for it. */
export async function audit(
  url: string,
  options: { readonly port: number; readonly formFactor: "mobile" | "desktop" },
): Promise<Audit> {
  const lighthouse = await loadPeer<Lighthouse>("lighthouse", "core/index.js");
  const desktop = await loadPeer<object>("lighthouse", "core/config/desktop-config.js");
  const flags = {
    port: options.port,
    onlyCategories: categories,
    // The session is stored, and it is what is looked at.
    disableStorageReset: true,
    // A user who is watched keeps a stream open: the network never comes to rest.
    maxWaitForLoad: 10_000,
    logLevel: "error",
  };
  const report = await lighthouse(
    url,
    flags,
    options.formFactor === "desktop" ? desktop : undefined,
  );
  if (report === undefined) throw new Error(`Lighthouse has no report of ${url}.`);
  const { lhr } = report;
  if (lhr.runtimeError !== undefined) throw new Error(lhr.runtimeError.message);
  const scores = categories.map((name) => [
    name,
    Math.round(100 * (lhr.categories[name]?.score ?? 0)),
  ]);
  return { scores: Object.fromEntries(scores) as Audit["scores"], complaints: complaintsOf(lhr) };
}

function complaintsOf(lhr: Report["lhr"]): string[] {
  return categories.flatMap((name) =>
    (lhr.categories[name]?.auditRefs ?? [])
      .filter(({ weight }) => weight > 0)
      .map(({ id }) => lhr.audits[id])
      .filter((each) => each !== undefined && each.score !== null && each.score < 0.9)
      .map((each) => `${name}: ${each?.title} ${each?.displayValue ?? ""}`.trim()),
  );
}
