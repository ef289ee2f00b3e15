/** The clocks of JavaScript and Node, made to follow the virtual one. */
import type { VirtualClock } from "./clock.ts";

/** Replaces `Date`, `Temporal.Now`, `performance.now`, `process.hrtime` and `process.uptime`. Each goes on from where it is. */
export function replaceClocks(clock: VirtualClock): void {
  const epoch = Date.now();
  // The clock is a sum of fractions: 1000.9999999999999 ms are 1001.
  const wallTime = (): number => epoch + Math.floor(clock.read() + 1e-6);
  replaceDate(wallTime);
  replaceTemporal(wallTime);

  const origin = performance.now();
  Object.defineProperty(performance, "now", { value: () => origin + clock.read(), configurable: true, writable: true });

  const started = process.uptime();
  process.uptime = () => started + clock.read() / 1000;
  replaceHrtime(clock);
}

function replaceDate(now: () => number): void {
  const RealDate = Date;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
}

function replaceHrtime(clock: VirtualClock): void {
  const origin = process.hrtime.bigint();
  const nanoseconds = (): bigint => origin + BigInt(Math.round(clock.read() * 1e6));
  const realHrtime = process.hrtime;
  const hrtime = (since?: [number, number]): [number, number] => {
    if (since !== undefined) realHrtime(since); // Throws what Node throws for a wrong argument.
    const time = nanoseconds();
    const seconds = Number(time / 1_000_000_000n) - (since?.[0] ?? 0);
    const rest = Number(time % 1_000_000_000n) - (since?.[1] ?? 0);
    return rest < 0 ? [seconds - 1, rest + 1e9] : [seconds, rest];
  };
  process.hrtime = Object.assign(hrtime, { bigint: nanoseconds });
}

/** The part of `Temporal` used here; Node has it from version 26. */
interface TemporalLike {
  readonly Instant: { fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: unknown): ZonedDateTimeLike } };
  readonly Now: Record<string, (zone?: unknown) => unknown>;
}
interface ZonedDateTimeLike {
  toPlainDateTime(): unknown;
  toPlainDate(): unknown;
  toPlainTime(): unknown;
}

function replaceTemporal(now: () => number): void {
  const { Temporal } = globalThis as { Temporal?: TemporalLike };
  if (Temporal === undefined) return;
  const { Instant, Now } = Temporal;
  const instant = (): ReturnType<typeof Instant.fromEpochMilliseconds> => Instant.fromEpochMilliseconds(now());
  const zoned = (zone: unknown = Now["timeZoneId"]?.()): ZonedDateTimeLike => instant().toZonedDateTimeISO(zone);
  Object.assign(Now, {
    instant,
    zonedDateTimeISO: zoned,
    plainDateTimeISO: (zone?: unknown) => zoned(zone).toPlainDateTime(),
    plainDateISO: (zone?: unknown) => zoned(zone).toPlainDate(),
    plainTimeISO: (zone?: unknown) => zoned(zone).toPlainTime(),
  });
}
