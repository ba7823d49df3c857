import { useSession } from "../../../lib/react/index.ts";
import { useState, useSyncExternalStore } from "react";
import { AuthError } from "../../../lib/core/index.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";

/** Quiet lines under the header: what is the matter, while the page stays as it is. */
export function Bars() {
  const { state } = useSession();
  const online = useOnline();
  return (
    <div className="bars" role="status">
      {online ? null : <OfflineBar />}
      {state === "interaction-required" ? <EndedBar /> : null}
    </div>
  );
}

/** Whether the browser has a network; true when it cannot tell. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
  );
}

function OfflineBar() {
  const { time } = useServices();
  const [since] = useState(() => new Date());
  return <div className="bar warn">{words().bars.offline(time.clock(since))}</div>;
}

function EndedBar() {
  const { session } = useServices();
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<string>();
  const signIn = () => {
    setWaiting(true);
    setProblem(undefined);
    session
      .signIn({ mode: "tab" })
      .catch((reason: unknown) => setProblem(AuthError.from(reason).message))
      .finally(() => setWaiting(false));
  };
  return (
    <div className="bar bad">
      <span>{problem ?? (waiting ? words().bars.waiting : words().bars.ended)}</span>
      <button type="button" className="button small" onClick={signIn}>
        {words().bars.signInAgain}
      </button>
    </div>
  );
}
