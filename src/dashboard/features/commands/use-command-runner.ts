import type { RefObject } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { goTo } from "../../lib/navigation.ts";
import { EMPTY_VIEW, withoutFilters } from "../../lib/view.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { announce } from "../../ui/announcer.ts";
import type { CommandId } from "./commands.ts";
import { focusRow, moveRowFocus } from "./row-focus.ts";

/** What commands work on. */
export interface CommandContext {
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly rows: RefObject<{ users: readonly User[]; loadMore: () => void } | undefined>;
  readonly overlays: { readonly inspector: boolean };
  readonly onOverlays: (change: { inspector?: boolean; dialog?: "palette" | "sheet" }) => void;
}

/** A function that does what a command says. */
export function useCommandRunner(context: CommandContext): (id: CommandId) => void {
  const { session, preferences } = useServices();
  const { view, go, input, onOverlays, overlays } = context;
  const actions: Readonly<Record<CommandId, () => void>> = {
    "focus-search": () => {
      input.current?.focus();
      input.current?.select();
    },
    "next-row": () => moveRow(context, 1),
    "previous-row": () => moveRow(context, -1),
    // Enter is the browser's own: the focus is on a link.
    "open-row": () => undefined,
    "close-user": () => closeUser(context),
    "copy-id": () => copyId(view.user),
    "browse-all": () => go({ ...EMPTY_VIEW, searched: true, columns: view.columns }),
    "drop-filters": () => go(withoutFilters(view)),
    "many-at-once": () => goTo("/many"),
    "toggle-inspector": () => onOverlays({ inspector: !overlays.inspector }),
    "open-palette": () => onOverlays({ dialog: "palette" }),
    "open-sheet": () => onOverlays({ dialog: "sheet" }),
    "theme-system": () => preferences.set({ theme: "system" }),
    "theme-light": () => preferences.set({ theme: "light" }),
    "theme-dark": () => preferences.set({ theme: "dark" }),
    "sign-out": () => void session.signOut(),
  };
  return (id) => actions[id]();
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
  if (view.user === undefined || !view.searched) return;
  const typing = document.activeElement === input.current;
  go({ ...view, user: undefined });
  if (!typing) requestAnimationFrame(() => focusRow(view.user));
}

function copyId(id: string | undefined): void {
  if (id === undefined) return;
  const { common, user } = words();
  navigator.clipboard.writeText(id).then(
    () => announce(common.copied(`${user.id} ${id}`)),
    () => announce(common.copyFailed),
  );
}
