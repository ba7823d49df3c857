import type { SiteConfig } from "../config.ts";
import { finding } from "./catalogue.ts";
import type { Finding, FindingCode } from "./catalogue.ts";
import { jsonOf, toldOf } from "./ports.ts";
import type { Answer, DoctorPorts, Sight } from "./ports.ts";

/** A discovery document (OpenID Connect Discovery, section 3). */
export type Metadata = Readonly<Record<string, unknown>>;

/** What was found about the issuer; `metadata` when its document could be read. */
export interface IssuerReport {
  readonly findings: readonly Finding[];
  readonly metadata?: Metadata;
}

/** Reads the discovery document, and judges what it promises. */
export async function checkIssuer(config: SiteConfig, ports: DoctorPorts): Promise<IssuerReport> {
  const url = `${config.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const seen = await ports.look(url);
  const hidden = seen.kind === "answer" ? [] : [unseen(seen, url, config)];
  // What is kept from pages can still be judged where one may look past it.
  const sight = seen.kind === "refused" ? await ports.open?.(url) : seen;
  if (sight?.kind !== "answer") return { findings: hidden };
  if (sight.status !== 200) {
    const problem = `${url} answered ${sight.status}.`;
    return { findings: [...hidden, finding("discovery-unreachable", problem)] };
  }
  const metadata = jsonOf(sight);
  if (metadata === undefined) {
    const problem = `${url} is not a JSON object but ${typeOf(sight)}.`;
    return { findings: [...hidden, finding("discovery-not-json", problem)] };
  }
  const keys = await checkKeys(metadata, ports);
  return { findings: [...hidden, ...judge(config, metadata), ...keys], metadata };
}

function unseen(sight: Exclude<Sight, Answer>, url: string, config: SiteConfig): Finding {
  const codes = {
    blocked: "csp-blocks-issuer",
    refused: "issuer-cors-discovery",
    silent: "discovery-unreachable",
  } as const;
  const host = new URL(config.issuer).origin;
  const problems = {
    blocked: `The page may not ask ${host}: the policy that is served does not name it.`,
    refused: `A page of the site may not read ${url}: ${toldOf(sight)}.`,
    silent: `${url} did not answer: ${toldOf(sight)}.`,
  };
  return finding(codes[sight.kind], problems[sight.kind]);
}

function judge(config: SiteConfig, metadata: Metadata): Finding[] {
  const found: Finding[] = [];
  const add = (code: FindingCode, problem: string) => found.push(finding(code, problem));
  const { issuer } = metadata;
  if (issuer !== config.issuer) {
    add(
      "issuer-mismatch",
      `config.json says ${JSON.stringify(config.issuer)}, the discovery document ${JSON.stringify(issuer)}.`,
    );
  }
  const methods = listOf(metadata, "code_challenge_methods_supported");
  if (!(methods?.includes("S256") ?? supportsUnannounced(config))) {
    add("no-pkce", `The discovery document does not announce the code challenge method S256.`);
  }
  // RFC 8414 section 2: a list that is left out leaves it open.
  const grants = listOf(metadata, "grant_types_supported");
  const responses = listOf(metadata, "response_types_supported");
  if (grants?.includes("authorization_code") === false || responses?.includes("code") === false) {
    add(
      "no-authorization-code",
      "The discovery document does not name the authorization code flow.",
    );
  }
  const endpoint = metadata["authorization_endpoint"];
  if (typeof endpoint !== "string" || !URL.canParse(endpoint)) {
    const told = endpoint === undefined ? "has no" : "has no address as";
    add("no-authorization-code", `The discovery document ${told} authorization_endpoint.`);
  }
  if (grants?.includes("refresh_token") === false) {
    add("no-refresh-grant", "The discovery document does not name the grant refresh_token.");
  }
  return found;
}

// Entra supports PKCE, and has never said so in its discovery document.
function supportsUnannounced(config: SiteConfig): boolean {
  return new URL(config.issuer).hostname.endsWith(".microsoftonline.com");
}

async function checkKeys(metadata: Metadata, ports: DoctorPorts): Promise<Finding[]> {
  const url = metadata["jwks_uri"];
  // The page itself needs no keys: a browser that may not read them proves nothing.
  if (typeof url !== "string" || ports.open === undefined) return [];
  const sight = await ports.open(url);
  const keys =
    sight.kind === "answer" && sight.status === 200 ? jsonOf(sight)?.["keys"] : undefined;
  if (Array.isArray(keys) && keys.length > 0) return [];
  const told = sight.kind === "answer" ? `it answered ${sight.status}` : toldOf(sight);
  return [finding("jwks-unreachable", `${url} has no keys: ${told}.`)];
}

function listOf(metadata: Metadata, name: string): readonly unknown[] | undefined {
  const value = metadata[name];
  return Array.isArray(value) ? value : undefined;
}

function typeOf(answer: Answer): string {
  return answer.headers.get("content-type")?.split(";", 1)[0] ?? "something without a type";
}
