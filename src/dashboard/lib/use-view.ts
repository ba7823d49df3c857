import { useCallback, useEffect, useMemo } from "react";
import { useSearch } from "wouter/use-browser-location";
import { goTo, hrefOf, usePath } from "./navigation.ts";
import { hasToken } from "./pasted-token.ts";
import { decoded, parseView, viewHref } from "./view-url.ts";
import { readColumns } from "./view.ts";
import type { View } from "./view.ts";

/**
 * What the address says is on the screen, and how to change it. A search that
 * begins has the columns `usual`; one that is in the address has its own.
 */
export function useView(usual: readonly string[]): {
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
} {
  const path = usePath();
  const search = useSearch();
  const view = useMemo(() => {
    const parsed = parseView(path, search);
    return parsed.searched ? parsed : { ...parsed, columns: readColumns(usual) };
  }, [path, search, usual]);
  const tidy = viewHref(view);
  // An address that carried a token must not stay where it can be seen and copied.
  useEffect(() => {
    if (hasToken(decoded(path + search))) goTo(tidy, { replace: true });
  }, [path, search, tidy]);
  const go = useCallback((next: View, options: { replace?: boolean } = {}) => {
    const href = viewHref(next);
    if (hrefOf(href) !== `${location.pathname}${location.search}`) goTo(href, options);
  }, []);
  return { view, go };
}
