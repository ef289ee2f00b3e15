/**
 * Events as things to await: `fromEvent` for one, `eventsOf` for all that come.
 *
 * Nothing here needs Node when it runs: emitters and targets are known by their methods.
 */
import type { EventEmitter } from "node:events";
import { describe } from "../describe.ts";
import type { EventLoop } from "../events.ts";
import { CancelledError } from "../exceptions.ts";
import { Future, type State } from "../futures.ts";
import { Ring } from "../ring.ts";
import { getRunningLoop } from "../running.ts";
import { waiterFor } from "../waiter.ts";

/** What has Node's `on` and `off`: an `EventEmitter`, a stream, a server, `process`. */
export interface EmitterLike {
  on(...args: never[]): unknown;
  off(...args: never[]): unknown;
}

/** The web's `EventTarget`: an `AbortSignal`, a `WebSocket`, a `MessagePort`, an element. */
export interface EventTargetLike {
  addEventListener(...args: never[]): unknown;
  removeEventListener(...args: never[]): unknown;
}

/** An `EventTarget` whose type says what its listeners are given. */
interface EventTargetOf<E> extends EventTargetLike {
  addEventListener(name: string, listener: (event: E) => void): unknown;
}

/**
 * What an emitter's event gives, by its type, `EventEmitter<{ ready: [port: number] }>`: the event's argument; all of
 * them in an array if there are several; undefined without any. Where the type doesn't tell, unknown.
 */
export type EventValue<Events, Name extends keyof Events> = 0 extends 1 & Events
  ? unknown
  : Events[Name] extends []
    ? undefined
    : Events[Name] extends [infer Only]
      ? Only
      : Events[Name];

/**
 * A future of the next event `name`: `await fromEvent(server, "listening")`. It listens from this call on.
 *
 * Of an `EventTarget` it gives the event; of an emitter the event's argument, or all of them in an array where there
 * are several. An emitter's `error` makes it fail, unless that is the event that is awaited. When it is done, also by
 * being cancelled, no listener is left behind.
 *
 * Where the type of the emitter doesn't tell what comes, say it: `fromEvent<Buffer>(stream, "data")`.
 *
 * @throws RuntimeError if no loop runs; TypeError if `target` has no events.
 */
export function fromEvent<
  Events extends Record<keyof Events, unknown[]>,
  Name extends keyof Events & (string | symbol),
>(target: EventEmitter<Events>, name: Name): Future<EventValue<Events, Name>>;
export function fromEvent<E>(target: EventTargetOf<E>, name: string): Future<E>;
export function fromEvent<T = unknown>(target: EmitterLike | EventTargetLike, name: string | symbol): Future<T>;
export function fromEvent(target: EmitterLike | EventTargetLike, name: string | symbol): Future<unknown> {
  return new NextEvent(getRunningLoop(), target, name);
}

/**
 * All events `name` from this call on, to iterate over: `for await (const socket of eventsOf(server, "connection"))`.
 * Each is what {@link fromEvent} gives. Those that come while nobody waits are kept, however many they are.
 *
 * It ends, and listens no more, when the iteration is left, when an emitter's `error` makes it fail (after the events
 * that came before), and when the task that waits for an event is cancelled. If it is never iterated over, call
 * `return()`, or make it with `await using`.
 *
 * @throws RuntimeError if no loop runs; TypeError if `target` has no events.
 */
export function eventsOf<Events extends Record<keyof Events, unknown[]>, Name extends keyof Events & (string | symbol)>(
  target: EventEmitter<Events>,
  name: Name,
): EventStream<EventValue<Events, Name>>;
export function eventsOf<E>(target: EventTargetOf<E>, name: string): EventStream<E>;
export function eventsOf<T = unknown>(target: EmitterLike | EventTargetLike, name: string | symbol): EventStream<T>;
export function eventsOf(target: EmitterLike | EventTargetLike, name: string | symbol): EventStream<unknown> {
  return new EventStream(getRunningLoop(), target, name);
}

class NextEvent extends Future<unknown> {
  readonly #what: string;
  readonly #ignore: () => void;

  constructor(loop: EventLoop, target: EmitterLike | EventTargetLike, name: string | symbol) {
    super(loop);
    this.#what = inWords(target, name);
    this.#ignore = listen(
      target,
      name,
      (value) => this.setResult(value),
      (error) => this.setException(error),
    );
  }

  override _settle(state: State, value: unknown): void {
    super._settle(state, value);
    this.#ignore();
  }

  override _purpose(): string {
    return this.#what;
  }
}

/** What {@link eventsOf} gives. */
export class EventStream<T> implements AsyncIterableIterator<T, undefined>, AsyncDisposable {
  readonly #loop: EventLoop;
  readonly #what: string;
  readonly #ignore: () => void;
  readonly #events = new Ring<T>();
  /** Those who wait for the next event, in order. Who was cancelled may still be there. */
  readonly #waiting = new Ring<Future<void>>();
  #ended = false;
  #error: { readonly thrown: unknown } | null = null;

  /** @internal */
  constructor(loop: EventLoop, target: EmitterLike | EventTargetLike, name: string | symbol) {
    this.#loop = loop;
    this.#what = inWords(target, name);
    this.#ignore = listen(
      target,
      name,
      (value) => {
        this.#events.push(value as T);
        this.#wakeOne();
      },
      (thrown) => {
        this.#error = { thrown };
        this.#end();
      },
    );
  }

  /** The next event. Cancelled while it waits, it ends the stream. */
  async next(): Promise<IteratorResult<T, undefined>> {
    while (this.#events.size === 0) {
      if (this.#ended) return this.#rest();
      const waiter = waiterFor(this.#what, this.#loop);
      this.#waiting.push(waiter);
      try {
        await waiter;
      } catch (thrown) {
        if (thrown instanceof CancelledError) this.#end();
        throw thrown;
      }
    }
    return { done: false, value: this.#events.shift() };
  }

  /** Ends it: `break` does so. Events that nobody has taken are dropped. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#end();
    this.#events.clear();
    this.#error = null;
    return { done: true, value: undefined };
  }

  /** {@link return}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The error is thrown once. */
  #rest(): IteratorReturnResult<undefined> {
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error.thrown;
    return { done: true, value: undefined };
  }

  #end(): void {
    this.#ended = true;
    this.#ignore();
    while (this.#waiting.size > 0) this.#wakeOne();
  }

  #wakeOne(): void {
    while (this.#waiting.size > 0) {
      const waiter = this.#waiting.shift();
      if (waiter.done()) continue;
      waiter.setResult();
      return;
    }
  }
}

/** Listens for an event, and for an emitter's errors. @returns a function that stops listening. */
function listen(
  target: EmitterLike | EventTargetLike,
  name: string | symbol,
  give: (value: unknown) => void,
  fail: (error: unknown) => void,
): () => void {
  const { addEventListener, on } = (target ?? {}) as Partial<AnyTarget & AnyEmitter>;
  if (typeof addEventListener === "function") {
    const eventTarget = target as unknown as AnyTarget;
    eventTarget.addEventListener(name, give);
    return () => eventTarget.removeEventListener(name, give);
  }
  if (typeof on !== "function") {
    throw new TypeError(`an EventEmitter or an EventTarget was expected, got ${describe(target)}`);
  }
  const emitter = target as unknown as AnyEmitter;
  const onEvent = (...args: unknown[]): void => give(args.length > 1 ? args : args[0]);
  emitter.on(name, onEvent);
  if (name === "error") return () => emitter.off(name, onEvent);
  emitter.on("error", fail);
  return () => {
    emitter.off(name, onEvent);
    emitter.off("error", fail);
  };
}

type Listener = (...args: unknown[]) => void;

interface AnyEmitter {
  on(name: string | symbol, listener: Listener): void;
  off(name: string | symbol, listener: Listener): void;
}

interface AnyTarget {
  addEventListener(name: string | symbol, listener: Listener): void;
  removeEventListener(name: string | symbol, listener: Listener): void;
}

function inWords(target: unknown, name: string | symbol): string {
  return `the event ${typeof name === "symbol" ? String(name) : JSON.stringify(name)} of ${describe(target)}`;
}
