/** One object of each hot class, kept for good. */
import { nearThen } from "#first-steps";
import type { EventLoop } from "./events.ts";

type Make = (loop: EventLoop) => unknown;

const waiting: Make[] = [];
const kept: unknown[] = [];

/**
 * Has what `make` gives kept, from the first run of a loop on. V8 forgets the hidden class of a class, and with it the
 * code that was compiled for it, when a full collection finds no object of that class: without this, the first burst of
 * tasks after a quiet time is slow.
 */
export function keepShape(make: Make): void {
  waiting.push(make);
}

/** @param idle - makes a loop that never runs, so that what is kept holds nothing of the user's. */
export function keepShapes(idle: () => EventLoop): void {
  if (waiting.length === 0) return;
  const loop = idle();
  const made = waiting.splice(0).map((make) => make(loop));
  kept.push(made);
  nearThen(made);
}
