/** One object of each hot class, kept for good. */
import { EventLoop } from "./events.ts";
import { SystemHost } from "./host.ts";

const kept: unknown[] = [];
/** A loop that never runs, so that what is kept holds nothing of the user's. */
let idle: EventLoop | null = null;

/**
 * Keeps what `make` gives. V8 forgets the hidden class of a class, and with it the code that was compiled for it, when
 * a full collection finds no object of that class: without this, the first burst of tasks after a quiet time is slow.
 */
export function keepShape(make: (loop: EventLoop) => unknown): void {
  idle ??= new EventLoop({ host: new SystemHost(), debug: false });
  kept.push(make(idle));
}
