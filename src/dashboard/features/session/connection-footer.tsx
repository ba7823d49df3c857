import { useSession } from "../../../lib/react/index.ts";
import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { useOnline } from "./bars.tsx";

/** The quiet line at the bottom: whether things work, and the way to the shortcuts. */
export function ConnectionFooter() {
  const { commands, preferences } = useServices();
  const { singleKeys } = useStore(preferences, preferences.get);
  const { tone, text } = useConnection();
  return (
    <footer className="foot">
      <span className={`connection ${tone}`} role="status" aria-label={words().footer.region}>
        {text}
      </span>
      <button type="button" className="quiet" onClick={() => commands.run("open-sheet")}>
        {words().footer.shortcuts} {singleKeys ? <kbd>?</kbd> : null}
      </button>
    </footer>
  );
}

function useConnection(): { tone: "ok" | "warn" | "bad"; text: string } {
  const { calls, events } = useServices();
  const { state, refresh } = useSession();
  const online = useOnline();
  // As long as the token serves, nobody has to know that renewing it fails.
  const failed = useStore(events, events.events).find(({ type }) => type === "renewal-failed");
  const serves = failed?.type !== "renewal-failed" || failed.served;
  const reachable = useStore(calls, calls.reachable);
  const text = words().footer;
  if (!online) return { tone: "warn", text: text.offline };
  if (state === "interaction-required") return { tone: "bad", text: text.signedOut };
  if (reachable === false) return { tone: "bad", text: text.unreachable };
  if (refresh === "retrying" && !serves) return { tone: "warn", text: text.retrying };
  return { tone: "ok", text: text.connected };
}
