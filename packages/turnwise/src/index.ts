/** Turnwise: asyncio for TypeScript. `import * as asyncio from "turnwise"`. */
export { Barrier } from "./barriers.ts";
export { Context, ContextVar, copyContext, Token } from "./contextvars.ts";
export { allTasks, type AwaitableLike, type Coro, createTask, ensureFuture, type ResultOf } from "./coroutines.ts";
export { EventLoop, type EventLoopOptions, newEventLoop } from "./events.ts";
export type { Seconds } from "./scheduler.ts";
export type { ExceptionContext, ExceptionHandler } from "./exception-handler.ts";
export {
  BrokenBarrierError,
  CancelledError,
  type ErrorClass,
  type ErrorCondition,
  ExceptionGroup,
  InvalidStateError,
  KeyboardInterrupt,
  LookupError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  TimeoutError,
} from "./exceptions.ts";
export { Future, isFuture } from "./futures.ts";
export { gather, type GatherOptions, type Results, type ResultsOrErrors } from "./gather.ts";
export {
  type CallGraphOptions,
  captureCallGraph,
  formatCallGraph,
  type FrameCallGraphEntry,
  type FutureCallGraph,
  printCallGraph,
} from "./graph.ts";
export { type CallbackOptions, Handle, TimerHandle } from "./handles.ts";
export type { Host, IdleState } from "./host.ts";
export { interruptible } from "./interruptible.ts";
export { Condition, Event, Lock } from "./locks.ts";
export { map } from "./map.ts";
export { type Compare, PriorityQueue } from "./priority-queue.ts";
export { LifoQueue, Queue } from "./queues.ts";
export { currentTask, getRunningLoop } from "./running.ts";
export { run, Runner, type RunnerOptions, type RunOptions } from "./runners.ts";
export { BoundedSemaphore, Semaphore } from "./semaphores.ts";
export { shield } from "./shield.ts";
export { sleep } from "./sleep.ts";
export { TaskGroup, taskGroup, type TaskGroupOptions } from "./taskgroups.ts";
export { createEagerTaskFactory, eagerTaskFactory, type TaskFactory } from "./task-factories.ts";
export { Task, type TaskOptions } from "./tasks.ts";
export { type ScopeOptions, Timeout, timeout, timeoutAt } from "./timeouts.ts";
export {
  ALL_COMPLETED,
  asCompleted,
  type DoneFuture,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  type ReturnWhen,
  wait,
  waitFor,
  type WaitOptions,
} from "./wait.ts";
