/** The page as the sign-in sees it: its address, and the ways to leave it. */
export interface Page {
  /** The address now. */
  href(): string;
  /** Changes the address without leaving the page or growing the history. */
  replaceAddress(href: string): void;
  /** Leaves the page. Resolves when Back has brought it here again, as it was. */
  leaveFor(href: string): Promise<void>;
  /** Opens another tab that has no hold on this one. False when the browser would block it. */
  openTab(href: string): boolean;
  /** Asks the browser to close this tab; it does so only for tabs that a script has opened. */
  closeTab(): void;
  /** Where the one-time state of a sign-in waits for its callback: of this tab alone. */
  readonly stateStorage: Storage;
}

/** The page this script runs in. */
export const browserPage: Page = {
  href: () => location.href,
  replaceAddress(href) {
    history.replaceState(history.state, "", href);
    // Routers watch popstate; none is told of a replaced address otherwise.
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  },
  leaveFor: (href) =>
    new Promise((resolve) => {
      addEventListener("pageshow", ({ persisted }) => {
        if (persisted) resolve();
      });
      location.assign(href);
    }),
  openTab(href) {
    // With noopener the answer is always null, so a blocked tab shows only here.
    if ("userActivation" in navigator && !navigator.userActivation.isActive) return false;
    open(href, "_blank", "noopener");
    return true;
  },
  closeTab: () => close(),
  get stateStorage() {
    return sessionStorage;
  },
};
