import { useState } from "react";
import type { User } from "../../../gen/user/v1/user_service_pb.ts";
import { STATUS_NAMES } from "../../lib/view.ts";
import type { View } from "../../lib/view.ts";
import { words } from "../../messages/messages.ts";

/** What the panel of a filter needs. */
export interface FilterPanelProps {
  readonly view: View;
  readonly onView: (view: View) => void;
}

const DORMANT_DAYS = [30, 90, 180, 365] as const;

/** Chooses any number of statuses. */
export function StatusPanel({ view, onView }: FilterPanelProps) {
  return (
    <fieldset className="choices">
      <legend className="sr">{words().filters.status}</legend>
      {STATUS_NAMES.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={view.statuses.includes(name)}
            onChange={() => {
              const chosen = toggle(view.statuses, name);
              // In one order whatever was chosen first: the same filter has the same address.
              const statuses = STATUS_NAMES.filter((each) => chosen.includes(each));
              onView({ ...view, searched: true, statuses });
            }}
          />
          {words().status[name]}
        </label>
      ))}
    </fieldset>
  );
}

/** Chooses roles: those that were seen in the results, or one that is typed. */
export function RolePanel(props: FilterPanelProps & { readonly users: readonly User[] }) {
  const { view, users, onView } = props;
  const [typed, setTyped] = useState("");
  // The panel lives as long as it is open, so its choices do not vanish with a narrower result.
  const [seen] = useState(() => users.flatMap((user) => user.roles));
  const options = [...new Set([...view.roles, ...seen])].toSorted();
  const choose = (role: string) =>
    onView({ ...view, searched: true, roles: toggle(view.roles, role).toSorted() });
  return (
    <>
      <fieldset className="choices">
        <legend className="sr">{words().filters.role}</legend>
        {options.map((role) => (
          <label key={role}>
            <input
              type="checkbox"
              checked={view.roles.includes(role)}
              onChange={() => choose(role)}
            />
            {role}
          </label>
        ))}
      </fieldset>
      <form
        className="choice-form"
        onSubmit={(event) => {
          event.preventDefault();
          const role = typed.trim();
          if (role !== "" && !view.roles.includes(role)) choose(role);
          setTyped("");
        }}
      >
        <input
          type="text"
          aria-label={words().filters.rolePlaceholder}
          placeholder={words().filters.rolePlaceholder}
          value={typed}
          maxLength={64}
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="button small">
          {words().filters.roleAdd}
        </button>
      </form>
    </>
  );
}

/** Chooses the first and the last day of creation. */
export function CreatedPanel({ view, onView }: FilterPanelProps) {
  const { filters } = words();
  const day = (value: string) => (value === "" ? undefined : value);
  return (
    <div className="choice-form column">
      <label>
        {filters.from}
        <input
          type="date"
          value={view.createdFrom ?? ""}
          max={view.createdTo}
          onChange={(event) =>
            onView({ ...view, searched: true, createdFrom: day(event.target.value) })
          }
        />
      </label>
      <label>
        {filters.to}
        <input
          type="date"
          value={view.createdTo ?? ""}
          min={view.createdFrom}
          onChange={(event) =>
            onView({ ...view, searched: true, createdTo: day(event.target.value) })
          }
        />
      </label>
    </div>
  );
}

/** Chooses "never", or for how long nobody was seen. */
export function SignInPanel({ view, onView }: FilterPanelProps) {
  const { filters } = words();
  const current = view.signIn;
  const days = typeof current === "object" ? current.dormantDays : undefined;
  const options: readonly (readonly [string, View["signIn"], boolean])[] = [
    [filters.anyTime, undefined, current === undefined],
    [filters.never, "never", current === "never"],
    ...DORMANT_DAYS.map(
      (count) => [filters.dormant(count), { dormantDays: count }, days === count] as const,
    ),
  ];
  return (
    <fieldset className="choices">
      <legend className="sr">{filters.signIn}</legend>
      {options.map(([label, signIn, checked]) => (
        <label key={label}>
          <input
            type="radio"
            name="sign-in"
            checked={checked}
            onChange={() => onView({ ...view, searched: true, signIn })}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

function toggle<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((other) => other !== item) : [...list, item];
}
