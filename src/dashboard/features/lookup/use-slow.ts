import { useEffect, useState } from "react";

const NOTICED_MS = 200;

/**
 * Whether `active` has lasted long enough to be worth telling: what is over in
 * a moment would only flicker.
 */
export function useSlow(active: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!active) return undefined;
    const timer = setTimeout(() => setSlow(true), NOTICED_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [active]);
  return active && slow;
}
