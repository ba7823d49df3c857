const SHAPES = {
  search: "M11.2 11.2 14 14M12 7A5 5 0 1 1 2 7a5 5 0 0 1 10 0Z",
  copy: "M5.5 7A1.5 1.5 0 0 1 7 5.5h5A1.5 1.5 0 0 1 13.5 7v5a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 12ZM10.5 3.3A.8.8 0 0 0 9.7 2.5H3.3a.8.8 0 0 0-.8.8v6.4c0 .4.4.8.8.8",
  check: "m3 8.5 3.2 3.2L13 4.8",
  close: "m4 4 8 8m0-8-8 8",
  down: "m4 6.2 4 4 4-4",
  up: "m4 9.8 4-4 4 4",
  page: "M9.5 2.5h4v4m0-4-5 5M12.5 9v3.2a1.3 1.3 0 0 1-1.3 1.3H3.8a1.3 1.3 0 0 1-1.3-1.3V4.8a1.3 1.3 0 0 1 1.3-1.3H7",
  back: "M13 8H3.5m4-4-4 4 4 4",
  out: "M6 13.5H3.8a1.3 1.3 0 0 1-1.3-1.3V3.8a1.3 1.3 0 0 1 1.3-1.3H6m4 8.5 3-3-3-3m3 3H6",
  pulse: "M1.5 8.5h3l2-5 3 9 2-4h3",
  lock: "M3.5 7.5h9v6h-9ZM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
} as const;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** A drawing beside words; it says nothing by itself. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}

/** The mark of the product. */
export function Mark() {
  return (
    <svg className="mark" viewBox="0 0 24 24" aria-hidden="true">
      <rect x="1" y="1" width="22" height="22" rx="6" className="mark-ground" />
      <circle cx="12" cy="9.6" r="3.1" className="mark-line" />
      <path d="M12 12.7v5.5m0-2h2.3" className="mark-line" />
    </svg>
  );
}
