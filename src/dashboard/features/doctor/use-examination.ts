import { useCallback, useEffect, useState } from "react";
import { diagnose } from "../../../site/index.ts";
import type { Examination, Finding } from "../../../site/index.ts";
import { useServices } from "../../services.ts";
import { createBrowserPorts } from "./browser-ports.ts";

/** How far an examination is. */
export interface ExaminationState {
  /** What was found, by the part that is done. */
  readonly done: Readonly<Partial<Record<Examination, readonly Finding[]>>>;
  readonly isRunning: boolean;
  /** Whether a token was tried. */
  readonly withToken: boolean;
}

const begun: ExaminationState = { done: {}, isRunning: true, withToken: false };

/** Examines this deployment at once, and again when asked. */
export function useExamination(): readonly [state: ExaminationState, again: () => void] {
  const { session, config } = useServices();
  const [state, setState] = useState(begun);
  const [run, setRun] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const change = (next: (now: ExaminationState) => ExaminationState) => {
      if (isCurrent) setState(next);
    };
    const examine = async () => {
      await session.ready();
      const isSignedIn = session.getSnapshot().state === "signed-in";
      // Without a token the rest can be examined all the same.
      const token = isSignedIn ? await session.getToken().catch(() => undefined) : undefined;
      change((now) => ({ ...now, withToken: token !== undefined }));
      const deployment = {
        config,
        origin: location.origin,
        ...(token === undefined ? {} : { token: token.value }),
      };
      await diagnose(deployment, createBrowserPorts(), (part, findings) => {
        change((now) => ({ ...now, done: { ...now.done, [part]: findings } }));
      });
      change((now) => ({ ...now, isRunning: false }));
    };
    void examine();
    return () => {
      isCurrent = false;
    };
  }, [session, config, run]);
  const again = useCallback(() => {
    setState(begun);
    setRun((now) => now + 1);
  }, []);
  return [state, again];
}
