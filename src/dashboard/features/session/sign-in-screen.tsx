import { useState } from "react";
import { AuthError } from "../../../lib/core/index.ts";
import { hrefOf } from "../../lib/navigation.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Mark } from "../../ui/icon.tsx";

/** The way in: one button. `ended`: a session was here and is over. */
export function SignInScreen(props: {
  readonly ended: boolean;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
}) {
  const { ended } = props;
  const { config } = useServices();
  const text = words().signIn;
  const { busy, problem, signIn } = useSignIn(props.problem);
  return (
    <main className="entrance">
      <div className="entrance-card">
        <Mark />
        <h1>{ended ? text.endedTitle : text.title(config.brand)}</h1>
        <p className="muted">{ended ? text.endedText : text.text(new URL(config.issuer).host)}</p>
        {problem === undefined ? null : (
          <p className="problem" role="alert">
            {problem} <a href={hrefOf("/doctor")}>{text.examine}</a>
          </p>
        )}
        <button
          type="button"
          className="button primary wide"
          aria-disabled={busy}
          onClick={busy ? undefined : signIn}
        >
          {text.button}
        </button>
        <p className="muted small" role="status">
          {busy ? text.busy : ""}
        </p>
      </div>
    </main>
  );
}

function useSignIn(before: string | undefined) {
  const { session } = useServices();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(before);
  const signIn = () => {
    setBusy(true);
    setProblem(undefined);
    session
      .signIn({ mode: "redirect" })
      .catch((reason: unknown) => setProblem(problemWords(reason)))
      // Also when Back brings the page here again.
      .finally(() => setBusy(false));
  };
  return { busy, problem, signIn };
}

function problemWords(reason: unknown): string {
  const error = AuthError.from(reason);
  if (error.code === "unavailable") return words().signIn.unavailable;
  return error.code === "misconfigured" ? words().signIn.misconfigured : error.message;
}
