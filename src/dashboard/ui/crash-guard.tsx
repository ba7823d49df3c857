import { Component } from "react";
import type { ReactNode } from "react";
import { words } from "../messages/messages.ts";
import { StatePanel } from "./state-panel.tsx";

/** Shows words instead of an empty page when a component throws. */
export class CrashGuard extends Component<{ readonly children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    const text = words().common;
    return (
      <main className="entrance">
        <StatePanel role="alert" title={text.crashTitle} text={<p>{text.crashText}</p>}>
          <button type="button" className="button primary" onClick={() => location.reload()}>
            {text.crashReload}
          </button>
        </StatePanel>
      </main>
    );
  }
}
