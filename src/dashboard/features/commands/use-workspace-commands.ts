import type { RefObject } from "react";
import { goTo, usePath } from "../../lib/navigation.ts";
import { EMPTY_VIEW, filterCount, withoutFilters } from "../../lib/view.ts";
import type { View } from "../../lib/view.ts";
import { userPath } from "../../lib/view-url.ts";
import { words } from "../../messages/messages.ts";
import type { CallRecord } from "../../rpc/call-journal.ts";
import type { OverlayState } from "../../overlays.tsx";
import { useServices, useStore } from "../../services.ts";
import type { Services } from "../../services.ts";
import type { Rows } from "../lookup/use-best-match.ts";
import { announce } from "../../ui/announcer.ts";
import type { CommandActions } from "./commands.ts";
import { focusRow, moveRowFocus } from "./row-focus.ts";
import { useCommands } from "./use-commands.ts";

/** What commands work on. */
export interface CommandContext {
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly rows: RefObject<Rows | undefined>;
  readonly overlays: OverlayState;
  readonly onOverlays: (change: Partial<OverlayState>) => void;
}

/** Says how everything is done that concerns the page as a whole. */
export function useWorkspaceCommands(context: CommandContext): void {
  const services = useServices();
  const { preferences } = services;
  const { singleKeys } = useStore(preferences, preferences.get);
  const path = usePath();
  const { view, input, onOverlays, overlays } = context;
  useCommands(lateCommands(context, services));
  useCommands({
    ...userCommands(context),
    ...lookupCommands(context, path),
    "focus-search": () => {
      input.current?.focus();
      input.current?.select();
    },
    "toggle-inspector": () => onOverlays({ inspector: !overlays.inspector }),
    "open-palette": () => onOverlays({ dialog: "palette" }),
    "open-sheet": () => onOverlays({ dialog: "sheet" }),
    "theme-system": () => preferences.set({ theme: "system" }),
    "theme-light": () => preferences.set({ theme: "light" }),
    "theme-dark": () => preferences.set({ theme: "dark" }),
    [singleKeys ? "single-keys-off" : "single-keys-on"]: () =>
      preferences.set({ singleKeys: !singleKeys }),
    "sign-out": services.signOut.run,
    "close-user": () => {
      const inDock = document.activeElement?.closest(".dock") !== null;
      if (overlays.inspector && inDock) onOverlays({ inspector: false });
      else if (view.user !== undefined && view.searched) closeUser(context);
    },
  });
}

function userCommands({ view: { user: id, searched } }: CommandContext): CommandActions {
  if (id === undefined) return {};
  return {
    "copy-id": () => copyId(id),
    "open-page": searched ? () => goTo(userPath(id)) : undefined,
  };
}

function lookupCommands(context: CommandContext, path: string): CommandActions {
  const { view, go } = context;
  return {
    "next-row": () => moveRow(context, 1),
    "previous-row": () => moveRow(context, -1),
    "browse-all": () => go({ ...EMPTY_VIEW, searched: true, columns: view.columns }),
    "drop-filters": filterCount(view) === 0 ? undefined : () => go(withoutFilters(view)),
    "many-at-once": path === "/many" ? undefined : () => goTo("/many"),
  };
}

/** What depends on more than the page shows: looked up only when somebody asks. */
function lateCommands({ onOverlays }: CommandContext, services: Services): CommandActions {
  const { calls, recents } = services;
  return {
    get "show-failed-call"() {
      const failed = failedCall(calls.calls());
      return failed && (() => onOverlays({ inspector: true, call: failed.id }));
    },
    get "clear-recents"() {
      return recents.get().length === 0 ? undefined : recents.clear;
    },
  };
}

/** The newest call that failed; one that the page gave up itself did not. */
function failedCall(calls: readonly CallRecord[]): CallRecord | undefined {
  return calls.find(({ error, code }) => error !== undefined && code !== "CANCELED");
}

/** With a user open, the drawer follows the rows; else only the focus moves. */
function moveRow({ view, go, rows }: CommandContext, step: 1 | -1): void {
  const id = moveRowFocus(step, view.user);
  const { users = [], loadMore } = rows.current ?? {};
  if (step === 1 && id !== undefined && id === users.at(-1)?.id) loadMore?.();
  if (id !== undefined && view.user !== undefined && view.user !== id) {
    go({ ...view, user: id }, { replace: true });
  }
}

function closeUser({ view, go, input }: CommandContext): void {
  const typing = document.activeElement === input.current;
  go({ ...view, user: undefined });
  if (!typing) requestAnimationFrame(() => focusRow(view.user));
}

function copyId(id: string): void {
  const { common, user } = words();
  navigator.clipboard.writeText(id).then(
    () => announce(common.copied(`${user.id} ${id}`)),
    () => announce(common.copyFailed),
  );
}
