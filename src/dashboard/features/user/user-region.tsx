import { useEffect, useRef } from "react";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { FailurePanel } from "../../ui/failure-panel.tsx";
import { StatePanel } from "../../ui/state-panel.tsx";
import { Skeleton } from "../lookup/skeleton.tsx";
import { useLiveUser } from "./use-live-user.ts";
import { useUser } from "./use-user.ts";
import { UserHead } from "./user-head.tsx";
import { UserBody } from "./user-body.tsx";

/** What {@link UserRegion} needs. */
export interface UserRegionProps {
  readonly id: string;
  readonly view: View;
  readonly go: (view: View, options?: { replace?: boolean }) => void;
}

/** One user: a drawer beside a list, a page of its own without one. */
export function UserRegion({ id, view, go }: UserRegionProps) {
  const { user, preview, failure, retry } = useUser(id);
  const { state, changes } = useLiveUser(id, preview ? undefined : user);
  const { recents } = useServices();
  const region = useFocusWhenOpened();
  const found = user !== undefined && !preview;
  useEffect(() => {
    if (found) recents.add(id);
  }, [found, id, recents]);
  const close = () => go({ ...view, user: undefined });
  const hard = failure !== undefined && (user === undefined || !failure.transient);
  return (
    <aside
      className={view.searched ? "drawer" : "drawer drawer-page"}
      aria-label={words().user.region(user?.name ?? id)}
      tabIndex={-1}
      ref={region}
    >
      <UserHead id={id} user={user} live={state} view={view} onClose={close} />
      {hard ? (
        <UserFailure id={id} failure={failure} onRetry={retry} />
      ) : user === undefined ? (
        <Skeleton />
      ) : (
        <UserBody user={user} changes={changes} />
      )}
    </aside>
  );
}

function UserFailure(props: {
  readonly id: string;
  readonly failure: NonNullable<ReturnType<typeof useUser>["failure"]>;
  readonly onRetry: () => void;
}) {
  const { id, failure, onRetry } = props;
  if (failure.kind !== "not-found") return <FailurePanel failure={failure} onRetry={onRetry} />;
  const text = words().user;
  return (
    <StatePanel role="alert" title={text.notFoundTitle(id)} text={<p>{text.notFoundText}</p>}>
      <button type="button" className="button" onClick={onRetry}>
        {words().common.tryAgain}
      </button>
    </StatePanel>
  );
}

/** Whoever opened the user from the list goes on reading here; whoever types keeps typing. */
function useFocusWhenOpened() {
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    const active = document.activeElement;
    if (active instanceof HTMLAnchorElement && active.dataset["rowLink"] !== undefined) {
      region.current?.focus({ preventScroll: true });
    }
  }, []);
  return region;
}
