import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { SessionProvider, useSession } from "../../../../src/lib/react/index.ts";
import { parseSiteConfig } from "../../../../src/site/index.ts";
import { createHarness } from "./harness.ts";

function App() {
  const { session, state, subject } = useSession();
  const [note, setNote] = useState("");
  const [problem, setProblem] = useState("");
  // Runs twice in StrictMode, as in any app that is developed.
  useEffect(() => {
    void session.ready();
  }, [session]);
  const signIn = (mode: "redirect" | "tab") => {
    session.signIn({ mode }).catch((reason: unknown) => setProblem(String(reason)));
  };
  return (
    <main>
      <p role="status">{state}</p>
      <p data-testid="subject">{subject}</p>
      <p role="alert">{problem}</p>
      <label>
        Note <input value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <button onClick={() => signIn("redirect")}>Sign in</button>
      <button onClick={() => signIn("tab")}>Sign in in another tab</button>
      <button onClick={() => void session.signOut()}>Sign out</button>
    </main>
  );
}

async function main(): Promise<void> {
  const element = document.getElementById("root");
  if (element === null) throw new Error("index.html has no element with the id root.");
  const response = await fetch("/config.json");
  window.harness = createHarness(parseSiteConfig(await response.json()));
  createRoot(element).render(
    <StrictMode>
      <SessionProvider session={window.harness.session}>
        <App />
      </SessionProvider>
    </StrictMode>,
  );
}

void main();
