import { startTransition, useEffect, useState } from "react";
import { isFromHistory } from "../../lib/navigation.ts";
import { whenIdle } from "../../lib/when-idle.ts";

/** The height of the lowest row, in CSS pixels. */
export const ROW_HEIGHT_PX = 44;
// The least that the header, the filters, the head of the table and the footer take.
const AROUND_PX = 160;

/**
 * How many of `count` rows are to be there. A new list begins with as many as
 * the screen can show, for a key waits for no more; the others follow when
 * nobody types (`calm`) and the browser has nothing better to do. A list that
 * was complete stays so, and Back finds its place in a complete one. `name`
 * says which list it is.
 */
export function useRowCount(name: string, count: number, calm: boolean): number {
  const [complete, setComplete] = useState<string>();
  const first = Math.ceil((innerHeight - AROUND_PX) / ROW_HEIGHT_PX);
  const isWhole = complete === name || count <= first;
  if (!isWhole && isFromHistory()) setComplete(name);
  useEffect(() => {
    if (isWhole || !calm) return undefined;
    return whenIdle(() => startTransition(() => setComplete(name)));
  }, [isWhole, calm, name]);
  return isWhole ? count : first;
}
