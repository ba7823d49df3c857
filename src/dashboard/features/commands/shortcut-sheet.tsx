import { words } from "../../messages/messages.ts";
import { useServices, useStore } from "../../services.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { COMMANDS, keyWords } from "./commands.ts";

/** Every shortcut, and the switch for those of a single key. */
export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const { preferences } = useServices();
  const { singleKeys } = useStore(preferences, preferences.get);
  const text = words().commands;
  const mac = navigator.userAgent.includes("Mac");
  return (
    <Dialog title={text.sheet} onClose={onClose}>
      <dl className="shortcuts">
        {COMMANDS.flatMap(({ id, key }) =>
          key === undefined
            ? []
            : [
                <dt key={`${id}-key`}>
                  <kbd>{keyWords(key, mac)}</kbd>
                </dt>,
                <dd key={id}>{text.titles[id]}</dd>,
              ],
        )}
      </dl>
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
