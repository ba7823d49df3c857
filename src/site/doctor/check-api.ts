import type { SiteConfig } from "../config.ts";
import { finding } from "./catalogue.ts";
import type { Finding } from "./catalogue.ts";
import { callHeaders, emptyCall, grpcCode, grpcStatusOf } from "./grpc-web.ts";
import { toldOf } from "./ports.ts";
import type { Answer, DoctorPorts } from "./ports.ts";

/** Where `GetUser` is served. */
export function getUserUrl(config: SiteConfig): string {
  return `${config.apiBaseUrl}/user.v1.UserService/GetUser`;
}

/** Whether pages of the site can call the API, understand its refusals, and get in only with a token. */
export async function checkApi(config: SiteConfig, ports: DoctorPorts): Promise<Finding[]> {
  const url = getUserUrl(config);
  // Not a token: what is asked is whether a browser may send one.
  const bearer = { ...callHeaders, Authorization: "Bearer doctor" };
  const sight = await ports.look(url, emptyCall(bearer));
  if (sight.kind === "refused") return findRefused(url, bearer, toldOf(sight), ports);
  if (sight.kind === "blocked") {
    return [finding("csp-blocks-api", `The page may not ask ${new URL(url).origin}.`)];
  }
  if (sight.kind === "silent") {
    return [finding("api-unreachable", `${url} did not answer: ${toldOf(sight)}.`)];
  }
  const hidden = hiddenHeaders(sight, url);
  const wrong = judgeRefusal(sight, url, "a token that is none");
  if (wrong !== undefined) return [...hidden, wrong];
  const anonymous = await ports.look(url, emptyCall(callHeaders));
  const open = anonymous.kind === "answer" ? judgeRefusal(anonymous, url, "no token") : undefined;
  return [...hidden, ...(open === undefined ? [] : [open]), ...(await checkHttp(url, ports))];
}

/** One header at a time, to see which of them is not welcome. */
async function findRefused(
  url: string,
  headers: Readonly<Record<string, string>>,
  why: string,
  ports: DoctorPorts,
): Promise<Finding[]> {
  const names = Object.keys(headers);
  const sights = await Promise.all(
    Object.entries(headers).map(([name, value]) => ports.look(url, emptyCall({ [name]: value }))),
  );
  const refused = names.filter((_, index) => sights[index]?.kind === "refused");
  if (refused.length === names.length || refused.length === 0) {
    return [finding("api-origin-refused", `Pages of the site may not call ${url}: ${why}.`)];
  }
  const others = refused.filter((name) => name !== "Authorization");
  const told = (list: readonly string[]) => `A page may not send ${list.join(", ")} to ${url}.`;
  return [
    ...(others.length === refused.length
      ? []
      : [finding("api-authorization-not-allowed", told(["Authorization"]))]),
    ...(others.length === 0 ? [] : [finding("api-header-not-allowed", told(others))]),
  ];
}

function hiddenHeaders(answer: Answer, url: string): Finding[] {
  const found: Finding[] = [];
  const isBare = answer.status === 200 && answer.body.length === 0;
  const lost = isBare && grpcStatusOf(answer) === undefined;
  if (answer.exposes("grpc-status") === false || (lost && isGrpcWeb(answer))) {
    const problem = `Pages may not read Grpc-Status of ${url}: an error that has no body is read as "missing trailer".`;
    found.push(finding("grpc-status-hidden", problem));
  }
  if (answer.exposes("www-authenticate") === false) {
    const problem = `Pages may not read WWW-Authenticate of ${url}: why a token is refused, and how to step up, is lost.`;
    found.push(finding("www-authenticate-hidden", problem));
  }
  return found;
}

/** What is wrong when the call was sent with `what`, and so had to be refused. */
function judgeRefusal(answer: Answer, url: string, what: string): Finding | undefined {
  const { status } = answer;
  const grpc = grpcStatusOf(answer);
  if (status === 401 || status === 403) return undefined;
  if (status === 404 || grpc === grpcCode.unimplemented) {
    return finding("api-not-user-service", `${url} answered ${answered(status, grpc)}.`);
  }
  if (status >= 500 || grpc === grpcCode.unavailable) {
    return finding("api-unavailable", `${url} answered ${answered(status, grpc)}.`);
  }
  if (status !== 200 || !isGrpcWeb(answer)) {
    const type = answer.headers.get("content-type") ?? "no content type";
    return finding(
      "api-no-grpc-web",
      `${url} answered gRPC-Web with ${answered(status, grpc)}, ${type}.`,
    );
  }
  // Without a status it cannot be read, which is told elsewhere.
  if (grpc === undefined) return undefined;
  if (grpc === grpcCode.unauthenticated || grpc === grpcCode.permissionDenied) return undefined;
  return finding(
    "api-open",
    `${url} let in a call with ${what}: it answered ${answered(status, grpc)}.`,
  );
}

async function checkHttp(url: string, ports: DoctorPorts): Promise<Finding[]> {
  // Browsers speak HTTP/2 over TLS only.
  if (!url.startsWith("https:")) return [];
  const protocol = await ports.protocol?.(url);
  if (protocol === undefined || protocol === "" || /^h[23]/.test(protocol)) return [];
  return [finding("api-http1", `${new URL(url).origin} speaks ${protocol} only.`)];
}

function isGrpcWeb(answer: Answer): boolean {
  return answer.headers.get("content-type")?.startsWith("application/grpc-web") ?? false;
}

function answered(status: number, grpc: number | undefined): string {
  return grpc === undefined ? `HTTP ${status}` : `HTTP ${status}, gRPC status ${grpc}`;
}
