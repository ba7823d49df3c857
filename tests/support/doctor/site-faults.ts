import { at, header, without } from "./spoil.ts";
import type { SeededFault } from "./spoil.ts";

const policy = "content-security-policy";

/** What goes wrong where the site is served. */
export const siteFaults: readonly SeededFault[] = [
  {
    code: "site-unreachable",
    what: "the site is down",
    at: "site",
    fault: { answer: () => "drop" },
  },
  { code: "csp-missing", what: "there is no policy", at: "site", fault: at(/./, without(policy)) },
  {
    code: "csp-blocks-issuer",
    what: "the policy is that of another issuer",
    at: "site",
    fault: at(
      /./,
      header(policy, (value) => value.replace(/'self' http:\S+/, "'self' https://old.example.com")),
    ),
  },
  {
    code: "csp-blocks-api",
    what: "the policy is that of another API",
    at: "site",
    fault: at(
      /./,
      header(policy, (value) => value.replace(/(connect-src \S+ \S+) [^;]+/, "$1")),
    ),
  },
  {
    code: "csp-differs",
    what: "somebody allows inline scripts",
    at: "site",
    fault: at(
      /./,
      header(policy, (value) => value.replace("script-src", "script-src 'unsafe-inline'")),
    ),
  },
  {
    code: "header-missing",
    what: "frames are allowed",
    at: "site",
    fault: at(/./, without("x-frame-options")),
  },
  {
    code: "header-differs",
    what: "the proxy has a Referrer-Policy of its own",
    at: "site",
    fault: at(
      /./,
      header("referrer-policy", () => "origin"),
    ),
  },
  {
    code: "page-kept",
    what: "the page is kept for an hour",
    at: "site",
    fault: at(
      /^\/$/,
      header("cache-control", () => "max-age=3600"),
    ),
  },
  {
    code: "callback-kept",
    what: "the callback is stored",
    at: "site",
    fault: at(
      /^\/callback$/,
      header("cache-control", () => "no-cache"),
    ),
  },
  {
    code: "config-kept",
    what: "the configuration is kept for a day",
    at: "site",
    fault: at(
      /^\/config\.json$/,
      header("cache-control", () => "public, max-age=86400"),
    ),
  },
  {
    code: "assets-not-immutable",
    what: "assets are asked for again",
    at: "site",
    fault: at(
      /^\/assets\//,
      header("cache-control", (value) => (value === "no-store" ? value : "no-cache")),
    ),
  },
  {
    code: "missing-asset-is-page",
    what: "the page is served for everything",
    at: "site",
    fault: at(/^\/assets\//, (answer) => {
      if (answer.status !== 404) return;
      answer.status = 200;
      answer.headers["content-type"] = "text/html";
    }),
  },
  {
    code: "missing-asset-kept",
    what: "a missing asset is immutable",
    at: "site",
    fault: at(
      /^\/assets\//,
      header("cache-control", () => "public, max-age=31536000, immutable"),
    ),
  },
  {
    code: "deep-link-missing",
    what: "only / is the page",
    at: "site",
    fault: at(/^\/users\//, (answer) => void (answer.status = 404)),
  },
  {
    code: "source-maps-served",
    what: "source maps were deployed",
    at: "site",
    fault: at(/\.map$/, (answer) => void (answer.status = 200)),
  },
  {
    code: "hidden-files-served",
    what: "the build's own folder was deployed",
    at: "site",
    fault: at(/^\/\.vite/, (answer) => void (answer.status = 200)),
  },
  {
    code: "config-unreadable",
    what: "config.json was forgotten",
    at: "site",
    fault: at(/^\/config\.json$/, (answer) => void (answer.status = 404)),
  },
  {
    code: "config-differs",
    what: "an older config.json is deployed",
    at: "site",
    fault: at(/^\/config\.json$/, (answer) => {
      const config = JSON.parse(answer.body.toString()) as object;
      answer.body = Buffer.from(JSON.stringify({ ...config, clientId: "old" }));
    }),
  },
  {
    code: "config-mistake",
    what: "config.json has a field that does not exist",
    at: "site",
    fault: at(/^\/config\.json$/, (answer) => {
      const config = JSON.parse(answer.body.toString()) as object;
      answer.body = Buffer.from(JSON.stringify({ ...config, apiUrl: "https://api.example.com" }));
    }),
  },
];
