export type { AccessToken } from "./access-token.ts";
export { AuthError } from "./auth-error.ts";
export type { AuthErrorCode, AuthErrorDetails } from "./auth-error.ts";
export { createAuthInterceptor } from "./auth-interceptor.ts";
export type { AuthInterceptorOptions } from "./auth-interceptor.ts";
export type { StepUp } from "./authorized-call.ts";
export type { CachedToken } from "./cached-token.ts";
export { createTokenSource } from "./create-token-source.ts";
export type { Grant, GrantRequest, TokenSourceOptions } from "./create-token-source.ts";
export type { MethodRule, MethodRuleEntry, MethodRules } from "./method-rule.ts";
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
export type { TokenResponse } from "./refresh-exchange.ts";
export { resumeStream } from "./resume-stream.ts";
export type { ResumeStreamOptions, StreamState } from "./resume-stream.ts";
export type { Session, SessionSnapshot, SessionState, SignInOptions } from "./session.ts";
export type { SessionEvent } from "./session-event.ts";
export type { TokenCache } from "./token-keeper.ts";
export type { TokenRequest, TokenSource } from "./token-source.ts";
