import type { Channel } from "../../src/lib/core/ports.ts";

/** A channel that tells nobody and hears nothing: a tab that other tabs' announcements never reach. */
export const deafChannel: Channel = {
  post: () => undefined,
  subscribe: () => () => undefined,
  close: () => undefined,
};
