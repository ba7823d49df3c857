import { useState } from "react";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Icon } from "../../ui/icon.tsx";
import { CallsPanel } from "./calls-panel.tsx";
import { SessionPanel } from "./session-panel.tsx";

/** What goes on behind the page: the session and the calls. */
export function Inspector({ onClose }: { readonly onClose: () => void }) {
  const [tab, setTab] = useState<"session" | "calls">("session");
  const { calls } = useServices();
  const text = words().inspector;
  return (
    <section className="dock" aria-label={text.region}>
      <h2 className="sr">{text.region}</h2>
      <header className="dock-head">
        <div className="tabs" role="group" aria-label={text.region}>
          {(["session", "calls"] as const).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={tab === name}
              onClick={() => setTab(name)}
            >
              {text[name]}
            </button>
          ))}
        </div>
        {tab === "calls" ? (
          <button type="button" className="quiet" onClick={calls.clear}>
            {text.clear}
          </button>
        ) : null}
        <button
          type="button"
          className="icon-button"
          aria-label={words().common.close}
          onClick={onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <div className="dock-body">{tab === "session" ? <SessionPanel /> : <CallsPanel />}</div>
    </section>
  );
}
