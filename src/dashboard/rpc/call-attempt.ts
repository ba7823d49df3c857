import type { Attempt, CallJournal, CallRecord } from "./call-journal.ts";
import { codeOf } from "./failure.ts";

const CREDENTIALS = new Set(["authorization", "cookie", "dpop", "proxy-authorization"]);

/** What stands in the place of a credential. */
export const REDACTED = "[not recorded]";

/** Writes down that `record` goes onto the wire once more; `end` says how that went. */
export function beginAttempt(
  journal: CallJournal,
  record: CallRecord,
  header: Headers,
): { readonly end: (reason?: unknown) => void } {
  const elapsed = () => journal.now() - record.startedAt;
  const attempt: Attempt = {
    fromMs: elapsed(),
    toMs: undefined,
    code: undefined,
    header: [...header].map(([name, value]) => [name, CREDENTIALS.has(name) ? REDACTED : value]),
  };
  record.attempts.push(attempt);
  return {
    end(reason) {
      if (attempt.toMs !== undefined) return;
      attempt.toMs = elapsed();
      attempt.code = reason === undefined ? "OK" : codeOf(reason);
    },
  };
}
