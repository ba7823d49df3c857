import { words } from "../../messages/messages.ts";
import type { SignInFilter, View } from "../../lib/view.ts";

/** A filter that is set: what it is called, what it says, and the view without it. */
export interface ActiveFilter {
  readonly label: string;
  readonly value: string;
  readonly without: View;
}

/** The filters of a view, in the order of the chips. */
export function activeFilters(view: View): ActiveFilter[] {
  const { filters } = words();
  const found: ActiveFilter[] = [];
  const status = statusValue(view);
  if (status !== undefined) {
    found.push({ label: filters.status, value: status, without: { ...view, statuses: [] } });
  }
  if (view.roles.length > 0) {
    const value = view.roles.join(", ");
    found.push({ label: filters.role, value, without: { ...view, roles: [] } });
  }
  const created = createdValue(view);
  if (created !== undefined) {
    const without = { ...view, createdFrom: undefined, createdTo: undefined };
    found.push({ label: filters.created, value: created, without });
  }
  if (view.signIn !== undefined) {
    const value = signInValue(view.signIn);
    found.push({ label: filters.signIn, value, without: { ...view, signIn: undefined } });
  }
  return found;
}

/** "Active, Locked", or undefined for any status. */
export function statusValue(view: View): string | undefined {
  if (view.statuses.length === 0) return undefined;
  return view.statuses.map((name) => words().status[name]).join(", ");
}

/** "since 2026-01-01", "2026-01-01 to 2026-02-01", or undefined for any time. */
export function createdValue(view: View): string | undefined {
  const { filters } = words();
  const { createdFrom: from, createdTo: to } = view;
  if (from !== undefined && to !== undefined) return filters.between(from, to);
  if (from !== undefined) return filters.since(from);
  return to === undefined ? undefined : filters.until(to);
}

/** "Never", or "Not for 90 days". */
export function signInValue(filter: SignInFilter): string {
  const { filters } = words();
  return filter === "never" ? filters.never : filters.dormant(filter.dormantDays);
}
