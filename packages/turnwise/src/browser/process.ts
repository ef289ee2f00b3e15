/** What listens to Node's process, for browsers, which have none: a bundle for them has this in its place. */

/** For `../floating.ts`. */
export function watchFloating(): () => void {
  return () => {};
}

/** For `../interrupt.ts`. */
export const onInterrupt: () => () => void = watchFloating;

/** For `../between-steps.ts`. */
export const watchBetweenSteps: () => () => void = watchFloating;

/** For `../keep-alive.ts`. */
export const keepAlive: () => () => void = watchFloating;

/** For `../ticks.ts`. */
export const promptly: undefined = undefined;
/** For `../ticks.ts`. */
export function quietCalls(): void {}
