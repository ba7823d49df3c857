import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { linkHref } from "../../../site/index.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Roles, StatusBadge } from "../../ui/status-badge.tsx";
import { FullTime } from "../../ui/time.tsx";
import type { SeenChange } from "./use-live-user.ts";
import { UserContactSection } from "./user-contact.tsx";

/** A user in words: facts, ways into other tools, contact details, and what changed. */
export function UserOverview(props: {
  readonly user: User;
  readonly changes: readonly SeenChange[];
}) {
  const { user, changes } = props;
  return (
    <div className="overview">
      <Facts user={user} />
      <Links id={user.id} />
      <UserContactSection id={user.id} />
      <Changes changes={changes} />
    </div>
  );
}

function Facts({ user }: { readonly user: User }) {
  const { columns, user: text } = words();
  return (
    <section>
      <dl>
        <dt>{text.email}</dt>
        <dd>
          <span className="breakable">{user.email}</span>
          <CopyButton text={user.email} what={`${text.email} ${user.email}`} />
        </dd>
        <dt>{columns.status}</dt>
        <dd>
          <StatusBadge status={user.status} />
        </dd>
        <dt>{columns.roles}</dt>
        <dd>
          <Roles roles={user.roles} />
        </dd>
        <dt>{columns.locale}</dt>
        <dd>{user.locale === "" ? words().common.none : user.locale}</dd>
        <dt>{columns.created}</dt>
        <dd>
          <FullTime time={user.createTime} />
        </dd>
        <dt>{text.updated}</dt>
        <dd>
          <FullTime time={user.updateTime} />
        </dd>
        <dt>{columns["signed-in"]}</dt>
        <dd>
          <FullTime time={user.lastSignInTime} />
        </dd>
      </dl>
    </section>
  );
}

function Links({ id }: { readonly id: string }) {
  const { links } = useServices().config;
  if (links.length === 0) return null;
  return (
    <section>
      <h3>{words().user.links}</h3>
      <p className="links">
        {links.map((link) => (
          <a key={link.label} href={linkHref(link, id)} target="_blank" rel="noreferrer">
            {link.label}
          </a>
        ))}
      </p>
    </section>
  );
}

function Changes({ changes }: { readonly changes: readonly SeenChange[] }) {
  const { time } = useServices();
  return (
    <section>
      <h3>{words().user.changes}</h3>
      {changes.length === 0 ? <p className="muted empty">{words().user.noChanges}</p> : null}
      <ol className="timeline" aria-live="polite">
        {changes.map((change) => (
          <li key={change.key}>
            <time dateTime={change.at.toISOString()}>{time.clock(change.at)}</time>
            <span>{change.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
