/**
 * The engine's CPU profiler, cut into short profiles. It sees on time also what no interrupt can reach: native calls.
 * Of the innermost function it knows the lines, summed over the profile (hence the cuts); of its callers only the names.
 */
import inspector from "node:inspector";
import { fromProfiler } from "./clock.ts";
import { filePath, type RawFrame } from "./stack.ts";

/** What ran at a moment. */
export interface Tick {
  readonly time: number;
  readonly place: ProfiledStack;
}

/** A stack that the profiler saw, the same object for all its ticks in a profile. */
export interface ProfiledStack {
  /** Innermost first; without lines, for `lines` has the innermost one's. Empty for idle time and the engine's own. */
  readonly frames: readonly RawFrame[];
  /** The lines of the innermost frame, and how many ticks fell on each, in the order of the lines. */
  readonly lines: readonly { readonly line: number; readonly ticks: number }[];
  /** Garbage collection and the like: it belongs to what ran before. */
  readonly engine: boolean;
}

/** Microseconds between ticks. A twentieth of the default threshold. */
const INTERVAL = 5000;

/** A title that no program uses for its own `console.profile`. */
let titles = 0;
const nextTitle = (): string => `turnwise blame ${++titles}`;

export class CpuProfiler {
  readonly #session = new inspector.Session();
  readonly #console = inspector.console as unknown as Pick<Console, "profile" | "profileEnd">;
  #title = nextTitle();
  #finished: inspector.Profiler.Profile | null = null;

  /** @throws Error where profiling isn't permitted. */
  constructor() {
    this.#session.connect();
    this.#session.on("Profiler.consoleProfileFinished", ({ params }) => {
      if (params.title === this.#title) this.#finished = params.profile;
    });
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval: INTERVAL });
    this.#console.profile(this.#title);
  }

  /**
   * What was profiled since the last cut. The next profile begins before this one ends: with none the engine would
   * leave profiling, and to enter it anew takes it 20 ms; so a cut takes 0.2 ms.
   */
  cut(): Tick[] {
    const next = nextTitle();
    this.#console.profile(next);
    const ticks = this.#end();
    this.#title = next;
    return ticks;
  }

  stop(): Tick[] {
    const ticks = this.#end();
    this.#session.disconnect();
    return ticks;
  }

  #end(): Tick[] {
    this.#finished = null;
    this.#console.profileEnd(this.#title);
    const profile = this.#finished as inspector.Profiler.Profile | null;
    return profile === null ? [] : readProfile(profile);
  }
}

function readProfile(profile: inspector.Profiler.Profile): Tick[] {
  const stacks = new Map<number, ProfiledStack>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node.id);

  const stackOf = (id: number): ProfiledStack => {
    let stack = stacks.get(id);
    if (stack === undefined) {
      const leaf = nodes.get(id)!;
      const frames: RawFrame[] = [];
      for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
        const frame = rawFrame(nodes.get(at)!.callFrame);
        if (frame !== null) frames.push(frame);
      }
      const lines = new Map<number, number>();
      for (const { line, ticks } of leaf.positionTicks ?? []) lines.set(line, (lines.get(line) ?? 0) + ticks);
      stack = {
        frames,
        lines: [...lines].map(([line, ticks]) => ({ line, ticks })).sort((a, b) => a.line - b.line),
        engine: frames.length === 0,
      };
      stacks.set(id, stack);
    }
    return stack;
  };

  const ticks: Tick[] = [];
  let time = profile.startTime;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    time += profile.timeDeltas?.[i] ?? 0;
    ticks.push({ time: fromProfiler(time), place: stackOf(id) });
  }
  return ticks;
}

/** Null for what isn't a function: the root, "(idle)", "(program)", "(garbage collector)". */
function rawFrame(frame: inspector.Runtime.CallFrame): RawFrame | null {
  if (frame.url === "" && /^\((root|idle|program|garbage collector)\)$/.test(frame.functionName)) return null;
  const fn = frame.functionName === "(anonymous)" ? "" : frame.functionName;
  return {
    name: fn,
    fn,
    file: filePath(frame.url),
    line: 0,
    column: 0,
    fnLine: frame.url === "" ? 0 : frame.lineNumber + 1,
    fnColumn: frame.url === "" ? 0 : frame.columnNumber + 1,
    awaiting: false,
  };
}
