import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { goBackOr, linkTo } from "../../lib/navigation.ts";
import { userPath } from "../../lib/view-url.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";
import type { LiveState } from "../../rpc/live-user.ts";
import { useOnline } from "../session/bars.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Icon } from "../../ui/icon.tsx";

/** What {@link UserHead} needs. */
export interface UserHeadProps {
  readonly id: string;
  readonly user: User | undefined;
  readonly live: LiveState;
  readonly view: View;
  readonly onClose: () => void;
}

/** Who it is, how fresh it is, and the way back. */
export function UserHead({ id, user, live, view, onClose }: UserHeadProps) {
  const text = words().user;
  const name = user === undefined || user.name === "" ? id : user.name;
  return (
    <header className="user-head">
      <button
        type="button"
        className="icon-button head-back"
        aria-label={view.searched ? text.close : text.back}
        title={view.searched ? text.close : text.back}
        onClick={view.searched ? onClose : () => goBackOr("/")}
      >
        <Icon name={view.searched ? "close" : "back"} />
      </button>
      <Avatar name={name} large />
      <div className="user-title">
        <h2>{name}</h2>
        <span className="mono muted id-cell">
          <span>{id}</span>
          <CopyButton text={id} what={`${text.id} ${id}`} />
        </span>
      </div>
      {user === undefined ? null : <LiveBadge state={live} />}
      {view.searched ? (
        <a
          className="icon-button"
          aria-label={text.openPage}
          title={text.openPage}
          {...linkTo(userPath(id))}
        >
          <Icon name="page" />
        </a>
      ) : null}
    </header>
  );
}

function LiveBadge(props: { readonly state: LiveState }) {
  // A stream does not notice for a while that the network has gone.
  const state = useOnline() ? props.state : "stopped";
  const { live, liveHint } = words().user;
  return (
    <span className={`live live-${state}`} role="status" title={liveHint[state]}>
      {live[state]}
    </span>
  );
}
