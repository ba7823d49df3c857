import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { keyWords } from "./commands.ts";

/** Says that there is a palette, and opens it. */
export function PaletteButton() {
  const { commands } = useServices();
  const text = words().commands.palette;
  const mac = navigator.userAgent.includes("Mac");
  return (
    <button
      type="button"
      className="quiet palette-key"
      title={text}
      onClick={() => commands.run("open-palette")}
    >
      <span className="sr">{text}</span> <kbd>{keyWords("mod+k", mac)}</kbd>
    </button>
  );
}
