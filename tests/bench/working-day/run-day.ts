import { createApi } from "./api.ts";
import { installBrowserGlobals } from "./browser-globals.ts";
import type { Client, ClientTab } from "./client.ts";
import { reconnectMs } from "./day.ts";
import type { Day } from "./day.ts";
import { createIssuer } from "./issuer.ts";
import { createNetwork } from "./network.ts";
import type { Network } from "./network.ts";
import { createPerson } from "./person.ts";
import { between, createRandom } from "./random.ts";
import { createTally } from "./tally.ts";
import type { DayFigures } from "./tally.ts";
import { installVirtualTime } from "./virtual-time.ts";
import type { VirtualTime } from "./virtual-time.ts";

const tabCount = 3;
const callEveryMs = 1_000;

/** One working day with one client, on virtual time. The same seed gives the same day. */
export async function runDay(client: Client, day: Day): Promise<DayFigures> {
  const random = createRandom(day.seed + 1_000);
  const systemRandom = Math.random;
  const time = await installVirtualTime(day.from);
  const network = createNetwork();
  const issuer = createIssuer(network, random);
  const globals = installBrowserGlobals(issuer.fetch);
  Math.random = createRandom(day.seed + 2_000);
  try {
    const online = new EventTarget();
    const open = client.start({ globals, issuer, online });
    const tabs: { readonly tab: ClientTab; readonly holder: string }[] = [];
    for (let index = 0; index < tabCount; index++) {
      const holder = client.sharesSession ? "browser" : `tab-${index}`;
      const tab = await time.drive(open(holder));
      if (index === 0 || !client.sharesSession) await time.drive(tab.signIn());
      tabs.push({ tab, holder });
    }
    const person = createPerson();
    const tally = createTally(day);
    const call = createApi(network, issuer, random);
    tabs.forEach(({ tab, holder }, index) => {
      const once = async () => {
        const outcome = await call(tab.interceptor);
        const avoidable = tally.add(index, outcome, issuer.heldUntil(holder));
        // While the issuer is away nobody can sign in, and nobody tries.
        person.saw(tab, holder, avoidable && !issuer.down);
      };
      setTimeout(
        () => setInterval(() => void once(), callEveryMs),
        between(random, 0, callEveryMs),
      );
    });
    await live(day, time, network, issuer, (up) => {
      globals.online = up;
      if (up) online.dispatchEvent(new Event("online"));
    });
    return {
      ...tally.figures(),
      tokenRequests: issuer.tokenRequests,
      signOuts: person.signIns,
    };
  } finally {
    Math.random = systemRandom;
    globals.restore();
    time.uninstall();
  }
}

/** Lets the day pass, with its troubles. */
async function live(
  day: Day,
  time: VirtualTime,
  network: Network,
  issuer: { down: boolean },
  tell: (online: boolean) => void,
): Promise<void> {
  const goDown = () => {
    network.goDown();
    if (day.announced) tell(false);
  };
  const comeUp = () => {
    network.comeUp();
    if (day.announced) tell(true);
  };
  const switchIssuer = (up: boolean) => void (issuer.down = !up);
  const { issuerOutage, networkOutage, sleeps } = day;
  const steps: { readonly at: number; readonly run: () => void }[] = [
    { at: issuerOutage.from, run: () => switchIssuer(false) },
    { at: issuerOutage.to, run: () => switchIssuer(true) },
    { at: networkOutage.from, run: goDown },
    { at: networkOutage.to, run: comeUp },
    ...sleeps.flatMap(({ from, to }) => [
      {
        at: from,
        run: () => {
          goDown();
          time.sleep(to - from);
        },
      },
      { at: to + reconnectMs, run: comeUp },
    ]),
  ];
  for (const { at, run } of steps.toSorted((a, b) => a.at - b.at)) {
    await time.runUntil(at);
    run();
  }
  await time.runUntil(day.to);
}
