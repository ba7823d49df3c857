import { useCallback, useMemo } from "react";
import { navigate, usePathname, useSearch } from "wouter/use-browser-location";
import { parseView, viewHref } from "./view-url.ts";
import type { View } from "./view.ts";

/** The path under which the page is served, without a slash at the end. */
const base = import.meta.env.BASE_URL.replace(/\/+$/, "");

/** The address of a path of this application, as a link needs it. */
export function hrefOf(path: string): string {
  return `${base}${path}`;
}

/** Goes to a path of this application. `state` stays in this tab's history. */
export function goTo(path: string, options: { replace?: boolean; state?: unknown } = {}): void {
  navigate(hrefOf(path), options);
}

/** The path of the address, below the base. */
export function usePath(): string {
  const path = usePathname();
  return path.startsWith(base) ? path.slice(base.length) || "/" : path;
}

/** What the address says is on the screen, and how to change it. */
export function useView(): {
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
} {
  const path = usePath();
  const search = useSearch();
  const view = useMemo(() => parseView(path, search), [path, search]);
  const go = useCallback((next: View, options: { replace?: boolean } = {}) => {
    const href = viewHref(next);
    if (hrefOf(href) !== `${location.pathname}${location.search}`) goTo(href, options);
  }, []);
  return { view, go };
}
