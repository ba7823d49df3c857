import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { dateOf } from "../lib/time-format.ts";
import { words } from "../messages/messages.ts";
import { useServices } from "../services.ts";
import { useNow } from "./use-now.ts";

/** A time in relation to now; the exact time with its zone when one points at it. */
export function RelativeTime({ time }: { readonly time: Timestamp | undefined }) {
  const format = useServices().time;
  const now = useNow();
  if (time === undefined) return <span className="muted">{words().common.never}</span>;
  const date = dateOf(time);
  return (
    <time dateTime={date.toISOString()} title={format.exact(date)}>
      {format.relative(date, now)}
    </time>
  );
}

/** A time in both ways: in relation to now, and exactly, with its zone. */
export function FullTime({ time }: { readonly time: Timestamp | undefined }) {
  const format = useServices().time;
  const now = useNow();
  if (time === undefined) return <span className="muted">{words().common.never}</span>;
  const date = dateOf(time);
  return (
    <time dateTime={date.toISOString()} className="full-time">
      <span>{format.relative(date, now)}</span> <span className="muted">{format.exact(date)}</span>
    </time>
  );
}
