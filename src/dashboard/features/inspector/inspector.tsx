import { useEffect, useRef, useState } from "react";
import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { CloseButton } from "../../ui/close-button.tsx";
import { CallDetails } from "./call-details.tsx";
import { CallsPanel } from "./calls-panel.tsx";
import { SessionPanel } from "./session-panel.tsx";

/** What {@link Inspector} needs. */
export interface InspectorProps {
  /** The number of the call that is shown. */
  readonly call: number | undefined;
  readonly onCall: (id: number | undefined) => void;
  readonly onClose: () => void;
}

/** What goes on behind the page: the calls, and beside them one of them or the session. */
export function Inspector({ call, onCall, onClose }: InspectorProps) {
  const { calls } = useServices();
  const list = useStore(calls, calls.calls);
  const now = useSeconds();
  const text = words().inspector;
  const record = list.find(({ id }) => id === call);
  const region = useFocusOnceOpen();
  return (
    <section className="dock" aria-label={text.region} tabIndex={-1} ref={region}>
      <h2 className="sr">{text.region}</h2>
      <CallsPanel list={list} chosen={call} now={now} onChoose={onCall} onClear={calls.clear} />
      <div className="dock-side">
        <SideHead call={call} first={list[0]?.id} onCall={onCall} onClose={onClose} />
        <div className="dock-body">
          {call === undefined ? (
            <SessionPanel now={now} />
          ) : record === undefined ? (
            <p className="muted empty">{text.select}</p>
          ) : (
            <CallDetails key={record.id} record={record} now={now} />
          )}
        </div>
      </div>
    </section>
  );
}

function SideHead(props: InspectorProps & { readonly first: number | undefined }) {
  const { call, first, onCall, onClose } = props;
  const text = words().inspector;
  return (
    <header className="dock-head">
      <div className="tabs" role="group" aria-label={text.views}>
        <button type="button" aria-pressed={call === undefined} onClick={() => onCall(undefined)}>
          {text.session}
        </button>
        <button
          type="button"
          aria-pressed={call !== undefined}
          onClick={() => onCall(call ?? first)}
        >
          {text.call}
        </button>
      </div>
      <CloseButton onClose={onClose} />
    </header>
  );
}

/** It comes behind the whole page: whoever opens it by key would have far to go. */
function useFocusOnceOpen() {
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    region.current?.focus({ preventScroll: true });
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return region;
}

function useSeconds(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
