import type { ReactNode } from "react";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icon.tsx";

/** What {@link StatePanel} needs. */
export interface StatePanelProps {
  readonly title: string;
  readonly icon?: IconName;
  readonly text?: ReactNode;
  /** The buttons beneath. */
  readonly children?: ReactNode;
  /** `alert` is read out at once: for what went wrong. */
  readonly role?: "alert" | "status";
}

/** Says in the middle of an area why there is nothing else in it, and what to do. */
export function StatePanel({ title, icon, text, children, role }: StatePanelProps) {
  return (
    <div className="state" role={role}>
      {icon === undefined ? null : (
        <span className="state-icon">
          <Icon name={icon} />
        </span>
      )}
      <h2>{title}</h2>
      {text === undefined ? null : <div className="state-text">{text}</div>}
      {children === undefined ? null : <div className="state-actions">{children}</div>}
    </div>
  );
}
