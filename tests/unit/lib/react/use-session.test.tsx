import { StrictMode } from "react";
import type { ReactNode } from "react";
import { describe, expect, test, vi } from "vitest";
import type { Session, SessionSnapshot } from "../../../../src/lib/core/session.ts";
import type { SessionEvent } from "../../../../src/lib/core/session-event.ts";
import { SessionProvider, useSession, useSessionEvents } from "../../../../src/lib/react/index.ts";
import { act, render } from "../../../support/render.ts";

/** A session whose snapshot a test changes; with methods that need their `this`. */
class FakeSession implements Session {
  readonly listeners = new Set<() => void>();
  readonly eventListeners = new Set<(event: SessionEvent) => void>();
  snapshot: SessionSnapshot = {
    state: "loading",
    subject: undefined,
    displayName: undefined,
    scopes: [],
    expiresAt: undefined,
    refresh: "idle",
    nextAttemptAt: undefined,
  };
  readonly getToken = vi.fn();
  readonly ready = vi.fn();
  readonly signIn = vi.fn();
  readonly signOut = vi.fn();

  getSnapshot(): SessionSnapshot {
    return this.snapshot;
  }
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.eventListeners.add(listener);
    return () => void this.eventListeners.delete(listener);
  }
  change(change: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    for (const listener of this.listeners) listener();
  }
  tell(event: SessionEvent): void {
    for (const listener of this.eventListeners) listener(event);
  }
}

function Who({ onRender }: { readonly onRender?: () => void }): ReactNode {
  const { state, displayName, session } = useSession();
  onRender?.();
  return `${state} ${displayName ?? "nobody"} ${session instanceof FakeSession}`;
}

describe("useSession", () => {
  test("gives the session and its snapshot, and renders again when that changes", async () => {
    const session = new FakeSession();
    const onRender = vi.fn();
    const view = await render(
      <SessionProvider session={session}>
        <Who onRender={onRender} />
      </SessionProvider>,
    );
    expect(view.shown()).toBe("loading nobody true");
    await act(() => session.change({ state: "signed-in", displayName: "Ada" }));
    expect(view.shown()).toBe("signed-in Ada true");
    expect(onRender).toHaveBeenCalledTimes(2);
  });

  test("does not render again for a snapshot that is the same", async () => {
    const session = new FakeSession();
    const onRender = vi.fn();
    await render(
      <SessionProvider session={session}>
        <Who onRender={onRender} />
      </SessionProvider>,
    );
    await act(() => {
      for (const listener of session.listeners) listener();
    });
    expect(onRender).toHaveBeenCalledOnce();
  });

  test("does nothing to the session, also in StrictMode, and lets go of it", async () => {
    const session = new FakeSession();
    const view = await render(
      <StrictMode>
        <SessionProvider session={session}>
          <Who />
        </SessionProvider>
      </StrictMode>,
    );
    expect(session.listeners.size).toBe(1);
    await view.unmount();
    expect(session.listeners.size).toBe(0);
    for (const method of [session.getToken, session.ready, session.signIn, session.signOut]) {
      expect(method).not.toHaveBeenCalled();
    }
  });

  test("says what to do without a provider", async () => {
    const complain = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await expect(render(<Who />)).rejects.toThrow("<SessionProvider session={session}>");
    complain.mockRestore();
  });
});

describe("useSessionEvents", () => {
  function Log({ limit = 2 }: { readonly limit?: number }): ReactNode {
    return useSessionEvents(limit)
      .map((event) => event.type)
      .join(" ");
  }

  test("keeps the newest events, as many as wanted", async () => {
    const session = new FakeSession();
    const view = await render(
      <SessionProvider session={session}>
        <Log />
      </SessionProvider>,
    );
    await act(() => {
      session.tell({ at: 1, type: "signed-in", by: "restored" });
      session.tell({ at: 2, type: "adopted" });
      session.tell({ at: 3, type: "signed-out", by: "this-tab" });
    });
    expect(view.shown()).toBe("adopted signed-out");
    await view.unmount();
    expect(session.eventListeners.size).toBe(0);
  });

  test("keeps none when none is wanted", async () => {
    const session = new FakeSession();
    const view = await render(
      <SessionProvider session={session}>
        <Log limit={0} />
      </SessionProvider>,
    );
    await act(() => session.tell({ at: 1, type: "adopted" }));
    expect(view.shown()).toBeNull();
  });
});
