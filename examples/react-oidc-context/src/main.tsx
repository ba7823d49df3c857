import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider } from "react-oidc-context";
import { App } from "./app.tsx";
import { createServices } from "./services.ts";
import type { Settings } from "./services.ts";

async function main(): Promise<void> {
  const element = document.getElementById("root");
  if (element === null) throw new Error("index.html has no element with the id root.");
  const response = await fetch("/config.json");
  const settings: Settings = await response.json();
  const { userManager, users } = createServices(settings);
  const onSigninCallback = () => history.replaceState(null, "", "/");
  createRoot(element).render(
    <StrictMode>
      <AuthProvider userManager={userManager} onSigninCallback={onSigninCallback}>
        <App users={users} />
      </AuthProvider>
    </StrictMode>,
  );
}

void main();
