import { Component } from "react";
import type { ReactNode } from "react";
import { words } from "../messages/messages.ts";

/** Keeps the page when a part that is fetched later cannot be fetched, and says so. */
export class PartGuard extends Component<{ readonly children: ReactNode }, { missing: boolean }> {
  override state = { missing: false };

  static getDerivedStateFromError(): { missing: boolean } {
    return { missing: true };
  }

  override render(): ReactNode {
    if (!this.state.missing) return this.props.children;
    return (
      <p className="part-missing" role="alert">
        {words().common.partMissing}
      </p>
    );
  }
}
