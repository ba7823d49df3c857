import { createRequire } from "node:module";
import type { ReactElement } from "react";

interface Root {
  update(element: ReactElement): void;
  unmount(): void;
  toJSON(): unknown;
}

interface Renderer {
  act<T>(work: () => T | Promise<T>): Promise<T>;
  create(element: ReactElement): Root;
}

// Required, not imported, because the package has no types of its own.
const renderer: Renderer = createRequire(import.meta.url)("react-test-renderer");

/** A rendered tree without a browser. */
export interface Rendered {
  /** What it shows now. */
  shown(): unknown;
  unmount(): Promise<void>;
}

/** Does something that components react to, and lets them. */
export const act = (work: () => void | Promise<void>): Promise<void> => renderer.act(work);

/** Renders an element, with its effects. */
export async function render(element: ReactElement): Promise<Rendered> {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  let root: Root | undefined;
  await act(() => {
    root = renderer.create(element);
  });
  return {
    shown: () => root?.toJSON(),
    unmount: () => act(() => root?.unmount()),
  };
}
