import type { SiteConfig } from "../config.ts";
import { finding } from "./catalogue.ts";
import type { Finding } from "./catalogue.ts";
import { getUserUrl } from "./check-api.ts";
import { callHeaders, emptyCall, grpcCode, grpcStatusOf, trailerOf } from "./grpc-web.ts";
import { isObject } from "./ports.ts";
import type { Answer, DoctorPorts } from "./ports.ts";

/** Whether the API takes this access token; when not, why that may be. */
export async function checkToken(
  config: SiteConfig,
  token: string,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const url = getUserUrl(config);
  const headers = { ...callHeaders, Authorization: `Bearer ${token}` };
  const sight = await ports.look(url, emptyCall(headers));
  if (sight.kind !== "answer") return [];
  const grpc = grpcStatusOf(sight);
  if (sight.status === 403 || grpc === grpcCode.permissionDenied) {
    return [finding("token-lacks-scope", `${url} took the token, and allows it nothing.`)];
  }
  if (sight.status !== 401 && grpc !== grpcCode.unauthenticated) return [];
  return [explain(config, token, reasonOf(sight), ports.now())];
}

// A client has no business in a token (RFC 9068 section 6); who looks for the
// reason of a refusal has.
function explain(config: SiteConfig, token: string, reason: string, nowMs: number): Finding {
  const [head, claims] = token.split(".").map(decode);
  if (head === undefined || claims === undefined || token.split(".").length !== 3) {
    return finding("token-opaque", `The API refused a token that is no JWT${reason}.`);
  }
  const { aud, iss, exp } = claims;
  if (typeof exp === "number" && exp * 1000 < nowMs) {
    const date = new Date(exp * 1000).toISOString();
    return finding("token-expired", `The API refused a token that expired at ${date}${reason}.`);
  }
  if (iss !== config.issuer) {
    const problem = `The API refused a token of ${shown(iss)}; config.json names ${config.issuer}${reason}.`;
    return finding("token-wrong-issuer", problem);
  }
  const type = String(head["typ"]).toLowerCase();
  if (type !== "at+jwt" && type !== "application/at+jwt") {
    return finding(
      "token-wrong-type",
      `The API refused a token of type ${shown(head["typ"])}${reason}.`,
    );
  }
  const audiences = [aud].flat();
  const isOther = config.resource !== undefined && !audiences.includes(config.resource);
  if (isOther || /audience|\baud\b|for another API/i.test(reason)) {
    return finding("token-wrong-audience", `The API refused a token for ${shown(aud)}${reason}.`);
  }
  return finding("token-refused", `The API refused the token${reason}.`);
}

/** Why the API says that it refused (RFC 6750 section 3, or the message of the status). */
function reasonOf(answer: Answer): string {
  const challenge =
    answer.headers.get("www-authenticate") ?? trailerOf(answer, "www-authenticate") ?? "";
  const described = /error_description="([^"]*)"/.exec(challenge)?.[1];
  const message = answer.headers.get("grpc-message") ?? trailerOf(answer, "grpc-message");
  const text = described ?? readPercent(message ?? "");
  return text === "" ? "" : `; it says: ${text.replace(/\.$/, "")}`;
}

function readPercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decode(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const bytes = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
    const value: unknown = JSON.parse(bytes);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
