import { useSession } from "../../../lib/react/index.ts";
import { useState } from "react";
import type { SessionSnapshot } from "../../../lib/core/index.ts";
import { countdown } from "../../lib/time-format.ts";
import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { describeEvent } from "../session/event-words.ts";
import { TroublePanel } from "./trouble-panel.tsx";

/** Whose session it is, how its token lives, and what happened to it. `now`: epoch milliseconds. */
export function SessionPanel({ now }: { readonly now: number }) {
  const { config } = useServices();
  return (
    <div className="session-panel">
      <SessionFacts now={now} />
      {config.demo ? <TroublePanel issuer={config.issuer} /> : null}
      <Timeline />
    </div>
  );
}

function SessionFacts({ now }: { readonly now: number }) {
  const { commands, config } = useServices();
  const snapshot = useSession();
  const text = words().session;
  return (
    <section aria-label={words().inspector.session}>
      <dl>
        <dt>{text.signedInAs}</dt>
        <dd>{snapshot.displayName ?? snapshot.subject ?? words().common.none}</dd>
        <dt>{text.issuer}</dt>
        <dd className="mono breakable">{new URL(config.issuer).host}</dd>
        <dt>{text.scopes}</dt>
        <dd className="roles">
          {snapshot.scopes.map((scope) => (
            <span key={scope} className="role mono">
              {scope}
            </span>
          ))}
        </dd>
        <dt>{text.token}</dt>
        <dd>{tokenWords(snapshot, now)}</dd>
      </dl>
      <TokenMeter key={snapshot.expiresAt} expiresAt={snapshot.expiresAt} now={now} />
      <p className="dock-actions">
        <button type="button" className="button small" onClick={() => commands.run("sign-out")}>
          {words().account.signOut}
        </button>
      </p>
    </section>
  );
}

/** How much is left of what there was when this token was first seen. */
function TokenMeter(props: { readonly expiresAt: number | undefined; readonly now: number }) {
  const { expiresAt, now } = props;
  const [seenAt] = useState(now);
  if (expiresAt === undefined || expiresAt <= seenAt) return null;
  const left = Math.max(0, expiresAt - now);
  return <progress aria-label={words().session.meter} max={expiresAt - seenAt} value={left} />;
}

function tokenWords(snapshot: SessionSnapshot, now: number): string {
  const text = words().session;
  const { expiresAt, refresh, nextAttemptAt } = snapshot;
  if (refresh === "running") return text.renewing;
  if (refresh === "retrying") return text.retry(countdown((nextAttemptAt ?? now) - now));
  if (expiresAt === undefined) return text.noToken;
  return expiresAt <= now ? text.expired : text.renews(countdown(expiresAt - now));
}

function Timeline() {
  const { events, time } = useServices();
  const list = useStore(events, events.events);
  const text = words().session;
  return (
    <section className="past" aria-label={text.timeline}>
      <h3>{text.timeline}</h3>
      {list.length === 0 ? <p className="muted empty">{text.noEvents}</p> : null}
      <ol className="timeline" aria-label={text.timeline}>
        {list.map((event, index) => {
          const { text: sentence, tone } = describeEvent(event);
          const at = new Date(event.at);
          return (
            <li key={list.length - index} data-tone={tone}>
              <time dateTime={at.toISOString()}>{time.clock(at)}</time>
              <span>{sentence}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
