import { once } from "./once.ts";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Timestamp } from "@bufbuild/protobuf/wkt";

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_557_600_000],
  ["month", 2_629_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** Turns times into words of one language and one time zone. */
export interface TimeFormat {
  /** "4 minutes ago", "yesterday", "2 years ago". */
  relative(time: Date, now: Date): string;
  /** "12 Mar 2024". */
  day(time: Date): string;
  /** "12 Mar 2024, 14:22 CET": never without its zone. */
  exact(time: Date): string;
  /** "14:22:10", for lines that are seconds apart. */
  clock(time: Date): string;
}

/** Formats for a language (BCP 47) and a time zone (IANA); by default those of the machine. */
export function createTimeFormat(language?: string, timeZone?: string): TimeFormat {
  const zone = timeZone === undefined ? {} : { timeZone };
  const dates = (options: Intl.DateTimeFormatOptions) =>
    once(() => new Intl.DateTimeFormat(language, { ...zone, ...options }));
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
  const day = dates({ dateStyle: "medium" });
  const exact = dates({
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
  });
  const clock = dates({ timeStyle: "medium", hourCycle: "h23" });
  return {
    relative: (time, now) => relativeWords(relative(), time, now),
    day: (time) => day().format(time),
    exact: (time) => exact().format(time),
    clock: (time) => clock().format(time),
  };
}

/** The moment of a protobuf timestamp. */
export function dateOf(timestamp: Timestamp): Date {
  return new Date(timestampMs(timestamp));
}

/** "3:41" for so many milliseconds; never negative. */
export function countdown(remainingMs: number): string {
  const seconds = Math.max(0, Math.round(remainingMs / 1000));
  return `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, "0")}`;
}

function relativeWords(format: Intl.RelativeTimeFormat, time: Date, now: Date): string {
  const difference = time.getTime() - now.getTime();
  const [unit, size] = STEPS.find(([, step]) => Math.abs(difference) >= step) ?? ["second", 1000];
  // Under a minute, seconds would be out of date before they are read.
  if (unit === "second") return format.format(0, "second");
  return format.format(Math.trunc(difference / size), unit);
}
