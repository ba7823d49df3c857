import type { QueryClient } from "@tanstack/react-query";
import type { Session } from "../../lib/core/index.ts";

/**
 * Keeps what was fetched in step with who is signed in: everything goes with a
 * sign-out, everything is asked for anew for another person, and what failed
 * for want of a sign-in is asked for again after it. Returns a function that
 * ends it.
 */
export function guardQueries(
  session: Session,
  client: QueryClient,
  onForget: () => void,
): () => void {
  let last = session.getSnapshot();
  return session.subscribe(() => {
    const before = last;
    last = session.getSnapshot();
    const otherPerson =
      before.subject !== undefined && last.subject !== undefined && before.subject !== last.subject;
    if (otherPerson) {
      client.removeQueries({ type: "inactive" });
      void client.resetQueries();
      onForget();
    } else if (last.state === "signed-out" && before.state !== "signed-out") {
      client.clear();
      onForget();
    } else if (last.state === "signed-in" && before.state === "interaction-required") {
      void client.invalidateQueries();
    } else if (last.scopes.join(" ") !== before.scopes.join(" ")) {
      void client.invalidateQueries({ predicate: (query) => query.state.status === "error" });
    }
  });
}
