/**
 * Who watches a loop, and the switch: the methods at which something happens are swapped for watched ones while any loop
 * is watched. So a loop that nobody watches runs the very code that it would run if this module did not exist.
 */
import type { EventLoop } from "./events.ts";
import { RuntimeError } from "./exceptions.ts";
import type { Future } from "./futures.ts";
import type { Handle } from "./handles.ts";
import type { Instrument, StepEnd } from "./instrument.ts";
import type { Seconds } from "./scheduler.ts";
import { keepShape } from "./shapes.ts";
import type { Task } from "./tasks.ts";
import { type Registry, registryOf } from "./registry.ts";
import { type Exchange, watchedMethods } from "./watched-methods.ts";

type EventName = Exclude<keyof Instrument, "turned">;
type Hears = Required<Omit<Instrument, "turned">>;
const EVENTS: readonly EventName[] = [
  "taskMade",
  "ready",
  "stepBegan",
  "stepEnded",
  "wentOn",
  "taskDone",
  "futureSettled",
  "passed",
  "opened",
  "acquired",
  "released",
  "timerSet",
  "timerFired",
  "noticeSent",
  "noticeHeard",
  "idle",
];

/** Those who watch one loop, and where the loop is in its work. */
export class Watch {
  readonly #loop: EventLoop;
  readonly #instruments = new Set<Instrument>();
  /** Whose step is in progress. */
  current: Task<unknown> | Handle | null = null;
  /** A time that still holds: between the end of a step and the beginning of the next there is no other look. */
  #time = Number.NaN;
  /** A time that holds while one thing happens, of which several events tell. */
  #held = Number.NaN;
  /** Calls all who watch. */
  to: Hears = this.#everybody();
  /** Who watches, if it is only one: what happens at each step is told without a detour. */
  #only: Instrument | null = null;
  /** The task that is pushed next gave the others a turn: that it is ready was told with the end of its step. */
  isTurning = false;

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  add(instrument: Instrument): void {
    this.#instruments.add(instrument);
    this.#changed();
  }

  /** @returns whether anybody is left. */
  remove(instrument: Instrument): boolean {
    this.#instruments.delete(instrument);
    this.#changed();
    return this.#instruments.size > 0;
  }

  now(): Seconds {
    if (!Number.isNaN(this.#time)) return this.#time;
    return Number.isNaN(this.#held) ? this.#loop.time() : this.#held;
  }

  /** The clock is not looked at again until {@link letGo}: no code of the user's runs until then. */
  hold(): Seconds {
    return (this.#held = this.now());
  }

  letGo(): void {
    this.#held = Number.NaN;
  }

  /** Whether the loop is at work: what happens now is its own doing. */
  get inside(): boolean {
    return this.current !== null || !Number.isNaN(this.#time);
  }

  /** See {@link Instrument.passed}. */
  passed(what: object): void {
    this.to.passed(what, this.now());
  }

  /** See {@link Instrument.ready}. */
  ready(subject: Task<unknown> | Handle): void {
    const only = this.#only;
    if (only === null) this.to.ready(subject, this.now(), this.inside);
    else {
      try {
        only.ready?.(subject, this.now(), this.inside);
      } catch (thrown) {
        this.#failed(only, thrown);
      }
    }
  }

  begin(subject: Task<unknown> | Handle): void {
    const time = this.now();
    // The one before went on to wait for something that nobody saw.
    if (this.current !== null) this.to.stepEnded(this.current, time, "foreign", null);
    this.#time = Number.NaN;
    this.current = subject;
    const only = this.#only;
    if (only === null) this.to.stepBegan(subject, time);
    else {
      try {
        only.stepBegan?.(subject, time);
      } catch (thrown) {
        this.#failed(only, thrown);
      }
    }
  }

  end(why: StepEnd, on: Future<unknown> | null): void {
    const subject = this.current;
    if (subject === null) return;
    const time = this.#loop.time();
    this.current = null;
    this.#time = time;
    const only = this.#only;
    if (only === null) this.to.stepEnded(subject, time, why, on);
    else {
      try {
        only.stepEnded?.(subject, time, why, on);
      } catch (thrown) {
        this.#failed(only, thrown);
      }
    }
  }

  /** The step of `task` ends because it gives the others a turn: it is pushed right after this. */
  turn(task: Task<unknown>): void {
    const time = this.#loop.time();
    this.current = null;
    this.#time = time;
    const only = this.#only;
    if (only?.turned === undefined) for (const instrument of this.#instruments) this.#tellTurn(instrument, task, time);
    else {
      try {
        only.turned(task, time);
      } catch (thrown) {
        this.#failed(only, thrown);
      }
    }
    this.isTurning = true;
  }

  #tellTurn(instrument: Instrument, task: Task<unknown>, time: Seconds): void {
    try {
      if (instrument.turned !== undefined) instrument.turned(task, time);
      else {
        instrument.stepEnded?.(task, time, "turn", null);
        instrument.ready?.(task, time, true);
      }
    } catch (thrown) {
      this.#failed(instrument, thrown);
    }
  }

  /** The loop is closed. */
  over(): void {
    endWatch(this.#loop);
  }

  /** Something of Turnwise's own runs, which is no step. */
  pass(): Seconds {
    return (this.#time = this.now());
  }

  /** The loop returns to the host. */
  leave(): void {
    this.#time = Number.NaN;
  }

  #changed(): void {
    this.to = this.#everybody();
    const [first = null] = this.#instruments;
    this.#only = this.#instruments.size === 1 ? first : null;
  }

  #everybody(): Hears {
    return Object.fromEntries(EVENTS.map((event) => [event, this.#callerOf(event)])) as unknown as Hears;
  }

  /** Four arguments are as many as any event has. */
  #callerOf(event: EventName): (a?: unknown, b?: unknown, c?: unknown, d?: unknown) => void {
    const calls = [...this.#instruments].flatMap((instrument) => {
      const hear = instrument[event] as ((...args: unknown[]) => void) | undefined;
      if (hear === undefined) return [];
      return (a: unknown, b: unknown, c: unknown, d: unknown): void => {
        try {
          hear.call(instrument, a, b, c, d);
        } catch (thrown) {
          this.#failed(instrument, thrown);
        }
      };
    });
    if (calls.length === 1) return calls[0] as (typeof calls)[number];
    return (a, b, c, d) => {
      for (const call of calls) call(a, b, c, d);
    };
  }

  /** Errors of an instrument must not get into the loop: it is taken away, and the exception handler hears why. */
  #failed(instrument: Instrument, exception: unknown): void {
    removeInstrument(this.#loop, instrument);
    this.#loop._report({ message: "An instrument failed, and hears no more", exception });
  }
}

keepShape((loop) => new Watch(loop));

/** The loops that are watched, of one copy of Turnwise. */
interface Watched {
  readonly loops: Set<EventLoop>;
  readonly exchanges: readonly Exchange[];
}
const copies = new WeakMap<Registry, Watched>();

/**
 * Lets `instrument` hear what `loop` does from now on, until the loop is closed (trio has the idea; asyncio has nothing
 * like it). A loop that nobody watches does not pay for it. Adding it twice does nothing.
 */
export function addInstrument(loop: EventLoop, instrument: Instrument): void {
  if (loop._watch === null) {
    if (loop.isClosed()) throw new RuntimeError("Event loop is closed");
    const registry = registryOf(loop);
    let copy = copies.get(registry);
    if (copy === undefined) copies.set(registry, (copy = { loops: new Set(), exchanges: watchedMethods(registry) }));
    if (copy.loops.size === 0) swap(copy.exchanges);
    copy.loops.add(loop);
    loop._watch = new Watch(loop);
  }
  loop._watch.add(instrument);
}

/** The instrument hears no more. */
export function removeInstrument(loop: EventLoop, instrument: Instrument): void {
  if (loop._watch?.remove(instrument) === false) endWatch(loop);
}

function endWatch(loop: EventLoop): void {
  loop._watch = null;
  const copy = copies.get(registryOf(loop));
  if (copy?.loops.delete(loop) === true && copy.loops.size === 0) swap(copy.exchanges);
}

/** Exchanges the runtime's methods with the others: watched for plain, or plain for watched. */
function swap(exchanges: readonly Exchange[]): void {
  for (const { owner, methods } of exchanges) {
    for (const name of Object.keys(methods)) [owner[name], methods[name]] = [methods[name], owner[name]];
  }
}
