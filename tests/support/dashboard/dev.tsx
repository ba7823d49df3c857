import { createRoot } from "react-dom/client";
import { App } from "../../../src/dashboard/app.tsx";
import { loadWords } from "../../../src/dashboard/messages/messages.ts";
import { createCallLog } from "../../../src/dashboard/rpc/call-log.ts";
import { createAuthInterceptor } from "../../../src/lib/core/index.ts";
import { parseSiteConfig } from "../../../src/site/index.ts";
import { createFakeSession } from "../fake-session.ts";
import { createFakeUserService } from "./fake-user-service.ts";

// The dashboard over a session and a service in memory: for looking at states
// that are hard to bring about. Steered through `window.fake`.
const config = parseSiteConfig({
  issuer: "http://localhost:8080",
  clientId: "user-lookup",
  scopes: ["openid", "users.read"],
  apiBaseUrl: "http://localhost:50051",
  supportUrl: "http://localhost:5173/support",
  links: [
    { label: "Billing", href: "http://localhost:9000/billing/{id}" },
    { label: "Tickets", href: "http://localhost:9000/tickets?user={id}" },
  ],
  demo: true,
});
const session = createFakeSession({ expiresAt: Date.now() + 221_000 });
const calls = createCallLog();
const auth = createAuthInterceptor({ tokenSource: session, origins: ["https://in-memory"] });
const service = createFakeUserService([calls.outer, auth, calls.inner]);
Object.assign(window, { fake: { session, service } });
await loadWords(navigator.languages);
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <App
      session={session}
      transport={service.transport}
      config={config}
      calls={calls}
      storage={localStorage}
    />,
  );
}
