import type { ReactNode } from "react";
import { words } from "../messages/messages.ts";
import type { Failure } from "../rpc/failure.ts";
import { useServices } from "../services.ts";
import { DeniedPanel } from "./denied-panel.tsx";
import { FailureText } from "./failure-text.tsx";
import { StatePanel } from "./state-panel.tsx";

/** What {@link FailurePanel} needs. */
export interface FailurePanelProps {
  readonly failure: Failure;
  readonly onRetry: () => void;
  /** More buttons. */
  readonly children?: ReactNode;
}

/** A failure in words: what happened, what to do, the request id, and a retry. */
export function FailurePanel({ failure, onRetry, children }: FailurePanelProps) {
  if (failure.kind === "denied") return <DeniedPanel failure={failure} onRetry={onRetry} />;
  const { title, text } = words().failure[failure.kind];
  return (
    <StatePanel
      icon="pulse"
      title={title}
      text={<FailureText failure={failure} text={text} />}
      role="alert"
    >
      <button type="button" className="button primary" onClick={onRetry}>
        {words().common.tryAgain}
      </button>
      <DetailsButton />
      {children}
    </StatePanel>
  );
}

/** Opens the inspector at the call that failed. */
function DetailsButton() {
  const { commands } = useServices();
  return (
    <button type="button" className="button" onClick={() => commands.run("show-failed-call")}>
      {words().common.details}
    </button>
  );
}
