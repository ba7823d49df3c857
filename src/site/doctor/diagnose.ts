import type { SiteConfig } from "../config.ts";
import type { Finding } from "./catalogue.ts";
import { checkApi } from "./check-api.ts";
import { checkClient } from "./check-client.ts";
import { checkIssuer } from "./check-issuer.ts";
import { checkSite } from "./check-site.ts";
import { checkToken } from "./check-token.ts";
import type { DoctorPorts } from "./ports.ts";
import { watchClocks } from "./watch-clocks.ts";

/** What is examined. */
export interface Deployment {
  readonly config: SiteConfig;
  /** Where the site is; without it CORS, redirects and headers cannot be judged. */
  readonly origin?: string;
  /** An access token for the API; never part of a finding. */
  readonly token?: string;
}

/** The parts of an examination, in their order. */
export const examinations = ["site", "issuer", "client", "api", "token", "clocks"] as const;

/** One of {@link examinations}. */
export type Examination = (typeof examinations)[number];

/**
 * Examines a deployment, and tells `onDone` of each part as it ends. Resolves
 * with everything that was found, each fault once; empty means healthy.
 */
export async function diagnose(
  { config, origin, token }: Deployment,
  given: DoctorPorts,
  onDone: (part: Examination, findings: readonly Finding[]) => void = () => {},
): Promise<Finding[]> {
  const { ports, findings: clocks } = watchClocks(given);
  const found: Finding[] = [];
  const note = (part: Examination, all: readonly Finding[]) => {
    const fresh = all.filter(({ code }) => !isKnown(code));
    found.push(...fresh);
    onDone(part, fresh);
  };
  // The policy of the page is seen by who reads its headers, and by who is blocked.
  const isKnown = (code: string) =>
    code.startsWith("csp-") && found.some((each) => each.code === code);
  note("site", origin === undefined ? [] : await checkSite(config, origin, ports));
  const issuer = await checkIssuer(config, ports);
  note("issuer", issuer.findings);
  const { metadata } = issuer;
  note("client", metadata === undefined ? [] : await checkClient(config, origin, metadata, ports));
  const api = await checkApi(config, ports);
  note("api", api);
  note("token", token === undefined ? [] : await checkToken(config, token, ports));
  note("clocks", clocks());
  return found;
}
