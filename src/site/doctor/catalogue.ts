/** What can be found, by its code, and what to do about it. Codes are stable. */
export const remedies = {
  "config-unreadable":
    "Put config.json beside index.html, and have it served at /config.json as JSON.",
  "config-mistake": "Correct the field in config.json.",
  "config-differs": "Deploy the same config.json that the headers were written from.",
  "discovery-unreachable":
    "Check issuer in config.json, and that /.well-known/openid-configuration below it can be opened.",
  "discovery-not-json":
    "Check issuer in config.json: a realm or tenant is often missing from its path.",
  "issuer-mismatch":
    "Copy the issuer character by character from the discovery document into config.json; a slash at the end counts.",
  "no-pkce": "Switch PKCE with S256 on at the issuer.",
  "no-authorization-code": "Allow the authorization code flow at the issuer.",
  "no-refresh-grant":
    "Allow the refresh token grant at the issuer, or people sign in again whenever a token expires.",
  "jwks-unreachable": "Have the issuer publish its keys: without them the API can check no token.",
  "issuer-cors-discovery":
    "Allow the site's origin at the issuer (web origins, allowed CORS origins) for the discovery document.",
  "issuer-cors-token":
    "Allow the site's origin at the issuer (web origins, allowed CORS origins) for the token endpoint.",
  "token-endpoint-unreachable": "Check that the token endpoint of the discovery document answers.",
  "client-unknown":
    "Register clientId at the issuer as a public client without a secret, or correct it in config.json.",
  "client-refused": "Allow this client the authorization code flow at the issuer.",
  "redirect-uri-refused":
    "Register the site's address with /callback as a redirect URI of the client, exactly as it is written here.",
  "scope-refused":
    "Define these scopes at the issuer, allow them to the client, or correct scopes.",
  "resource-refused": "Define this resource at the issuer, or correct resource in config.json.",
  "api-unreachable": "Check apiBaseUrl in config.json, the certificate, and that the API runs.",
  "api-origin-refused":
    "Allow the site's origin in the CORS settings of the API, for the preflight and for the answer itself.",
  "api-authorization-not-allowed":
    "Name Authorization in Access-Control-Allow-Headers of the API; a * does not cover it.",
  "api-header-not-allowed": "Name these headers in Access-Control-Allow-Headers of the API.",
  "api-no-grpc-web":
    "Let the server or a proxy such as Envoy with its grpc_web filter translate gRPC-Web.",
  "api-not-user-service": "Check apiBaseUrl: user.v1.UserService is not served there.",
  "api-unavailable": "Look at the API and at the proxy in front of it.",
  "api-open": "Demand a token for every method: a missing one must be refused, too.",
  "grpc-status-hidden":
    "Name Grpc-Status, Grpc-Message and Grpc-Status-Details-Bin in Access-Control-Expose-Headers of the API.",
  "www-authenticate-hidden": "Name WWW-Authenticate in Access-Control-Expose-Headers of the API.",
  "api-http1":
    "Switch HTTP/2 on: over HTTP/1.1 a browser has six connections for all tabs, and each live user holds one.",
  "token-not-issued": "Check the credentials that were given to the doctor.",
  "token-wrong-audience":
    "Make both the same: what the issuer puts into aud (resource, audience mapper), and what the API expects.",
  "token-wrong-type":
    "Have the issuer make access tokens of type at+jwt (RFC 9068), or choose the verifier profile of your issuer.",
  "token-wrong-issuer":
    "Make both the same: the issuer in config.json, and the one the API trusts.",
  "token-expired": "Get a fresh token; when it was fresh, look at the clocks.",
  "token-opaque":
    "Have the issuer make JWT access tokens for this API; often it must be registered as a resource.",
  "token-refused": "Look at the API's log for why the signature or a claim is refused.",
  "token-lacks-scope": "Ask for the scopes the API wants (scopes in config.json), and grant them.",
  "clock-skew": "Set the clock (NTP): tokens expire too early or too late, or are not valid yet.",
  "site-unreachable": "Check the address of the site, its certificate, and that it is deployed.",
  "csp-missing": "Put the files of npm run headers in place.",
  "csp-blocks-issuer": "Write the headers again with npm run headers from the config.json in use.",
  "csp-blocks-api": "Write the headers again with npm run headers from the config.json in use.",
  "csp-differs": "Write the headers again with npm run headers from the config.json in use.",
  "header-missing": "Put the files of npm run headers in place.",
  "header-differs": "Put the files of npm run headers in place, and remove what overrides them.",
  "page-kept": "Serve the page with Cache-Control: no-cache, or a deployment is not noticed.",
  "callback-kept": "Serve /callback with Cache-Control: no-store: its address carries a code.",
  "config-kept": "Serve /config.json with Cache-Control: no-cache.",
  "assets-not-immutable":
    "Serve /assets/ with Cache-Control: public, max-age=31536000, immutable; their names change with their content.",
  "missing-asset-is-page":
    "Answer a missing file below /assets/ with 404: a browser would keep the page as a script.",
  "missing-asset-kept":
    "Give a 404 no long Cache-Control, or a file stays missing after it has come.",
  "deep-link-missing": "Serve index.html at the addresses of the application.",
  "source-maps-served": "Do not publish *.map files.",
  "hidden-files-served": "Do not publish folders whose names begin with a dot.",
  "http-not-redirected": "Redirect http to https.",
} as const satisfies Readonly<Record<string, string>>;

/** The name of something that can be wrong. */
export type FindingCode = keyof typeof remedies;

/** Something that is wrong with a deployment. */
export interface Finding {
  readonly code: FindingCode;
  /** A sentence: what was asked, and what happened. Never a secret. */
  readonly problem: string;
  /** A sentence: what to do. */
  readonly remedy: string;
}

/** A finding, with the remedy of its code. */
export function finding(code: FindingCode, problem: string): Finding {
  return { code, problem, remedy: remedies[code] };
}
