import { createPreferenceStore } from "./lib/preferences.ts";
import { safeStorage } from "./lib/safe-storage.ts";
import { showPreferences } from "./lib/show-preferences.ts";

// Runs before the page is painted: nothing is shown in one theme and then in another.
showPreferences(createPreferenceStore(safeStorage()).get());
