import { siteFaults } from "./site-faults.ts";
import { at, discovery, header, lacking, without } from "./spoil.ts";
import type { SeededFault } from "./spoil.ts";

const isApi = (url: string) => url.includes("/user.v1.UserService/");

/** One deployment mistake each. */
export const faults: readonly SeededFault[] = [
  {
    code: "discovery-unreachable",
    what: "the issuer's path is wrong",
    at: "issuer",
    fault: at(/^\/\.well-known/, (answer) => void (answer.status = 404)),
  },
  {
    code: "discovery-unreachable",
    what: "the issuer is down",
    at: "issuer",
    fault: { answer: () => "drop" },
  },
  {
    code: "discovery-not-json",
    what: "a portal answers in the issuer's place",
    at: "issuer",
    fault: at(/^\/\.well-known/, (answer) => {
      answer.headers["content-type"] = "text/html";
      answer.body = Buffer.from("<!doctype html><title>Welcome</title>");
    }),
  },
  {
    code: "issuer-mismatch",
    what: "the issuer has a slash at its end",
    at: "issuer",
    fault: discovery((metadata) => (metadata["issuer"] = `${String(metadata["issuer"])}/`)),
  },
  {
    code: "no-pkce",
    what: "PKCE is switched off",
    at: "issuer",
    fault: discovery((metadata) => (metadata["code_challenge_methods_supported"] = ["plain"])),
  },
  {
    code: "no-authorization-code",
    what: "only the implicit flow is allowed",
    at: "issuer",
    fault: discovery((metadata) => {
      metadata["response_types_supported"] = ["id_token"];
    }),
  },
  {
    code: "no-refresh-grant",
    what: "the refresh grant is not allowed",
    at: "issuer",
    fault: discovery((metadata) => {
      metadata["grant_types_supported"] = ["authorization_code", "client_credentials"];
    }),
  },
  {
    code: "jwks-unreachable",
    what: "the issuer publishes no keys",
    at: "issuer",
    fault: at(/^\/jwks/, (answer) => (answer.body = Buffer.from('{"keys":[]}'))),
  },
  {
    code: "issuer-cors-discovery",
    what: "pages may not read the discovery document",
    at: "issuer",
    fault: at(/^\/\.well-known/, without("access-control-allow-origin")),
  },
  {
    code: "issuer-cors-token",
    what: "the site is no allowed origin of the token endpoint",
    at: "issuer",
    fault: at(/^\/token$/, without("access-control-allow-origin")),
  },
  {
    code: "client-unknown",
    what: "the client's id is misspelt",
    at: "issuer",
    fault: {},
    config: { clientId: "user-lookupp" },
  },
  {
    code: "redirect-uri-refused",
    what: "the redirect URI is another one than registered",
    at: "issuer",
    fault: {
      request(request) {
        request.url = request.url.replace("%2Fcallback&", "%2Fcallbackk&");
      },
    },
  },
  {
    code: "scope-refused",
    what: "a scope does not exist",
    at: "issuer",
    fault: {},
    config: { scopes: ["openid", "users.reed"] },
  },
  {
    code: "resource-refused",
    what: "the resource does not exist",
    at: "issuer",
    fault: {},
    config: { resource: "urn:other" },
  },
  {
    code: "clock-skew",
    what: "the issuer's clock is five minutes behind",
    at: "issuer",
    fault: at(
      /./,
      header("date", (date) => new Date(Date.parse(date) - 300_000).toUTCString()),
    ),
  },
  { code: "api-unreachable", what: "the API is down", at: "api", fault: { answer: () => "drop" } },
  {
    code: "api-origin-refused",
    what: "the API allows another origin",
    at: "api",
    fault: at(
      /./,
      header("access-control-allow-origin", () => "https://other.example.com"),
    ),
  },
  {
    code: "api-authorization-not-allowed",
    what: "the preflight forgets Authorization",
    at: "api",
    fault: at(/./, header("access-control-allow-headers", lacking("Authorization"))),
  },
  {
    code: "api-authorization-not-allowed",
    what: "the preflight allows * and means Authorization, too",
    at: "api",
    fault: at(
      /./,
      header("access-control-allow-headers", () => "*"),
    ),
  },
  {
    code: "api-header-not-allowed",
    what: "the preflight forgets Grpc-Timeout",
    at: "api",
    fault: at(/./, header("access-control-allow-headers", lacking("Grpc-Timeout"))),
  },
  {
    code: "grpc-status-hidden",
    what: "Grpc-Status is not exposed",
    at: "api",
    fault: at(/./, header("access-control-expose-headers", lacking("Grpc-Status"))),
  },
  {
    code: "www-authenticate-hidden",
    what: "WWW-Authenticate is not exposed",
    at: "api",
    fault: at(/./, header("access-control-expose-headers", lacking("WWW-Authenticate"))),
  },
  {
    code: "api-no-grpc-web",
    what: "a gRPC server without a translator answers",
    at: "api",
    fault: {
      answer(answer, { url, method }) {
        if (!isApi(url) || method !== "POST") return;
        answer.status = 415;
        answer.headers["content-type"] = "text/plain";
        answer.body = Buffer.from("gRPC requires HTTP/2");
      },
    },
  },
  {
    code: "api-not-user-service",
    what: "the API's path is wrong",
    at: "api",
    fault: {
      request(request) {
        request.url = `/wrong${request.url}`;
      },
    },
  },
  {
    code: "api-unavailable",
    what: "the proxy finds no API behind it",
    at: "api",
    fault: at(/./, (answer, method) => {
      if (method === "POST") answer.status = 503;
    }),
  },
  ...siteFaults,
];
