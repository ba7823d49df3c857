import { useSession } from "../../../lib/react/index.ts";
import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import type { Theme } from "../../lib/preferences.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Disclosure } from "../../ui/disclosure.tsx";
import { Icon } from "../../ui/icon.tsx";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Who is signed in, and what belongs to that: the session, the theme, the way out. */
export function AccountMenu() {
  const { commands } = useServices();
  const { displayName, subject } = useSession();
  const text = words().account;
  const name = displayName ?? subject ?? text.unknown;
  const label = (
    <>
      <Avatar name={name} />
      <span className="who-name">{name}</span>
    </>
  );
  return (
    <Disclosure className="pill" name={text.button(name)} label={label}>
      {(close) => (
        <div className="menu menu-right" role="group" aria-label={text.region}>
          <p className="menu-head">
            <span className="muted small">{text.signedInAs}</span>
            <b>{name}</b>
          </p>
          <ThemeChoice />
          <button
            type="button"
            className="menu-item"
            onClick={() => {
              close();
              commands.run("toggle-inspector");
            }}
          >
            <Icon name="pulse" /> {text.session}
          </button>
          <button type="button" className="menu-item" onClick={() => commands.run("sign-out")}>
            <Icon name="out" /> {text.signOut}
          </button>
        </div>
      )}
    </Disclosure>
  );
}

function ThemeChoice() {
  const { preferences } = useServices();
  const { theme } = useStore(preferences, preferences.get);
  const text = words().account;
  return (
    <fieldset className="segments">
      <legend className="sr">{text.theme}</legend>
      {THEMES.map((option) => (
        <label key={option}>
          <input
            type="radio"
            name="theme"
            checked={theme === option}
            onChange={() => preferences.set({ theme: option })}
          />
          <span>{text.themes[option]}</span>
        </label>
      ))}
    </fieldset>
  );
}
