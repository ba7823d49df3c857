import { AuthError } from "../lib/core/index.ts";

/** A request without a usable answer; what knows better than that stays as it is. */
export function describeNoAnswer(asked: string, cause: unknown): AuthError {
  if (cause instanceof AuthError) return cause;
  return new AuthError("unavailable", `${asked}: no answer (${nameFailure(cause)}).`, { cause });
}

/** The system's name of a failure, for example ECONNREFUSED, else the error's. */
export function nameFailure(reason: unknown): string {
  let current = reason;
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    if ("code" in current && /^E[A-Z_]+$/.test(String(current.code))) return String(current.code);
    current = current.cause;
  }
  return reason instanceof Error ? reason.name : typeof reason;
}
