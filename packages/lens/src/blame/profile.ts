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

/** Seconds between ticks: a twentieth of the default threshold. */
export const TICK = 0.005;

/** A title that no program uses for its own `console.profile`. */
let titles = 0;
const nextTitle = (): string => `turnwise blame ${++titles}`;

export class CpuProfiler {
  readonly #session = new inspector.Session();
  readonly #console = inspector.console as unknown as Pick<Console, "profile" | "profileEnd">;
  #title = nextTitle();
  #finished: Profile | null = null;

  /** @throws Error where profiling isn't permitted, or would disturb Node's own. */
  constructor() {
    if (nodeProfiles()) throw new Error("Node writes profiles itself");
    this.#session.connect();
    this.#session.on("Profiler.consoleProfileFinished", ({ params }) => {
      if (params.title === this.#title) this.#finished = params.profile;
    });
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.setSamplingInterval", { interval: TICK * 1e6 });
    this.#console.profile(this.#title);
  }

  /**
   * What was profiled since the last cut. The next profile begins before this one ends: with none the engine would
   * leave profiling, and to enter it anew takes it 20 ms; so a cut takes 0.2 ms.
   */
  cut(): Profile | null {
    const next = nextTitle();
    this.#console.profile(next);
    const profile = this.#end();
    this.#title = next;
    return profile;
  }

  stop(): void {
    this.#end();
    this.#session.disconnect();
  }

  #end(): Profile | null {
    this.#finished = null;
    this.#console.profileEnd(this.#title);
    return this.#finished;
  }
}

/** All listeners of the inspector hear of named profiles, and Node's own complain about each on stderr. */
function nodeProfiles(): boolean {
  const { execArgv, env } = process;
  const flags = [...execArgv, env["NODE_OPTIONS"] ?? ""].join(" ");
  return env["NODE_V8_COVERAGE"] !== undefined || /--(cpu-prof|experimental-test-coverage)/.test(flags);
}

/** A profile as the engine gives it. To read it takes longer than to get it, and most are never needed. */
export type Profile = inspector.Profiler.Profile;

/** The ticks of a profile, in order. */
export function readProfile(profile: Profile): Tick[] {
  const stacks = new Map<number, ProfiledStack>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map<number, number>();
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node.id);

  const frames = new Map(profile.nodes.map((node) => [node.id, rawFrame(node.callFrame)]));
  const stackOf = (id: number): ProfiledStack => {
    let stack = stacks.get(id);
    if (stack === undefined) {
      const leaf = nodes.get(id)!;
      const callers: RawFrame[] = [];
      for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
        const frame = frames.get(at);
        if (frame) callers.push(frame);
      }
      const lines = new Map<number, number>();
      for (const { line, ticks } of leaf.positionTicks ?? []) lines.set(line, (lines.get(line) ?? 0) + ticks);
      stack = {
        frames: callers,
        lines: [...lines].map(([line, ticks]) => ({ line, ticks })).sort((a, b) => a.line - b.line),
        engine: callers.length === 0,
      };
      stacks.set(id, stack);
    }
    return stack;
  };

  const ticks: Tick[] = [];
  let time = profile.startTime;
  for (const [i, id] of (profile.samples ?? []).entries()) {
    time += profile.timeDeltas?.[i] ?? 0;
    const tick = { time: fromProfiler(time), place: stackOf(id) };
    // Of many in the same place, the first and the last tell it all.
    if (ticks.at(-1)?.place === tick.place && ticks.at(-2)?.place === tick.place) ticks.pop();
    ticks.push(tick);
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
