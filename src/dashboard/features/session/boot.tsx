import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Mark } from "../../ui/icon.tsx";

/** The outline of the page while the session is being looked for: index.html shows it from the start. */
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
        <div className="opening" role="status">
          <h1>{words().boot.title}</h1>
          <p className="muted">{words().boot.text}</p>
        </div>
      </main>
      <footer className="foot" />
    </div>
  );
}
