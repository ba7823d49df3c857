export type { AccessToken } from "./access-token.ts";
export { AuthError } from "./auth-error.ts";
export type { AuthErrorCode, AuthErrorDetails } from "./auth-error.ts";
export type {
  Channel,
  ChannelMessage,
  Clock,
  Fetch,
  Lock,
  Random,
  Store,
  StoredRecord,
  Wake,
} from "./ports.ts";
export type { Session, SessionSnapshot, SessionState, SignInOptions } from "./session.ts";
export type { SessionEvent } from "./session-event.ts";
export type { TokenRequest, TokenSource } from "./token-source.ts";
