import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Mark } from "../../ui/icon.tsx";

/** The outline of the page while the session is being looked for. */
export function Boot() {
  const { config } = useServices();
  return (
    <div className="app">
      <header className="bar-top">
        <span className="brand">
          <Mark />
          <span>{config.brand}</span>
        </span>
      </header>
      <div className="bars" />
      <main className="main" aria-busy="true">
        <p className="sr" role="status">
          {words().boot.loading}
        </p>
      </main>
      <footer className="foot" />
    </div>
  );
}
