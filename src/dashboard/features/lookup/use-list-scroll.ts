import { useLayoutEffect, useRef } from "react";
import type { RefObject } from "react";
import { isFromHistory } from "../../lib/navigation.ts";

const MAX_PLACES = 50;
const places = new Map<string, number>();

/**
 * Keeps the place in a list: Back and Forward return to where it was, a new
 * list begins at its top. `name` says which list is shown.
 */
export function useListScroll(name: string): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const known = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const list = element.current;
    if (list === null) return undefined;
    const place = isFromHistory() ? (places.get(name) ?? 0) : 0;
    // A new element is at its top; to put it there would lay the page out twice.
    if (place > 0 || known.current === list) list.scrollTop = place;
    known.current = list;
    const remember = () => {
      places.delete(name);
      places.set(name, list.scrollTop);
      const [oldest] = places.keys();
      if (oldest !== undefined && places.size > MAX_PLACES) places.delete(oldest);
    };
    list.addEventListener("scroll", remember, { passive: true });
    return () => list.removeEventListener("scroll", remember);
  }, [name]);
  return element;
}
