/**
 * `look`: what the loops of this process hold now. It is also sent to other processes as its own source text, so it
 * uses nothing from outside itself; and it calls no code of the user's.
 */
import type { Snapshot, SnapshotTask, TaskState } from "./snapshot.ts";

/** What it reads of a registry: see `registry.ts` in Turnwise. */
interface Registry {
  readonly version: number;
  readonly loops: readonly Loop[];
  readonly originOf: (thing: object) => string | undefined;
  readonly suspensionOf: (task: object) => string | undefined;
  readonly currentTask?: () => object | null;
}
interface Loop {
  readonly _holder: object | null;
  readonly _clock: number;
  allTasks(): Iterable<Awaitable>;
  getDebug(): boolean;
  time(): number;
}
/** A future or a task. */
interface Awaitable {
  readonly _state: number;
  readonly _id?: number;
  readonly _fn?: unknown;
  readonly _since?: number;
  readonly _when?: number;
  readonly _what?: object;
  /** It happens on another machine, and can say where. */
  readonly _isAway?: boolean;
  readonly _extra?: { readonly name?: string; readonly foreign: boolean; readonly cancelRequests: number } | null;
  readonly _awaits?: () => (Awaitable | null)[];
  _purpose(): string;
  _blockers(): readonly Awaitable[];
}

/**
 * The tasks that are not done. Nothing is changed by looking.
 * @param limit - at most so many tasks are described, and at most ten times as many waits of one for another.
 */
export function look(limit = 20_000): Snapshot {
  type Mutable<T> = { -readonly [K in keyof T]: T[K] };
  type Entry = Mutable<SnapshotTask> & { awaitedBy: number[] };
  interface Waits {
    readonly ids: number[];
    /** Something that is no task could end the wait, or be part of it. */
    readonly other: boolean;
    /** What of that can say more of itself than the wait does: calls on other machines. */
    readonly away: readonly Awaitable[];
  }

  const platform = globalThis as {
    process?: { pid?: unknown; version?: unknown; argv?: unknown };
    Event?: new (type: string) => { timeStamp: number };
  };
  const short = (value: unknown): string => {
    if (typeof value !== "string") return "";
    return value.length > 300 ? `${value.slice(0, 300)}...` : value;
  };
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      return otherwise;
    }
  };

  // The time stamp of an event is real even where `performance.now` was replaced: under virtual time, or in tests.
  const now = attempt(() => new (platform.Event as new (type: string) => { timeStamp: number })("").timeStamp, NaN);
  const elapsed = (since: unknown): number => {
    const ms = (Number.isNaN(now) ? performance.now() : now) - (since as number);
    return ms > 0 ? Math.round(ms) / 1000 : 0;
  };

  /** The frames beneath this function, innermost first, without calling a `prepareStackTrace` of the user's. */
  const frames = attempt(() => {
    const errors = Error as unknown as { prepareStackTrace?: unknown; stackTraceLimit?: unknown };
    const own = Object.getOwnPropertyDescriptors(errors);
    const { prepareStackTrace: prepared, stackTraceLimit: depth } = own;
    if (depth === undefined || depth.set !== undefined || prepared?.set !== undefined) return [];
    const holder: { stack?: unknown } = {};
    try {
      if (prepared !== undefined) errors.prepareStackTrace = undefined;
      errors.stackTraceLimit = 30;
      Error.captureStackTrace(holder, look);
      return typeof holder.stack === "string" ? holder.stack.split("\n").slice(1) : [];
    } finally {
      errors.stackTraceLimit = depth.value;
      if (prepared !== undefined) errors.prepareStackTrace = prepared.value;
    }
  }, []);
  const siteOf = (line: string): string => /(?:\(|at (?:async )?)([^()]+:\d+):\d+\)?$/.exec(line)?.[1] ?? "";
  // The source text that was sent has no file; and how Node came to call it matters to nobody.
  const placed = frames.filter((line) => siteOf(line) !== "" && !/<anonymous>:|node:/.test(line));
  const place = placed.find((line) => !line.includes("node_modules")) ?? placed[0] ?? "";
  const firstSite = (stack: string | undefined): string | null => siteOf((stack ?? "").split("\n")[0] ?? "") || null;

  /** Each copy of Turnwise counts its tasks for itself. */
  let copy = 0;
  const idOf = ({ _id: id }: Awaitable): number => (id as number) + Math.sign(id as number) * copy * 1e9;

  /** What must be done before `future` can be, down to tasks: a gather, a lock's holder, a group. */
  const found = new Map<Awaitable, Waits>();
  let looksLeft = limit * 20;
  let onTasksLeftOut = 0;
  const tasksBehind = (future: Awaitable): Waits => {
    if (typeof future._id === "number") return { ids: [idOf(future)], other: false, away: [] };
    const known = found.get(future);
    if (known !== undefined) return known;
    const ids: number[] = [];
    let other = false;
    const away: Awaitable[] = [];
    const seen = new Set<Awaitable>([future]);
    // A set that is gone through while it grows.
    for (const each of seen) {
      if (each._state !== 0) continue;
      if (typeof each._id === "number") ids.push(idOf(each));
      else {
        const blockers = looksLeft > 0 ? each._blockers() : [];
        looksLeft -= blockers.length + 1;
        if (looksLeft <= 0) onTasksLeftOut++;
        if (blockers.length === 0) {
          other = true;
          if (each !== future && each._isAway === true) away.push(each);
        }
        for (const blocker of blockers) seen.add(blocker);
      }
    }
    const waits = { ids, other, away };
    found.set(future, waits);
    return waits;
  };

  const registries = (globalThis as { [key: symbol]: unknown })[Symbol.for("turnwise")];
  const known = Array.isArray(registries) ? (registries as Registry[]).filter(({ version }) => version === 1) : [];
  const loops: Mutable<Snapshot["loops"][number]>[] = [];
  const tasks: Entry[] = [];
  const byId = new Map<number, Entry>();
  let tasksLeftOut = 0;
  let onTasksLeft = limit * 10;

  const nameOf = (task: Awaitable): string => short(task._extra?.name) || `Task-${String(task._id)}`;
  const functionOf = (fn: unknown): string =>
    short(typeof fn === "string" ? fn : Object.getOwnPropertyDescriptor(Object(fn), "name")?.value);
  /** A lock's or queue's own words, even if it is of a class of the user's that has others. */
  const wordsOf = new Map<object, string>();
  const purposeOf = (future: Awaitable): string => {
    if (future._what === undefined) return future._purpose();
    const known = wordsOf.get(future._what);
    if (known !== undefined) return known;
    let inOurWords = (): string => "a future";
    let prototype: object | null = Object.getPrototypeOf(future._what);
    for (; prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
      const own: unknown = Object.getOwnPropertyDescriptor(prototype, "toString")?.value;
      if (typeof own === "function") inOurWords = own as () => string;
    }
    const words = short(inOurWords.call(future._what));
    wordsOf.set(future._what, words);
    return words;
  };
  const inWords = (future: Awaitable, time: number): string => {
    if (typeof future._id === "number") return `the task ${nameOf(future)}`;
    if (typeof future._when === "number") {
      const left = future._when - time;
      if (left === Infinity) return "a sleep without end";
      return left >= 0
        ? `a sleep, ${left.toFixed(1)} s left`
        : `a sleep that should have ended ${(-left).toFixed(1)} s ago`;
    }
    return short(attempt(() => purposeOf(future), "something that fails to say what it is"));
  };

  const describe = (task: Awaitable, loop: Loop, time: number, registry: Registry, current: object | null): Entry => {
    const entry: Entry = {
      id: idOf(task),
      loop: loops.length,
      name: `Task-${String(task._id)}`,
      coro: "",
      state: "waiting",
      on: "",
      onTasks: [],
      needs: "other",
      awaitedBy: [],
      since: 0,
      madeAt: null,
      at: null,
      cancelling: 0,
    };
    try {
      entry.name = nameOf(task);
      entry.coro = functionOf(task._fn);
      entry.since = elapsed(task._since);
      entry.cancelling = task._extra?.cancelRequests ?? 0;
      entry.madeAt = firstSite(registry.originOf(task));
      const awaits = task._awaits?.() ?? [];
      // After a promise that is not Turnwise's a task runs without being the holder.
      const holds = loop._holder === null ? current === task && awaits.length === 0 : loop._holder === task;
      // A holder whose code is not on the stack is between two promises, and the loop has had no turn yet.
      if (holds) {
        entry.state = "running";
        entry.since = elapsed(loop._clock);
        entry.at = siteOf(place) || null;
      } else if (typeof task._fn !== "string") entry.state = "not begun";
      else if (task._extra?.foreign === true) {
        entry.state = "foreign";
        entry.on = "a promise that is not Turnwise's";
      } else if (awaits.length === 0 || awaits.some((future) => future === null || future._state !== 0)) {
        entry.state = "ready";
        entry.at = firstSite(registry.suspensionOf(task));
      } else {
        const futures = awaits as Awaitable[];
        entry.at = firstSite(registry.suspensionOf(task));
        const words = futures.slice(0, 3).map((future) => inWords(future, time));
        if (futures.length > 3) words.push(`${futures.length - 3} more`);
        entry.on = words.join(", and for ");
        const all = futures.map(tasksBehind);
        const away = all.flatMap((waits) => waits.away);
        if (away.length > 0) {
          const shown = away.slice(0, 3).map((future) => inWords(future, time));
          entry.on += `: ${shown.join("; ")}${away.length > 3 ? `; ${away.length - 3} more` : ""}`;
        }
        const ids = all.length === 1 ? (all[0] as Waits).ids : [...new Set(all.flatMap((waits) => waits.ids))];
        const taken = ids.length <= onTasksLeft ? ids : ids.slice(0, onTasksLeft);
        onTasksLeft -= taken.length;
        onTasksLeftOut += ids.length - taken.length;
        entry.onTasks = taken;
        // Whether a task that forked itself, or a `wait` for several, needs all of them or one can't be seen.
        const oneIsEnough = futures.length > 1 || /^\d+ futures?, of which/.test(entry.on);
        if (ids.length > 0) {
          if (!oneIsEnough) entry.needs = "all";
          else if (taken.length === ids.length && !all.some(({ other }) => other)) entry.needs = "any";
        }
      }
    } catch {
      entry.on ||= "something that could not be read";
    }
    return entry;
  };

  for (const registry of known) {
    const current = attempt(() => registry.currentTask?.() ?? null, null);
    for (const loop of registry.loops) {
      const states: Record<TaskState, number> = { running: 0, ready: 0, waiting: 0, foreign: 0, "not begun": 0 };
      const time = attempt(() => loop.time(), NaN);
      let count = 0;
      for (const task of loop.allTasks()) {
        if (task._state !== 0) continue;
        count++;
        if (tasks.length >= limit) {
          tasksLeftOut++;
          continue;
        }
        const entry = describe(task, loop, time, registry, current);
        states[entry.state]++;
        tasks.push(entry);
        byId.set(entry.id, entry);
      }
      const debug = attempt(() => loop.getDebug(), false);
      loops.push({ tasks: count, states, lastLook: elapsed(loop._clock), debug });
    }
    copy++;
  }
  for (const { id, onTasks } of tasks) for (const on of onTasks) byId.get(on)?.awaitedBy.push(id);

  const { pid, version, argv } = platform.process ?? {};
  return {
    format: "turnwise-snapshot",
    version: 1,
    process: {
      pid: typeof pid === "number" ? pid : null,
      node: typeof version === "string" ? version : null,
      argv: Array.isArray(argv) ? argv.slice(0, 50).map(short) : [],
      uptime: elapsed(0),
    },
    turnwise: known.length > 0,
    at: siteOf(place) || null,
    atFunction: /^\s*at (?:async )?(.*) \(/.exec(place)?.[1] ?? "",
    loops,
    tasks,
    leftOut: { tasks: tasksLeftOut, onTasks: onTasksLeftOut },
  };
}
