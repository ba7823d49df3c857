import { useRef } from "react";
import type { RefObject } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import type { View } from "../../lib/view.ts";

/** The rows of now, for keys that move among them. */
export interface Rows {
  readonly users: readonly User[];
  readonly loadMore: () => void;
}

/** The rows of `view` that are on the page, and the best match that somebody waits for. */
export function useBestMatch(
  view: View,
  go: (view: View) => void,
): {
  readonly rows: RefObject<Rows | undefined>;
  /** Opens the best match of this text as soon as it is known. */
  readonly awaitBest: (text: string) => void;
  readonly onRows: (rows: Rows) => void;
} {
  const awaited = useRef<string>(undefined);
  const rows = useRef<Rows>(undefined);
  return {
    rows,
    awaitBest(text) {
      awaited.current = text;
    },
    onRows(found) {
      rows.current = found;
      // Who searches for something else does not wait any more.
      if (!view.searched || awaited.current !== view.query) awaited.current = undefined;
      const best = found.users[0];
      if (best === undefined || awaited.current === undefined) return;
      awaited.current = undefined;
      if (view.user === undefined) go({ ...view, user: best.id });
    },
  };
}
