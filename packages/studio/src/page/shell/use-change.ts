/** Draws a component again when something that it shows has changed. */
import { useLayoutEffect, useReducer } from "preact/hooks";

/** `listen` is called once for as long as `of` is the same; what it returns ends the listening. */
export function useChange(listen: (changed: () => void) => () => void, of: unknown): void {
  const [, again] = useReducer((count: number) => count + 1, 0);
  // Not after the next frame: what changes until then would be missed.
  useLayoutEffect(() => listen(() => again(undefined)), [of]);
}
