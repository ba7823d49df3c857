import type { ReactElement } from "react";
// @ts-expect-error The package has no types of its own.
import untyped from "react-test-renderer";

interface Root {
  update(element: ReactElement): void;
  unmount(): void;
  toJSON(): unknown;
}

interface Renderer {
  act<T>(work: () => T | Promise<T>): Promise<T>;
  create(element: ReactElement): Root;
}

const renderer = untyped as Renderer;

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
