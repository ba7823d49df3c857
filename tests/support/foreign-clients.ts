import { postRaw } from "./raw-http.ts";
import type { RawAnswer } from "./raw-http.ts";

/** A client's name and secret. */
export interface ClientCredentials {
  readonly id: string;
  readonly secret: string;
}

/** One token request, as some program writes it. */
export type SendTokenRequest = (
  issuerUrl: string,
  client: ClientCredentials,
  params: Readonly<Record<string, string>>,
) => Promise<RawAnswer>;

const form = "Content-Type: application/x-www-form-urlencoded";

/** Go's `url.QueryEscape`. */
function queryEscape(text: string): string {
  const escaped = encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return escaped.replaceAll("%20", "+");
}

/** Go's `url.Values.Encode`: sorted by key. */
function encodeValues(params: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map((pair) => pair.map(queryEscape).join("=")).join("&");
}

function basic(name: string, password: string): string {
  return `Authorization: Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
}

const goHeaders = ["User-Agent: Go-http-client/1.1", form, "Accept-Encoding: gzip"];

/** golang.org/x/oauth2 with `AuthStyleInHeader`: both halves of the Basic header are form-encoded. */
export const goInHeader: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(
    issuerUrl,
    "/token",
    [...goHeaders, basic(queryEscape(id), queryEscape(secret))],
    encodeValues(params),
  );

/** golang.org/x/oauth2 with `AuthStyleInParams`. */
export const goInParams: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(
    issuerUrl,
    "/token",
    goHeaders,
    encodeValues({ ...params, client_id: id, client_secret: secret }),
  );

/** golang.org/x/oauth2 unless told otherwise: the header first, and after any failure the same in the body. */
export const goAutoDetect: SendTokenRequest = async (issuerUrl, client, params) => {
  const first = await goInHeader(issuerUrl, client, params);
  return first.status < 300 ? first : await goInParams(issuerUrl, client, params);
};

const curlHeaders = ["User-Agent: curl/8.5.0", "Accept: */*", form];

function plain(params: Readonly<Record<string, string>>): string {
  return Object.entries(params)
    .map((pair) => pair.join("="))
    .join("&");
}

/** `curl URL -d name=value …`: curl sends what it is given. */
export const curlData: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(
    issuerUrl,
    "/token",
    curlHeaders,
    plain({ ...params, client_id: id, client_secret: secret }),
  );

/** `curl URL --data-urlencode name=value …`. */
export const curlDataUrlencode: SendTokenRequest = (issuerUrl, { id, secret }, params) => {
  const all = Object.entries({ ...params, client_id: id, client_secret: secret });
  const encoded = all.map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return postRaw(issuerUrl, "/token", curlHeaders, encoded.join("&"));
};

/** `curl -u id:secret URL -d name=value …`: the Basic header is not form-encoded. */
export const curlUser: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(issuerUrl, "/token", [basic(id, secret), ...curlHeaders], plain(params));

const ballerinaHeaders = ["User-Agent: Java-http-client/21.0.3", form];

/** Ballerina's oauth2 module with `AUTH_HEADER_BEARER`, its default: neither header nor body is encoded. */
export const ballerinaInHeader: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(issuerUrl, "/oauth2/token", [basic(id, secret), ...ballerinaHeaders], plain(params));

/** Ballerina's oauth2 module with `POST_BODY_BEARER`. */
export const ballerinaInBody: SendTokenRequest = (issuerUrl, { id, secret }, params) =>
  postRaw(
    issuerUrl,
    "/oauth2/token",
    ballerinaHeaders,
    plain({ ...params, client_id: id, client_secret: secret }),
  );

const upgrade = [
  "Connection: Upgrade, HTTP2-Settings",
  "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA",
  "Upgrade: h2c",
];

/** The same with `httpVersion: HTTP_2` on a plain connection, where Java's client offers to change over. */
export const ballerinaWithHttp2: SendTokenRequest = (issuerUrl, { id, secret }, params) => {
  const headers = [...upgrade, basic(id, secret), ...ballerinaHeaders];
  return postRaw(issuerUrl, "/oauth2/token", headers, plain(params));
};
