/** A screen and a theme. */
export interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
  readonly forcedColors?: "active";
}

/** The looks that are checked, from a phone to a wall. */
export const looks: readonly Look[] = [
  { name: "wide-light", width: 1440, height: 900, colorScheme: "light" },
  { name: "wide-dark", width: 1440, height: 900, colorScheme: "dark" },
  { name: "narrow-light", width: 360, height: 740, colorScheme: "light" },
  { name: "narrow-dark", width: 360, height: 740, colorScheme: "dark" },
  { name: "forced", width: 1440, height: 900, colorScheme: "dark", forcedColors: "active" },
  { name: "320", width: 320, height: 640, colorScheme: "light" },
  { name: "4k", width: 3840, height: 2160, colorScheme: "light" },
];
