export { SessionProvider } from "./session-provider.tsx";
export { useSession } from "./use-session.ts";
export type { SessionView } from "./use-session.ts";
export { useSessionEvents } from "./use-session-events.ts";
