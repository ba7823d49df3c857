import { Code, ConnectError } from "@connectrpc/connect";
import { AuthError } from "../lib/core/index.ts";
import { printable } from "./answer.ts";
import { nameFailure } from "./no-answer.ts";
import type { GrantName, Options } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** How the program ends: what the shell sees. */
export const exitCodes = { found: 0, notFound: 1, usage: 2, auth: 3, unavailable: 4 } as const;

/** A failure, told to a person. */
export interface Failure {
  readonly exitCode: number;
  /** What was asked, what came back, what to try: one line, without a secret. */
  readonly sentence: string;
}

/** What is known of the run that failed. */
export interface FailedRun {
  readonly options?: Options;
  readonly grant?: GrantName | undefined;
}

/** Tells a failure. @throws the reason itself when it is a defect of this program */
export function describeFailure(reason: unknown, run: FailedRun): Failure {
  if (reason instanceof UsageError) return { exitCode: exitCodes.usage, sentence: reason.message };
  const authError = AuthError.find(reason);
  if (authError !== undefined) return describeAuthError(authError, run);
  if (reason instanceof ConnectError) return describeCallError(reason, run);
  throw reason;
}

function describeAuthError(error: AuthError, run: FailedRun): Failure {
  const isUnavailable = error.code === "unavailable" && !isForeignAnswer(error);
  const message = printable(error.message).replace(
    /no answer \(\w+\)/,
    `no answer (${nameFailure(error)})`,
  );
  const advice = adviceFor(error, run);
  return {
    exitCode: isUnavailable ? exitCodes.unavailable : exitCodes.auth,
    sentence: advice === undefined ? message : `${firstSentence(message)}; ${advice}.`,
  };
}

/** Without what follows, which advises programs; this one has options, and ends. */
function firstSentence(message: string): string {
  const [sentence = message] = /^(?:"[^"]*"|[^".]|\.(?! [A-Z]|$))*/.exec(message) ?? [];
  return sentence;
}

// A page of HTML will not become a token endpoint by waiting.
function isForeignAnswer({ details }: AuthError): boolean {
  const { status, oauthError } = details;
  return status !== undefined && status < 500 && status !== 429 && oauthError === undefined;
}

const oauthAdvice: Readonly<Record<string, string>> = {
  invalid_client: "check --client-id and the client's secret",
  invalid_scope: "ask for other scopes with --scope",
  invalid_target: "check --resource",
  unauthorized_client: "choose a --grant that this client may use",
  unsupported_grant_type: "choose a --grant that this issuer knows",
  access_denied: "sign in again, and agree this time",
};

const grantAdvice: Readonly<Record<GrantName, string>> = {
  "client-credentials": "check --client-id and the client's secret",
  "jwt-bearer": "make a fresh assertion, or let --key FILE make one for each token",
  "refresh-token": "sign in again with user-lookup login",
};

function adviceFor(error: AuthError, { grant, options }: FailedRun): string | undefined {
  const { oauthError = "" } = error.details;
  const advice = oauthAdvice[oauthError];
  if (advice !== undefined) return advice;
  if (error.message.startsWith("The certificate of")) {
    const isApi = options !== undefined && error.message.includes(` ${new URL(options.api).host} `);
    return `name its authority with ${isApi ? "--api-ca" : "--ca"} FILE`;
  }
  if (error.code === "unavailable") {
    return isForeignAnswer(error)
      ? "check --issuer and --token-url"
      : "check that the issuer runs, and --issuer or --token-url";
  }
  if (error.code === "scope-missing") return "ask for the scope with --scope, or have it granted";
  const isRefused = ["interaction-required", "signed-out"].includes(error.code);
  return isRefused && grant !== undefined ? grantAdvice[grant] : undefined;
}

const callAdvice: Partial<Readonly<Record<Code, readonly [exitCode: number, advice: string]>>> = {
  [Code.InvalidArgument]: [exitCodes.usage, "correct the id or the search"],
  [Code.Unauthenticated]: [exitCodes.auth, "check that --api takes tokens of --issuer"],
  [Code.PermissionDenied]: [
    exitCodes.auth,
    "ask for another scope with --scope, or have it granted",
  ],
  [Code.FailedPrecondition]: [exitCodes.auth, "check --api"],
  [Code.Unimplemented]: [exitCodes.auth, "check --api: it has no such method"],
  [Code.DeadlineExceeded]: [exitCodes.unavailable, "give it more time with --timeout"],
  [Code.Unavailable]: [exitCodes.unavailable, "check that the API runs, and --api"],
};

function describeCallError(error: ConnectError, { options }: FailedRun): Failure {
  const [exitCode, advice] = callAdvice[error.code] ?? [exitCodes.unavailable, "try again"];
  const code = Code[error.code]?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
  const answer = `${code} "${printable(error.rawMessage).replace(/\.$/, "")}"`;
  return {
    exitCode,
    sentence: `Asked ${options?.api} for users: it answered ${answer}; ${advice}.`,
  };
}
