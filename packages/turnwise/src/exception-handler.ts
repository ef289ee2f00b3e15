/** Errors that nobody awaits: what the exception handler is told, and what happens without one. */
import { originOf } from "./debug.ts";
import type { EventLoop } from "./events.ts";
import type { Future } from "./futures.ts";
import type { Handle } from "./handles.ts";
import type { Task } from "./tasks.ts";

/** What an exception handler is told: asyncio's context dictionary. */
export interface ExceptionContext {
  /** What happened, in asyncio's words. */
  readonly message: string;
  /** What was thrown, if anything. */
  readonly exception?: unknown;
  readonly future?: Future<unknown>;
  readonly task?: Task<unknown>;
  readonly handle?: Handle;
  /** The connection that it is about, in `turnwise/node`. */
  readonly transport?: unknown;
  readonly protocol?: unknown;
  /** The future in words, where it is gone already. */
  readonly about?: string;
}

/** Hears of errors that nobody awaits: see `EventLoop.setExceptionHandler`. */
export type ExceptionHandler = (loop: EventLoop, context: ExceptionContext) => void;

/** Calls the handler, and survives its failure. */
export function reportException(loop: EventLoop, handler: ExceptionHandler | null, context: ExceptionContext): void {
  if (handler === null) {
    log(context);
    return;
  }
  try {
    handler(loop, context);
  } catch (thrown) {
    log({ message: "Unhandled error in exception handler", exception: thrown });
    log(context);
  }
}

/** To stderr: the message, what it is about, and the error with its stack. */
function log(context: ExceptionContext): void {
  const { message, exception, ...about } = context;
  const lines = [message];
  for (const [key, value] of Object.entries(about)) {
    const origin = typeof value === "object" && value !== null ? originOf(value) : undefined;
    if (origin !== undefined) lines.push(`${key === "handle" ? "Handle" : "Object"} created at:\n${origin}`);
    lines.push(`${key}: ${String(value)}`);
  }
  if (exception === undefined) console.error(lines.join("\n"));
  else console.error(`${lines.join("\n")}\n%O`, exception);
}
