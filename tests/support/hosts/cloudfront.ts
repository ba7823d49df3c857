import { runInNewContext } from "node:vm";
import type { Host, HostInput } from "./host.ts";

interface Policy {
  readonly SecurityHeadersConfig: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly CustomHeadersConfig: {
    readonly Items: readonly { Header: string; Value: string; Override: boolean }[];
  };
}

interface Behavior {
  readonly PathPattern?: string;
  readonly ResponseHeadersPolicyId: { readonly Ref: string };
}

/**
 * CloudFront in front of a bucket, as its developer guide has it: the first
 * cache behaviour whose pattern matches the path of the viewer counts, else the
 * default one; the function may change the path; the bucket's own headers are
 * those of the upload; the behaviour's policy is for errors too, and leaves a
 * header of the bucket alone when it does not override.
 */
export function cloudfront({ read, files }: HostInput): Host {
  const resources = (JSON.parse(read("template.json")) as { Resources: Record<string, Resource> })
    .Resources;
  const properties = (name: string) => resources[name]?.Properties ?? {};
  const { DistributionConfig: distribution } = properties("Distribution");
  const code = String(properties("Router")["FunctionCode"]);
  const uploads = readUploads(read("upload.sh"));
  const { DefaultCacheBehavior: usual, CacheBehaviors: others } = distribution as {
    DefaultCacheBehavior: Behavior;
    CacheBehaviors: Behavior[];
  };
  return (path) => {
    const behavior = others.find((each) => each.PathPattern === path) ?? usual;
    const policy = properties(behavior.ResponseHeadersPolicyId.Ref)["ResponseHeadersPolicyConfig"];
    const context = { event: { request: { uri: path } } };
    const { uri } = runInNewContext(`${code}; handler(event)`, context) as { uri: string };
    const kept = files.has(uri) ? uploads(uri) : undefined;
    // The page of an error is an object of the bucket like any other.
    const headers = answered(policy as Policy, kept ?? uploads("/404.html") ?? "");
    return kept === undefined ? { headers } : { file: uri, headers };
  };
}

interface Resource {
  readonly Properties: Readonly<Record<string, unknown>>;
}

function answered(policy: Policy, cacheControl: string): Record<string, string> {
  const headers: Record<string, string> = { "cache-control": cacheControl };
  const security = policy.SecurityHeadersConfig;
  const text = (part: string, key: string) => String(security[part]?.[key]);
  headers["content-security-policy"] = text("ContentSecurityPolicy", "ContentSecurityPolicy");
  if (security["ContentTypeOptions"]) headers["x-content-type-options"] = "nosniff";
  headers["x-frame-options"] = text("FrameOptions", "FrameOption");
  headers["referrer-policy"] = text("ReferrerPolicy", "ReferrerPolicy");
  const transport = security["StrictTransportSecurity"];
  if (transport) {
    const subdomains = transport["IncludeSubdomains"] === true ? "; includeSubDomains" : "";
    headers["strict-transport-security"] =
      `max-age=${String(transport["AccessControlMaxAgeSec"])}${subdomains}`;
  }
  for (const { Header, Value, Override } of policy.CustomHeadersConfig.Items) {
    const name = Header.toLowerCase();
    if (Override || headers[name] === undefined) headers[name] = Value;
  }
  return headers;
}

/** What the script uploads, and with which Cache-Control. */
function readUploads(script: string): (path: string) => string | undefined {
  const copies = script
    .split("\n")
    .filter((line) => line.startsWith("aws s3 cp "))
    .map((line) => ({
      kept: /--cache-control "([^"]*)"/.exec(line)?.[1],
      to: /s3:\/\/\$BUCKET([^"]*)"$/.exec(line)?.[1] ?? "",
      recursive: line.includes("--recursive"),
      left: [...line.matchAll(/--exclude "?([^\s"]+)"?/g)].map((match) => match[1] ?? ""),
    }));
  return (path) => {
    const copy = copies.find(({ to, recursive, left }) => {
      if (!recursive) return path === to;
      if (!path.startsWith(`${to}/`)) return false;
      const inside = path.slice(to.length + 1);
      return !left.some((glob) => globbed(glob).test(inside));
    });
    return copy?.kept;
  };
}

function globbed(glob: string): RegExp {
  return new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", ".*")}$`);
}
