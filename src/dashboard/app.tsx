import { Suspense, lazy, useLayoutEffect, useState } from "react";
import { SessionProvider, useSession } from "../lib/react/index.ts";
import type { AppProps } from "./app-props.ts";
import { createServices } from "./create-services.ts";
import { Boot } from "./features/session/boot.tsx";
import { LeavingScreen } from "./features/session/leaving-screen.tsx";
import { SignInScreen } from "./features/session/sign-in-screen.tsx";
import { usePath } from "./lib/navigation.ts";
import { showPreferences } from "./lib/show-preferences.ts";
import { ServicesContext, useServices, useStore } from "./services.ts";
import { CrashGuard } from "./ui/crash-guard.tsx";

// Nobody needs them before a sign-in; asked for at once, they come while the
// configuration and the session are being read.
const dataProvider = import("./data-provider.tsx");
const workspace = import("./workspace.tsx");
const DataProvider = lazy(() => dataProvider.then((module) => ({ default: module.DataProvider })));
// For people who deploy; reachable signed out, because often nobody can sign in then.
const DoctorPage = lazy(() =>
  import("./features/doctor/doctor-page.tsx").then((module) => ({ default: module.DoctorPage })),
);
const Workspace = lazy(() => workspace.then((module) => ({ default: module.Workspace })));

/** The dashboard. */
export function App(props: AppProps) {
  const [services] = useState(() => createServices(props));
  return (
    <CrashGuard>
      <ServicesContext value={services}>
        <SessionProvider session={props.session}>
          <Themed />
          <Gate {...props} />
          <div id="announcements" className="sr" aria-live="polite" />
        </SessionProvider>
      </ServicesContext>
    </CrashGuard>
  );
}

/** What somebody may see depends on who is signed in. */
function Gate({ transport, signInProblem }: AppProps) {
  const { state } = useSession();
  const { signOut } = useServices();
  const leaving = useStore(signOut, signOut.underWay);
  const isDoctor = usePath() === "/doctor";
  const [worked, setWorked] = useState(false);
  if (state === "signed-in" && !worked) setWorked(true);
  if (state === "signed-out" && worked) setWorked(false);
  if (isDoctor) {
    return (
      <Suspense fallback={<Boot />}>
        <DoctorPage />
      </Suspense>
    );
  }
  if (state === "loading") return <Boot />;
  // In the middle of work the page stays, and a bar says what is the matter.
  if (state === "signed-in" || (state === "interaction-required" && worked)) {
    return (
      <Suspense fallback={<Boot />}>
        <DataProvider transport={transport}>
          <Workspace />
        </DataProvider>
      </Suspense>
    );
  }
  if (state === "signed-out" && leaving) return <LeavingScreen />;
  return <SignInScreen ended={state === "interaction-required"} problem={signInProblem?.()} />;
}

function Themed() {
  const { preferences, config } = useServices();
  const chosen = useStore(preferences, preferences.get);
  useLayoutEffect(() => showPreferences(chosen), [chosen]);
  return <title>{config.brand}</title>;
}
