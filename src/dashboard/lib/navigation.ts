import { navigate, usePathname } from "wouter/use-browser-location";

/** The path under which the page is served, without a slash at the end. */
const base = import.meta.env.BASE_URL.replace(/\/+$/, "");

/** The address of a path of this application, as a link needs it. */
export function hrefOf(path: string): string {
  return `${base}${path}`;
}

let cameByHistory = false;
addEventListener("popstate", () => (cameByHistory = true));

/** Whether Back or Forward brought the address of now: then the place in a list comes back too. */
export function isFromHistory(): boolean {
  return cameByHistory;
}

/** Goes to a path of this application. `state` stays in this tab's history. */
export function goTo(path: string, options: { replace?: boolean; state?: unknown } = {}): void {
  cameByHistory = false;
  navigate(hrefOf(path), options);
}

/** Goes back to where a link of this application was followed, or else to `path`. */
export function goBackOr(path: string): void {
  const state: unknown = history.state;
  if (typeof state === "object" && state !== null && "followed" in state) history.back();
  else goTo(path);
}

/**
 * What a link to a path of this application needs: a click goes there without
 * loading the page again, and one for a new tab or window is left to the browser.
 */
export function linkTo(path: string): {
  readonly href: string;
  readonly onClick: (event: React.MouseEvent) => void;
} {
  return {
    href: hrefOf(path),
    onClick(event) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      goTo(path, { state: { followed: true } });
    },
  };
}

/** For a link to the start: goes there without loading the page again. */
export function goHome(event: React.MouseEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goTo("/");
}

/** The path of the address, below the base. */
export function usePath(): string {
  const path = usePathname();
  return path.startsWith(base) ? path.slice(base.length) || "/" : path;
}
