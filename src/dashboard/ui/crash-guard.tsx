import { Component } from "react";
import type { ReactNode } from "react";
import { words } from "../messages/messages.ts";
import { StatePanel } from "./state-panel.tsx";

interface CrashState {
  readonly crash: "mistake" | "missing" | undefined;
}

/** Shows words instead of an empty page when a component throws, or its script is gone. */
export class CrashGuard extends Component<{ readonly children: ReactNode }, CrashState> {
  override state: CrashState = { crash: undefined };

  static getDerivedStateFromError(reason: unknown): CrashState {
    // Each browser has words of its own for an import that failed.
    const isMissing = /imported module|module script|preload/i.test(String(reason));
    return { crash: isMissing ? "missing" : "mistake" };
  }

  override render(): ReactNode {
    const { crash } = this.state;
    if (crash === undefined) return this.props.children;
    const { common } = words();
    const text = crash === "missing" ? { ...common, ...common.scriptMissing } : common;
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
