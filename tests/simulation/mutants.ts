/** A mistake put into the product on purpose, to see that the simulation finds it. */
export interface Mutant {
  readonly name: string;
  /** Below `src/lib`. */
  readonly file: string;
  /** Occurs exactly once in the file; else the mutant is out of date. */
  readonly find: string;
  readonly replace: string;
}

/** Every mistake that a session must not make. */
export const mutants: readonly Mutant[] = [
  {
    name: "no lock",
    file: "core/session-renewer.ts",
    find: "result = await lock.run(lockName, { acquireTimeoutMs, signal: ended }, async (held) => {",
    replace: `const free = (_1: unknown, _2: unknown, task: (held: boolean) => Promise<RenewalResult | undefined>) => task(true);
      result = await free(lockName, { acquireTimeoutMs, lock }, async (held) => {`,
  },
  {
    name: "no re-read after the lock",
    file: "core/session-sync.ts",
    find: `    const entry = await this.#read();
    generation.ended.throwIfAborted();
    this.#apply(entry, "another-tab");`,
    replace: `    const entry = (this.last ??= await this.#read());
    generation.ended.throwIfAborted();
    this.#apply(entry, "another-tab");`,
  },
  {
    name: "no adoption of what another tab has fetched",
    file: "core/session-renewer.ts",
    find: "return isUsable(cached, now) && !isExpiring(cached, now) ? cached : undefined;",
    replace:
      "return now < 0 && isUsable(cached, now) && !isExpiring(cached, now) ? cached : undefined;",
  },
  {
    name: "no epoch: a sign-out leaves the generation alone",
    file: "core/session-holder.ts",
    find: '    this.#replaceGeneration(signedOutError(where), "signed-out");',
    replace:
      '    this.#record = undefined;\n    this.#state = where === "" ? "loading" : "signed-out";',
  },
  {
    name: "no revision check on commit",
    file: "core/session-ledger.ts",
    find: "return guard(async () => (await store.replace(entry.revision, text)) !== undefined, true);",
    replace:
      "return guard(async () => (await store.replace((await store.read())?.revision, text)) !== undefined, true);",
  },
  {
    name: "retry twice",
    file: "core/authorized-call.ts",
    find: "        throw explainCallError(toCallError(reason));",
    replace: `        const third = await this.#recover(toCallError(reason), await this.#getToken());
        return await this.#attempt(third);`,
  },
  {
    name: "refresh bound to one caller's signal",
    file: "core/token-keeper.ts",
    find: "const flight = joined ?? this.#takeOff(slot, this.#reason(slot));",
    replace: `const flight = joined ?? this.#takeOff(slot, this.#reason(slot));
    if (joined === undefined && request.signal !== undefined) {
      const { signal } = request;
      const left = new Promise<never>((_, reject) => {
        signal.addEventListener("abort", () => reject(new AuthError("misconfigured", "Left.")));
      });
      flight.promise = Promise.race([flight.promise, left]);
      flight.promise.catch(() => undefined);
    }`,
  },
  {
    name: "refresh by timer only",
    file: "core/token-keeper.ts",
    find: "const flight = joined ?? this.#takeOff(slot, this.#reason(slot));",
    replace: `if (joined === undefined && this.#options.cache.has(slot.key)) {
      throw new AuthError("unavailable", "Wait for the timer.");
    }
    const flight = joined ?? this.#takeOff(slot, this.#reason(slot));`,
  },
  {
    name: "drop the refresh token when the answer has none",
    file: "core/session-renewer.ts",
    find: "const refreshToken = response.refreshToken ?? sent.record.refreshToken;",
    replace: "const refreshToken = response.refreshToken;",
  },
  {
    name: "resume as another person",
    file: "core/session-holder.ts",
    find: "this.#record !== undefined && this.#record.subject !== record.subject",
    replace: 'this.#record !== undefined && this.#record.subject === ""',
  },
  {
    name: "503 as terminal",
    file: "core/session-renewer.ts",
    find: `if (AuthError.from(error).code !== "interaction-required") throw error;`,
    replace: `const { code, details } = AuthError.from(error);
        if (code !== "interaction-required" && details.status !== 503) throw error;`,
  },
  {
    name: "serve expired tokens",
    file: "core/cached-token.ts",
    find: "return now < cached.token.expiresAt && now >= cached.obtainedAt;",
    replace: "return cached.token.expiresAt > 0 && now > 0;",
  },
  {
    name: "no rejected comparison: the refused token is served again",
    file: "core/token-keeper.ts",
    find: "if (cached === undefined || cached.token.value === rejected) return undefined;",
    replace: 'if (cached === undefined || rejected === "") return undefined;',
  },
  {
    name: "no rejected comparison: every refusal refreshes",
    file: "core/token-keeper.ts",
    find: "if (cached === undefined || cached.token.value === rejected) return undefined;",
    replace: "if (cached === undefined || rejected !== undefined) return undefined;",
  },
  {
    name: "announce nothing on sign-out",
    file: "core/session-sync.ts",
    find: `this.#post("signed-out", name);`,
    replace: "",
  },
  {
    name: "clear the store whoever is in it",
    file: "core/session-sync.ts",
    find: "if (session !== undefined && found !== session) return undefined;",
    replace: "if (session !== undefined && found === undefined) return undefined;",
  },
  {
    name: "forget who has signed out",
    file: "core/session-holder.ts",
    find: "if (this.#ended.has(record.session)) {",
    replace: 'if (this.#ended.has(record.session) && record.session === "") {',
  },
  {
    name: "mix two sessions in one record",
    file: "core/session-renewer.ts",
    find: "if (current.record.session !== sent.record.session) return undefined;",
    replace: "",
  },
  {
    name: "wait for the lock without counting",
    file: "core/session-renewer.ts",
    find: "if (bounds.late()) throw tooLateError();",
    replace: "if (bounds.late()) bounds.stop();",
  },
  {
    name: "take the deadline for the token alone",
    file: "core/authorized-call.ts",
    find: "linkSignals(this.#request.signal, this.#ended);",
    replace: "linkSignals(new AbortController().signal, this.#ended);",
  },
  {
    name: "a sign-out leaves calls in flight alone",
    file: "core/authorized-call.ts",
    find: "linkSignals(this.#request.signal, this.#ended);",
    replace: "linkSignals(this.#request.signal, undefined);",
  },
  {
    name: "a token in an event",
    file: "core/session-holder.ts",
    find: `this.notifier.emit({ type: "renewed", reason, durationMs, waiting: waiting.size });`,
    replace: `const { token } = result.cached;
    this.notifier.emit({ type: "renewed", reason, durationMs, waiting: waiting.size, ...{ token } });`,
  },
  {
    name: "a session from memory replaces a newer sign-in",
    file: "browser/unsaved-record.ts",
    find: "return outage.signedIn && (sessionOf(own)?.signedInAt ?? 0) > signedInAt;",
    replace: "return outage.signedIn || sessionOf(own) === undefined;",
  },
  {
    name: "a newer sign-in from memory is lost to an older session",
    file: "browser/unsaved-record.ts",
    find: "return outage.signedIn && (sessionOf(own)?.signedInAt ?? 0) > signedInAt;",
    replace: "return signedInAt < 0 && sessionOf(own) === undefined;",
  },
  {
    name: "calls stay with a flight although another tab has stored a token",
    file: "core/token-keeper.ts",
    find: "const signals = [signal, this.#closed.signal, slot.changed.signal];",
    replace: "const signals = [signal, this.#closed.signal];",
  },
  {
    name: "renew when a newer sign-in is wanted",
    file: "core/authorized-call.ts",
    find: "await raceSignals(stepUp({ acrValues, maxAgeSeconds }, { signal }), signal);",
    replace: "await raceSignals(Promise.resolve([acrValues, maxAgeSeconds]), signal);",
  },
  {
    name: "a refused call that is not repeated says nothing",
    file: "core/call-error.ts",
    find: "if (!isStepUp(challenge)) return refused(error);",
    replace: "if (!isStepUp(challenge)) return undefined;",
  },
  {
    name: "a stream that waits outlives the sign-out",
    file: "core/resume-stream.ts",
    find: "await raceSignals(done, options.signal, ended);",
    replace: "await raceSignals(done, options.signal);",
  },
  {
    name: "a stream resumes as another person",
    file: "core/resume-stream.ts",
    find: "if (!isAborted(options.signal)) throw toCallError(error);",
    replace: "if (isAborted(options.tokenSource?.ended)) throw toCallError(error);",
  },
  {
    name: "a stream gives up on UNAVAILABLE",
    file: "core/resume-stream.ts",
    find: "  Code.Unavailable,",
    replace: "",
  },
  {
    name: "a stream resumes without its position",
    file: "core/resume-stream.ts",
    find: "of openOnce(options, cursor, (",
    replace: "of openOnce(options, cursor === undefined ? cursor : undefined, (",
  },
  {
    name: "a stream forgets its position at a heartbeat",
    file: "core/resume-stream.ts",
    find: "cursor = cursorOf(message) ?? cursor;",
    replace: "cursor = cursorOf(message);",
  },
  {
    name: "a stream leaves its request open",
    file: "core/resume-stream.ts",
    find: `  } finally {
    controller.abort();
  }`,
    replace: `  } finally {
    linked.unlink();
  }`,
  },
  {
    name: "a stream tries again without a pause",
    file: "core/resume-stream.ts",
    find: "delayUntilAttemptMs(failure, now, greatestPauseMs), ended);",
    replace: "0 * delayUntilAttemptMs(failure, now, greatestPauseMs), ended);",
  },
  {
    name: "a stream waits on although its caller has left",
    file: "core/resume-stream.ts",
    find: "await raceSignals(done, options.signal, ended);",
    replace: "await raceSignals(done, ended);",
  },
  {
    name: "a refused token ends a stream",
    file: "core/resume-stream.ts",
    find: "if (!helped && !refused) throw asError(reason);",
    replace: "if (!helped || refused) throw asError(reason);",
  },
  {
    name: "a sign-in revokes the session before, whoever's it was",
    file: "core/session-sync.ts",
    find: "const unused = subject !== record.subject && refreshToken",
    replace: 'const unused = subject !== "" && refreshToken',
  },
];
