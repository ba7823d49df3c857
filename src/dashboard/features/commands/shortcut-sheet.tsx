import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { COMMANDS, isSingleKey, keyWords } from "./commands.ts";
import type { Command } from "./commands.ts";

/** Every shortcut, and the switch for those of a single key. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { preferences } = useServices();
  const { singleKeys } = useStore(preferences, preferences.get);
  const text = words().commands;
  const { single, always } = text.sheetGroups;
  const withKey = COMMANDS.filter(({ key }) => key !== undefined);
  return (
    <Dialog title={text.sheet} onClose={onClose}>
      <Keys title={always} commands={withKey.filter((command) => !isSingleKey(command))} />
      <Keys title={single} commands={withKey.filter(isSingleKey)} off={!singleKeys} />
      <label className="switch">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={() => preferences.set({ singleKeys: !singleKeys })}
        />
        <span>
          {text.singleKeys}
          <span className="muted small block">{text.singleKeysHint}</span>
        </span>
      </label>
    </Dialog>
  );
}

function Keys(props: {
  readonly title: string;
  readonly commands: readonly Command[];
  readonly off?: boolean;
}) {
  const { title, commands, off = false } = props;
  const mac = navigator.userAgent.includes("Mac");
  return (
    <section aria-label={title} className="shortcuts" data-off={off || undefined}>
      <h3>{title}</h3>
      <dl>
        {commands.map(({ id, key = "" }) => (
          <div key={id}>
            <dt>{words().commands.titles[id]}</dt>
            <dd>
              <kbd>{keyWords(key, mac)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
