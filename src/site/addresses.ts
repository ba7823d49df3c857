import { SiteConfigError } from "./config-error.ts";
import { readText } from "./values.ts";

/** Whether the address `url` leads to this machine: localhost, 127.0.0.0/8 or [::1]. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return (
    hostname === "localhost" ||
    hostname.endsWith(".localhost") ||
    hostname === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/**
 * An https address, or http on loopback, returned as it was written. A
 * `service` is called by the page: no query, no fragment, and a host that a
 * Content-Security-Policy can name.
 */
export function readAddress(
  value: unknown,
  field: string,
  options: { readonly service?: boolean } = {},
): string {
  const address = readText(value, field);
  const mistake = mistakeIn(address, options.service ?? false);
  if (mistake === undefined) return address;
  throw new SiteConfigError(field, `${field} is ${JSON.stringify(address)}; ${mistake}`);
}

/** An address with `{id}` in its path, query or fragment, where a user's id goes. */
export function readLinkTemplate(value: unknown, field: string): string {
  const template = readAddress(value, field);
  const filled = (id: string) => new URL(template.replaceAll("{id}", id));
  if (!template.includes("{id}") || filled("a").host !== filled("b").host) {
    throw new SiteConfigError(
      field,
      `${field} is ${JSON.stringify(template)}; put {id} into its path or query, where the user's id goes.`,
    );
  }
  return template;
}

function mistakeIn(address: string, service: boolean): string | undefined {
  if (!URL.canParse(address)) return "write a whole address that begins with https://.";
  const url = new URL(address);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(address))) {
    return "write an https address; http is for this machine (localhost) only.";
  }
  if (url.username !== "" || url.password !== "") {
    return "remove the user name and password; everyone can read this file.";
  }
  if (!service) return undefined;
  if (/[?#]/.test(address)) return "remove the query and the fragment.";
  // The URL parser lets ';', ',' and '*' into a host, where they would write
  // other directives into the policy, and CSP has no way to name an IPv6 host.
  if (!/^[a-z0-9._-]+$/.test(url.hostname)) {
    return "write a host name of letters, digits, dots and hyphens.";
  }
  return undefined;
}
