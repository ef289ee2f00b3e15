/** Puts the whole program under virtual time. */
import { Activity } from "./activity.ts";
import { replaceAsyncWait } from "./async-wait.ts";
import { replaceBlockingWait } from "./blocking-wait.ts";
import { VirtualClock } from "./clock.ts";
import { LoopHost, type RunningLoops } from "./loop-host.ts";
import { replaceClocks } from "./node-clocks.ts";
import { replaceTimers } from "./node-timers.ts";
import { Timekeeper } from "./timekeeper.ts";
import { VirtualTimers } from "./timers.ts";

/** Where every copy of Turnwise looks for what makes its hosts. */
const HOOKS: unique symbol = Symbol.for("turnwise.hooks") as never;

/** Every clock and every timer of this thread follows one clock from now on. */
export function installVirtualTime(): void {
  const clock = new VirtualClock();
  const timers = new VirtualTimers(clock);
  const activity = new Activity();
  const loops: RunningLoops = { count: 0, foreign: 0, idles: 0 };
  new Timekeeper(clock, timers, activity, loops);
  const hooks = ((globalThis as { [HOOKS]?: object })[HOOKS] ??= {});
  Object.assign(hooks, { host: () => new LoopHost(clock, timers, loops) });
  replaceClocks(clock);
  replaceTimers(timers);
  replaceBlockingWait(clock, activity);
  replaceAsyncWait(timers);
}
