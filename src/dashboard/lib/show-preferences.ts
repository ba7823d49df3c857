import type { Preferences } from "./preferences.ts";

/** Tells the style sheets what a person prefers. */
export function showPreferences({ theme, singleKeys }: Preferences): void {
  const { dataset } = document.documentElement;
  dataset["theme"] = theme;
  dataset["singleKeys"] = singleKeys ? "on" : "off";
}
