import { examinations } from "../../../site/index.ts";
import type { Examination, Finding } from "../../../site/index.ts";
import { goHome, hrefOf } from "../../lib/navigation.ts";
import { enDoctor } from "../../messages/en-doctor.ts";
import { words } from "../../messages/messages.ts";
import { useServices } from "../../services.ts";
import { Mark } from "../../ui/icon.tsx";
// Vite turns it into a style sheet of this chunk.
// oxlint-disable-next-line import/no-unassigned-import
import "./doctor.css";
import { useExamination } from "./use-examination.ts";
import type { ExaminationState } from "./use-examination.ts";

/** Says what is wrong with this deployment, as far as a browser can see it; needs nobody to be signed in. */
export function DoctorPage() {
  const { config } = useServices();
  const [state, again] = useExamination();
  const text = enDoctor;
  const hosts = [location.origin, config.issuer, config.apiBaseUrl].map((url) => new URL(url).host);
  const [site = "", issuer = "", api = ""] = hosts;
  return (
    <main className="doctor" id="main">
      <p>
        <a className="brand" href={hrefOf("/")} onClick={goHome}>
          <Mark />
          <span>{config.brand}</span>
        </a>
      </p>
      <h1>{text.title}</h1>
      <p className="muted">{text.intro(site, issuer, api)}</p>
      <p className="doctor-verdict" role="status">
        {verdict(state)}
      </p>
      <ol className="doctor-parts">
        {examinations.map((part) => (
          <Part key={part} part={part} state={state} />
        ))}
      </ol>
      <p className="doctor-actions">
        <button type="button" className="button primary" onClick={again}>
          {text.again}
        </button>
        <a className="button" href={hrefOf("/")} onClick={goHome}>
          {words().common.toSearch}
        </a>
      </p>
      <p className="muted small">
        {text.terminal} <code>npx user-lookup doctor --site {location.origin}</code>
      </p>
    </main>
  );
}

function verdict({ isRunning, done }: ExaminationState): string {
  if (isRunning) return enDoctor.busy;
  const amount = Object.values(done).flat().length;
  return amount === 0 ? enDoctor.healthy : enDoctor.unhealthy(amount);
}

function Part({ part, state }: { readonly part: Examination; readonly state: ExaminationState }) {
  const findings = state.done[part];
  const isSkipped = part === "token" && !state.withToken && findings !== undefined;
  const result =
    findings === undefined
      ? enDoctor.running
      : isSkipped
        ? enDoctor.skipped
        : findings.length === 0
          ? enDoctor.fine
          : enDoctor.wrong(findings.length);
  return (
    <li className="doctor-part" data-wrong={findings !== undefined && findings.length > 0}>
      <h2>{enDoctor.parts[part]}</h2>
      <p className="doctor-result">{result}</p>
      {isSkipped ? <p className="muted small">{enDoctor.signedOut}</p> : null}
      {findings?.map((finding) => (
        <Found key={`${finding.code} ${finding.problem}`} finding={finding} />
      ))}
    </li>
  );
}

function Found({ finding }: { readonly finding: Finding }) {
  return (
    <section className="doctor-finding">
      <h3>
        <code>{finding.code}</code>
      </h3>
      <p>{finding.problem}</p>
      <p>
        <strong>{enDoctor.whatToDo}:</strong> {finding.remedy}
      </p>
    </section>
  );
}
