import { useSession } from "../../../lib/react/index.ts";
import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { useOnline } from "./bars.tsx";

/** The quiet line at the bottom: whether things work, and the way to the shortcuts. */
export function ConnectionFooter({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const { tone, text } = useConnection();
  return (
    <footer className="foot">
      <span className={`connection ${tone}`} role="status" aria-label={words().footer.region}>
        {text}
      </span>
      <button type="button" className="quiet" onClick={onShortcuts}>
        {words().footer.shortcuts} <kbd>?</kbd>
      </button>
    </footer>
  );
}

function useConnection(): { tone: "ok" | "warn" | "bad"; text: string } {
  const { calls } = useServices();
  const { state, refresh } = useSession();
  const online = useOnline();
  const reachable = useStore(calls, calls.reachable);
  const text = words().footer;
  if (!online) return { tone: "warn", text: text.offline };
  if (state === "interaction-required") return { tone: "bad", text: text.signedOut };
  if (reachable === false) return { tone: "bad", text: text.unreachable };
  if (refresh === "retrying") return { tone: "warn", text: text.retrying };
  return { tone: "ok", text: text.connected };
}
