/** The real clock of browsers. A bundle for them has this in place of `../clock.ts`. */
const { performance } = globalThis as unknown as { readonly performance: { now(): number } };
const milliseconds = performance.now.bind(performance);

/** The real time in seconds, never going back. */
export function systemTime(): number {
  return milliseconds() / 1000;
}
