import { words } from "../../messages/messages.ts";

const ROWS = 12;

/** The shape of a list while the first one is on its way. */
export function Skeleton() {
  return (
    <div className="skeleton" role="status" aria-label={words().common.loading}>
      {Array.from({ length: ROWS }, (_, row) => (
        <div key={row} className="skeleton-row" aria-hidden="true">
          <i />
          <i />
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}
