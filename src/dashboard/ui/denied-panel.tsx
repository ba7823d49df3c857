import { useState } from "react";
import { describeFailure } from "../rpc/failure.ts";
import type { Failure } from "../rpc/failure.ts";
import { words } from "../messages/messages.ts";
import { useServices } from "../services.ts";
import { useCopy } from "./copy-button.tsx";
import { FailureText } from "./failure-text.tsx";
import { StatePanel } from "./state-panel.tsx";

/** Says that the account may not do this, and how that can change. */
export function DeniedPanel(props: { readonly failure: Failure; readonly onRetry: () => void }) {
  const { failure, onRetry } = props;
  const { config } = useServices();
  const text = words().failure;
  const missing = failure.scopes.length === 0 ? undefined : failure.scopes.join(" ");
  const [, copy] = useCopy(text.copyDetails);
  const details = [failure.code, missing, failure.requestId, failure.detail].filter(Boolean);
  return (
    <StatePanel
      role="alert"
      icon="lock"
      title={text.denied.title}
      text={
        <>
          <FailureText failure={failure} text={text.denied.text} />
          {missing === undefined ? null : <p className="mono">{text.missingScope(missing)}</p>}
        </>
      }
    >
      <AskAgain scopes={failure.scopes} onGranted={onRetry} />
      <button type="button" className="button" onClick={() => copy(details.join("\n"))}>
        {text.copyDetails}
      </button>
      {config.supportUrl === undefined ? null : (
        <a className="button" href={config.supportUrl} target="_blank" rel="noreferrer">
          {text.contactSupport}
        </a>
      )}
    </StatePanel>
  );
}

/** Asks the issuer for the scopes that are missing, in another tab. */
function AskAgain(props: { readonly scopes: readonly string[]; readonly onGranted: () => void }) {
  const { session } = useServices();
  const [problem, setProblem] = useState<string>();
  const ask = () => {
    if (props.scopes.length === 0) return props.onGranted();
    session.signIn({ mode: "tab", scopes: props.scopes }).then(
      () => {
        const { scopes } = session.getSnapshot();
        if (props.scopes.every((scope) => scopes.includes(scope))) return props.onGranted();
        return setProblem(words().failure.notGranted);
      },
      (reason: unknown) => setProblem(describeFailure(reason).detail),
    );
  };
  return (
    <>
      <button type="button" className="button primary" onClick={ask}>
        {props.scopes.length === 0 ? words().failure.askAgain : words().contact.ask}
      </button>
      {problem === undefined ? null : <p role="status">{problem}</p>}
    </>
  );
}
