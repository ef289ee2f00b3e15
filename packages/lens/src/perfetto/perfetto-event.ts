/** The events of a Chrome/Perfetto JSON trace that this exporter writes. Times are in microseconds. */

/** What every event has. */
interface PerfettoEventBase {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A slice with a duration: on one track they nest strictly. */
export interface CompleteEvent extends PerfettoEventBase {
  readonly ph: "X";
  readonly cat: string;
  readonly dur: number;
}

/** The begin or end of an asynchronous slice: those of one `cat` and `id` nest, those of others may overlap. */
export interface AsyncEvent extends PerfettoEventBase {
  readonly ph: "b" | "e";
  readonly cat: string;
  readonly id: string;
}

/** The start or end of an arrow between two slices. */
export interface FlowEvent extends PerfettoEventBase {
  readonly ph: "s" | "f";
  readonly cat: string;
  readonly id: string;
  /** "e": the arrow ends at the slice around it, not at the next one. */
  readonly bp?: "e";
}

/** The value of a counter from here on. */
export interface CounterEvent extends PerfettoEventBase {
  readonly ph: "C";
  readonly args: Readonly<Record<string, number>>;
}

/** A moment. */
export interface InstantEvent extends PerfettoEventBase {
  readonly ph: "i";
  readonly cat: string;
  readonly s: "t" | "p" | "g";
}

/** The name or the place of a process or a thread. */
export interface MetadataEvent extends PerfettoEventBase {
  readonly ph: "M";
  readonly args: Readonly<Record<string, unknown>>;
}

export type PerfettoEvent = CompleteEvent | AsyncEvent | FlowEvent | CounterEvent | InstantEvent | MetadataEvent;

/**
 * A time of a trace in a Perfetto trace's microseconds, to the nanosecond: Perfetto reads nanoseconds, and slices that
 * touch must touch there as well.
 */
export function microseconds(nanoseconds: number): number {
  return nanoseconds / 1000;
}

/** Seconds in whole nanoseconds. */
export function nanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9);
}
