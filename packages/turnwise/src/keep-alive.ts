/** What keeps a process alive while a loop runs. A browser needs nothing of the kind. */

interface Platform {
  readonly MessageChannel?: new () => { readonly port1: { ref?(): void; close(): void } };
}
const { MessageChannel } = globalThis as unknown as Platform;

/** @returns a function that lets the process end. */
export function keepAlive(): () => void {
  if (MessageChannel === undefined) return () => {};
  // A port that listens keeps the process alive, and costs nothing while it does: no timer.
  const { port1 } = new MessageChannel();
  port1.ref?.();
  return () => port1.close();
}
