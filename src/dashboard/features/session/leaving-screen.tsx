import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Mark } from "../../ui/icon.tsx";

/**
 * Between a sign-out and the page's end. Nobody may sign in here: the issuer would
 * still know the person who has just signed out.
 */
export function LeavingScreen() {
  const { config } = useServices();
  const text = words().leaving;
  return (
    <main className="entrance">
      <div className="entrance-card" role="status">
        <Mark />
        <h1>{text.title}</h1>
        <p className="muted">{text.text(new URL(config.issuer).host)}</p>
      </div>
    </main>
  );
}
